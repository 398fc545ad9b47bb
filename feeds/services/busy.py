"""Busy times from a person's other calendar: brought in, kept in step, taken out again."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from audit.services import record
from bookings import availability
from bookings.models import Booking
from bookings.services import records, team
from feeds import policies, reading
from feeds.models import BusyCalendar
from feeds.services.links import NotYours
from tenants.errors import DomainError

MOST_CALENDARS = 10
#: Read at least so far ahead, and always further than anybody can book.
AHEAD, BEYOND = 400, 31


class NotRead(DomainError):
    """The calendar could not be read; the sentence says why."""

    code = "calendar_not_read"
    status = 422


class TooManyCalendars(DomainError):
    code = "limit_reached"
    status = 409
    message = f"A person may have {MOST_CALENDARS} other calendars. Remove one first."


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading changed: blocks that came and went, and events nobody could understand."""

    added: int
    removed: int
    odd: int


def add_file(*, business, membership, by, team_member, name, data, now):
    """Block a person's time by an iCalendar file: (BusyCalendar, Read). Visits in it stay.

    Raises NotYours, TooManyCalendars, NotRead, records.Refused; nothing is written then.
    """
    _check_may(membership, team_member)
    busy, until = _busy_in(business, data, now)
    with transaction.atomic():
        calendar = _new(membership, team_member, name, now)
        done = _keep(calendar, busy, until, by=by, now=now)
        after = {"whose": str(team_member), "busy_times": done.added, "read_until": until.isoformat()}
        record(actor=by, action="busy_calendar.added", subject=calendar, at=now, after=after)
    return calendar, done


def replace_file(*, business, membership, by, calendar, data, now):
    """A newer file of the same calendar takes the place of what was read from it before: a Read.

    Raises NotYours, NotRead, records.Gone; then everything stays as it was.
    """
    _check_may(membership, calendar.team_member)
    busy, until = _busy_in(business, data, now)
    with transaction.atomic():
        records.lock()
        calendar = records.fresh(calendar, url="")
        done = _keep(calendar, busy, until, by=by, now=now)
        _note_read(calendar, done, by, now)
    return done


@transaction.atomic
def remove_calendar(*, membership, by, calendar, now):
    """The person can be booked again at the times that came from it. Raises NotYours, records.Gone."""
    _check_may(membership, calendar.team_member)
    records.lock()
    calendar = records.fresh(calendar)
    removed = team.remove_read_blocks(source_id=calendar.pk)
    record(
        actor=by,
        action="busy_calendar.removed",
        subject=calendar,
        at=now,
        before={"whose": str(calendar.team_member), "busy_times": removed},
    )
    calendar.delete()


def _check_may(membership, team_member):
    if not policies.may_bring(membership, team_member):
        raise NotYours


def _new(membership, team_member, name, now, **fields):
    records.lock()
    team_member = records.fresh(team_member)
    if team_member.busy_calendars.count() >= MOST_CALENDARS:
        raise TooManyCalendars
    calendar = BusyCalendar(
        team_member=team_member, name=name.strip(), made_by_id=membership.user_id, created_at=now, **fields
    )
    records.check(calendar)
    calendar.save(force_insert=True)
    return calendar


def _busy_in(business, data, now):
    """(reading.Busy, the local date it was read until). Raises NotRead."""
    today = now.astimezone(business.zone).date()
    until = today + timedelta(days=max(AHEAD, business.horizon_days + BEYOND))
    try:
        found = reading.calendar_of(data)
        busy = reading.busy_times(found, zone=business.zone, first=today, last=until, without=_ours(found))
    except reading.NoCalendar as exc:
        raise NotRead(str(exc)) from exc
    return busy, until


def _ours(found):
    """UIDs of this salon's own visits: they take their time already, and an old copy of one must not take another."""
    mark = f"@{settings.PLATFORM_DOMAIN}"
    named = {uid: _uuid(uid.removesuffix(mark)) for uid in reading.uids_of(found) if uid.endswith(mark)}
    known = set(Booking.objects.filter(pk__in=[pk for pk in named.values() if pk]).values_list("pk", flat=True))
    return frozenset(uid for uid, pk in named.items() if pk in known)


def _uuid(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _keep(calendar, busy, until, *, by, now):
    """Write what was read. The caller owns the transaction. Raises NotRead where it is too much."""
    spans = [(availability.instant(start), availability.instant(end)) for start, end in busy.spans]
    try:
        added, removed = team.replace_read_blocks(
            member=calendar.team_member, source_id=calendar.pk, spans=spans, reason=f"Busy: {calendar.name}", by=by
        )
    except team.TooMuch as exc:
        raise NotRead(str(exc)) from exc
    calendar.read_at, calendar.read_until, calendar.odd = now, until, busy.odd
    calendar.failures, calendar.last_error = 0, ""
    calendar.save(update_fields=["read_at", "read_until", "odd", "failures", "last_error"])
    return Read(added, removed, busy.odd)


def _note_read(calendar, done, by, now):
    if done.added or done.removed:
        after = {"added": done.added, "removed": done.removed}
        record(actor=by, action="busy_calendar.read", subject=calendar, at=now, after=after)
