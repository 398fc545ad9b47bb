"""The salon moves to another time zone, or had a wrong one: coming visits keep their wall time, or their instant."""

import zoneinfo
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction
from django.db.models import Q

from audit import services as audit
from bookings import availability, mail, signals, terms, words
from bookings.models import Booking, BookingItem, GroupSession, Occupancy, Resource, Status, TeamMember, TimeBlock
from bookings.models.bookings import OPEN
from bookings.services import locks, reminders
from bookings.services.errors import SlotTaken
from tenants.errors import DomainError

WALLS, INSTANTS = "walls", "instants"
CHOICES = (WALLS, INSTANTS)
#: What a change of zone may write on a booking.
BOOKING = (
    "start_at",
    "end_at",
    "booking_tz",
    "local_date",
    "local_time",
    "consent",
    "sequence",
    "moved_from",
    "updated_at",
)


class VisitsClash(DomainError):
    code = "visits_clash"
    status = 409


class DiaryBusy(DomainError):
    code = "diary_busy"
    status = 409
    message = "Somebody is booking at this moment, so nothing was changed. Please save again."


@dataclass(frozen=True, slots=True)
class Coming:
    """What lies ahead, locked: bookings with their items, sessions, the rows that occupy people, blocks of time."""

    bookings: list
    items: list
    sessions: list
    rows: list
    blocks: list


def count_coming(*, now):
    """How many visits are still to begin, holds and sessions without guests included."""
    empty = GroupSession.objects.filter(start_at__gt=now, items=None)
    return _coming_bookings(now).count() + empty.count()


@transaction.atomic
def change_zone(*, business, old_zone_name, keep, by, now):
    """Bring what lies ahead into `business.timezone`, the new zone of the salon.

    WALLS: visits, sessions and blocked times move to the same time on the new wall, and customers are told. INSTANTS:
    only the wall time written beside each visit changes. Raises VisitsClash or DiaryBusy; nothing is written then.
    """
    coming = _lock(now)
    before = {booking.pk: booking.start_at for booking in coming.bookings}
    if keep == WALLS:
        _move(business, coming, zoneinfo.ZoneInfo(old_zone_name))
        _check(business, coming, now)
    for booking in coming.bookings:
        _set_wall(booking, business.timezone)
    for session in coming.sessions:
        if "timezone" in session.snapshot:
            session.snapshot["timezone"] = business.timezone
    moved = [booking for booking in coming.bookings if booking.start_at != before[booking.pk]]
    for booking in moved:
        _follow(booking, before[booking.pk], now)
    _write(coming, now)
    for booking in moved:
        _tell(business, booking, before[booking.pk], by, now)
    if len(moved) < len(coming.bookings):  # “the day before, at 18:00” is another instant on another wall
        reminders.mark_stale(now=now)


def _coming_bookings(now):
    held = Q(status=Status.HOLD, hold_expires_at__gt=now)
    return Booking.objects.filter(held | Q(status__in=OPEN), start_at__gt=now)


def _lock(now):
    """Booking rows first, then everybody's and everything's advisory locks; a booking made in between is an error."""
    bookings = list(_coming_bookings(now).select_for_update(of=("self",)).order_by("pk"))
    try:
        locks.lock(
            people=TeamMember.objects.values_list("pk", flat=True),
            resources=Resource.objects.values_list("pk", flat=True),
        )
    except SlotTaken as exc:
        raise DiaryBusy from exc
    if set(_coming_bookings(now).values_list("pk", flat=True)) != {booking.pk for booking in bookings}:
        raise DiaryBusy
    items = list(BookingItem.objects.filter(booking__in=bookings))
    sessions = list(GroupSession.objects.filter(start_at__gt=now))
    rows = Occupancy.objects.filter(Q(item__in=items) | Q(session__in=sessions)).select_related("item")
    return Coming(bookings, items, sessions, list(rows), list(_own_blocks(now)))


def _own_blocks(now):
    """What was read from calendars elsewhere stays at its instants; its whole days follow with the next reading."""
    return TimeBlock.objects.filter(starts_at__gt=now, source_id=None)


# Keeping the wall time --------------------------------------------------------------------------


def _move(business, coming, old_zone):
    """Shift everything in memory. A visit keeps its length and the order of its parts; the shift is its start's."""
    zone = business.zone
    by_session = {session.pk: _shift(session.start_at, old_zone, zone) for session in coming.sessions}
    joined = {item.booking_id: item.session_id for item in coming.items if item.session_id}
    by_booking = {}
    for booking in coming.bookings:
        own = by_session.get(joined.get(booking.pk))
        by_booking[booking.pk] = _shift(booking.start_at, booking.zone, zone) if own is None else own
    for booking in coming.bookings:
        _add(booking, by_booking[booking.pk], "start_at", "end_at")
    for item in coming.items:
        _add(item, by_booking[item.booking_id], "start_at", "end_at")
    for session in coming.sessions:
        _add(session, by_session[session.pk], "start_at", "end_at")
    for row in coming.rows:
        shift = by_session[row.session_id] if row.session_id else by_booking[row.item.booking_id]
        _add(row, shift, "starts_at", "ends_at")
    for block in coming.blocks:
        _add(block, _shift(block.starts_at, old_zone, zone), "starts_at")
        _add(block, _shift(block.ends_at, old_zone, zone), "ends_at")


