"""Busy times from a person's other calendar: brought in, kept in step, taken out again."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from audit.actors import SYSTEM
from audit.services import record
from bookings import availability
from bookings.models import Booking
from bookings.services import records, team
from feeds import gateway, policies, reading, sealing, tasks
from feeds.models import BusyCalendar
from feeds.services.links import NotYours
from tenants.errors import DomainError

MOST_CALENDARS, LONGEST_URL = 10, 1000
#: Read at least so far ahead, and always further than anybody can book.
AHEAD, BEYOND = 400, 31
EVERY, CLAIM = timedelta(hours=1), timedelta(minutes=3)
#: How long after the first failure, the second, and so on.
BACKOFF = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


class NotRead(DomainError):
    """The calendar could not be read; the sentence says why."""

    code = "calendar_not_read"
    status = 422


class TooManyCalendars(DomainError):
    code = "limit_reached"
    status = 409
    message = f"A person may have {MOST_CALENDARS} other calendars. Remove one first."


@dataclass(frozen=True, slots=True)
class Sealed:
    """Addresses that are sealed with the first key now, and those no key opens."""

    sealed: int
    lost: int


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
        calendar = records.fresh(calendar, sealed_url="")
        done = _keep(calendar, busy, until, by=by, now=now)
        _note_read(calendar, done, by, now)
    return done


@transaction.atomic
def remove_calendar(*, membership, by, calendar, now):
    """The person can be booked again at the times that came from it. Raises NotYours, records.Gone."""
    _check_may(membership, calendar.team_member)
    records.lock()
    calendar = records.fresh(calendar)
    removed = team.remove_read_blocks(source_id=calendar.pk, now=now)
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
            member=calendar.team_member,
            source_id=calendar.pk,
            spans=spans,
            reason=f"Busy: {calendar.name}",
            by=by,
            now=now,
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


def add_address(*, membership, by, team_member, name, url, now):
    """A calendar of a person's at an address: read in a moment, and again every hour.

    Raises NotYours, TooManyCalendars, NotRead, records.Refused; nothing is written then.
    """
    _check_may(membership, team_member)
    try:
        url = gateway.plain(url)
    except gateway.Refused as exc:
        raise NotRead(str(exc)) from exc
    if len(url) > LONGEST_URL:
        raise NotRead("The address is too long.")
    with transaction.atomic():
        records.lock()
        digests = sealing.digests(url)
        if team_member.busy_calendars.filter(url_digest__in=digests).exists():
            raise NotRead(f"{team_member} has this calendar already.")
        kept = {"sealed_url": sealing.seal(url), "url_digest": digests[0], "host": host_of(url)}
        calendar = _new(membership, team_member, name, now, **kept, due_at=now)
        after = {"whose": str(team_member), "from": calendar.host}
        record(actor=by, action="busy_calendar.added", subject=calendar, at=now, after=after)
        tasks.read.delay_on_commit(calendar_id=str(calendar.pk))
    return calendar


@transaction.atomic
def ask_again(*, membership, by, calendar, now):
    """Read a calendar at an address now, whatever was planned. Raises NotYours, records.Gone."""
    _check_may(membership, calendar.team_member)
    if not BusyCalendar.objects.filter(pk=calendar.pk).exclude(sealed_url="").update(due_at=now):
        raise records.Gone
    record(actor=by, action="busy_calendar.asked", subject=calendar, at=now)
    tasks.read.delay_on_commit(calendar_id=str(calendar.pk))


def read_address(*, business, calendar_id, clock):
    """Ask for a calendar that is due, and block what is busy in it; returns whether it was read.

    One worker at a time; nothing is locked while somebody else's server is waited for. What cannot be read leaves the blocks
    that are there, and is tried again, less and less often.
    """
    calendar = _claim(calendar_id, clock())
    if calendar is None:
        return False
    try:
        busy, until = _busy_in(business, gateway.fetch(_address_of(calendar)), clock())
        with transaction.atomic():
            records.lock()
            records.fresh(calendar, claimed_until=calendar.claimed_until)
            done = _keep(calendar, busy, until, by=SYSTEM, now=clock())
            _note_read(calendar, done, SYSTEM, clock())
            _plan(calendar, clock() + EVERY, failures=0, last_error="")
    except records.Gone:
        return False
    except (gateway.Refused, gateway.Unreachable, NotRead) as exc:
        _fail(calendar, str(exc), clock())
        return False
    return True


def _address_of(calendar):
    try:
        return sealing.opened(calendar.sealed_url)
    except sealing.Unsealable as exc:
        raise NotRead("Its address cannot be read any more. Remove the calendar and add it again.") from exc


@transaction.atomic
def _claim(calendar_id, now):
    """The calendar, if it is due and nobody else is at it."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    rows = BusyCalendar.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
    calendar = rows.select_related("team_member").filter(free, pk=calendar_id, due_at__lte=now).first()
    if calendar is not None:
        calendar.claimed_until = now + CLAIM
        calendar.save(update_fields=["claimed_until"])
    return calendar


def _fail(calendar, sentence, now):
    failures = min(calendar.failures + 1, 1000)
    later = BACKOFF[min(failures, len(BACKOFF)) - 1]
    _plan(calendar, now + later, failures=failures, last_error=sentence[:200])


def _plan(calendar, due_at, **fields):
    """Only whoever holds the claim, and only what is still there."""
    rows = BusyCalendar.objects.filter(pk=calendar.pk, claimed_until=calendar.claimed_until)
    rows.update(due_at=due_at, claimed_until=None, **fields)


def host_of(url):
    """What of an address may be said: the rest of it is a key."""
    return urlsplit(url).hostname or ""


@transaction.atomic
def seal_again():
    """Seal every address of the current salon with the first of the keys: a Sealed. What no key opens, stays."""
    sealed = lost = 0
    for calendar in BusyCalendar.objects.select_for_update(of=("self",)).exclude(sealed_url="").order_by("pk"):
        try:
            url = sealing.opened(calendar.sealed_url)
        except sealing.Unsealable:
            lost += 1
            continue
        rows = BusyCalendar.objects.filter(pk=calendar.pk)
        rows.update(sealed_url=sealing.seal(url), url_digest=sealing.digests(url)[0])
        sealed += 1
    return Sealed(sealed, lost)