def _shift(at, old_zone, new_zone):
    """How far an instant moves to read the same on the new wall. What the new wall skips comes right after the gap."""
    wall = at.astimezone(old_zone)
    seconds = availability.wall_to_utc(wall.date(), wall.hour * 60 + wall.minute, new_zone, end=False)
    return availability.instant(seconds) - at.replace(second=0, microsecond=0)


def _add(row, shift, *names):
    for name in names:
        setattr(row, name, getattr(row, name) + shift)


def _check(business, coming, now):
    """Nothing may end up in the past, nor on top of another visit. Raises VisitsClash."""
    past = [booking for booking in coming.bookings if booking.start_at <= now]
    if past:
        listed = ", ".join(_named(booking, business) for booking in past)
        raise VisitsClash(f"On the new wall these visits would lie in the past: {listed}. Move them first.")
    clashes = _clashes(coming, now)
    if clashes:
        listed = ", ".join(f"{one} and {other}" for one, other in clashes)
        raise VisitsClash(f"On the new wall these visits would overlap: {listed}. Move one of each pair first.")


def _clashes(coming, now):
    """Pairs of references whose time in one lane of a person or a resource would overlap, rows that stay included."""
    staying = Occupancy.objects.filter(ends_at__gt=now).filter(Q(expires_at=None) | Q(expires_at__gt=now))
    staying = staying.exclude(pk__in=[row.pk for row in coming.rows])
    ref_of = {booking.pk: booking.ref for booking in coming.bookings}
    refs = {item.pk: ref_of[item.booking_id] for item in coming.items}
    lanes = defaultdict(list)
    for row in coming.rows:
        name = refs[row.item_id] if row.item_id else "a class"
        lanes[row.team_member_id, row.resource_id, row.lane].append((row.starts_at, row.ends_at, name))
    for row in staying.select_related("item__booking"):
        name = row.item.booking.ref if row.item_id else "a class"
        lanes[row.team_member_id, row.resource_id, row.lane].append((row.starts_at, row.ends_at, name))
    found = [
        tuple(sorted((one[2], other[2])))
        for rows in lanes.values()
        for one, other in pairwise(sorted(rows))
        if other[0] < one[1]
    ]
    return list(dict.fromkeys(found))


def _named(booking, business):
    return f"{booking.ref} ({words.when(booking.start_at.astimezone(business.zone))})"


# Writing ----------------------------------------------------------------------------------------


def _set_wall(booking, zone_name):
    booking.booking_tz = zone_name
    local = booking.local_start
    booking.local_date, booking.local_time = local.date(), local.time().replace(tzinfo=None)


def _follow(booking, old_start_at, now):
    """What depends on the instant: the cutoff for cancelling, the calendar entry. A move before this cannot be undone."""
    booking.consent = terms.moved(
        consent=booking.consent, old_start_at=old_start_at, new_start_at=booking.start_at, now=now
    )
    booking.sequence += 1
    booking.moved_from = None


def _write(coming, now):
    """Occupancy is taken out and put in again: row by row, a visit would meet the one that has not moved yet."""
    for booking in coming.bookings:
        booking.updated_at = now
    Booking.objects.bulk_update(coming.bookings, BOOKING)
    BookingItem.objects.bulk_update(coming.items, ["start_at", "end_at"])
    GroupSession.objects.bulk_update(coming.sessions, ["start_at", "end_at", "snapshot"])
    TimeBlock.objects.bulk_update(coming.blocks, ["starts_at", "ends_at"])
    Occupancy.objects.filter(Q(pk__in=[row.pk for row in coming.rows]) | Q(expires_at__lte=now)).delete()
    for row in coming.rows:
        row.pk = None
    Occupancy.objects.bulk_create(coming.rows)


def _tell(business, booking, old_start_at, by, now):
    before, after = ({"start_at": at.isoformat()} for at in (old_start_at, booking.start_at))
    audit.record(actor=by, action="booking.rescheduled", subject=booking, at=now, before=before, after=after)
    if booking.status in OPEN and booking.hold_expires_at is None:
        reminders.keep_up(booking=booking, now=now)
        signals.booking_changed.send(sender=Booking, booking=booking, what="rescheduled", at=now)
        mail.queue_moved(business=business, booking=booking, now=now)
