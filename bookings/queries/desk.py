"""Everything a calendar of the team shows for some dates: who works when, and what stands in their columns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q

from bookings import availability, diary
from bookings.availability.clock import day_span
from bookings.models import BookingItem, GroupSession, OpeningHours, SpecialOpening, Status, TeamMember, TimeBlock
from bookings.queries.visits import sessions

NEVER_MORE = (Status.EXPIRED, Status.FAILED)


class Kind(StrEnum):
    VISIT = "visit"
    HOLD = "hold"
    CLASS = "class"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Entry:
    """One box of a person's column. `id` is the booking's, the session's or the block's; a visit has one per service.

    `starts_visit_at` and `ends_visit_at` are the whole visit's. `seats` is (taken, all) for a class.
    """

    kind: Kind
    id: UUID
    person_id: UUID
    start_at: datetime
    end_at: datetime
    title: str
    detail: str = ""
    status: str = ""
    position: int = 0
    guests: int = 1
    starts_visit_at: datetime | None = None
    ends_visit_at: datetime | None = None
    waits_for_card: bool = False
    seats: tuple = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """`people` in display order, who has left only with something in these dates; `entries` in order of time."""

    people: list
    entries: list
    working: diary.Working = field(default_factory=lambda: diary.Working({}, {}))


def desk(*, business, first, last, now, person=None, canceled=False):
    """The Desk of the local dates `first` to `last`, of one TeamMember where `person` is given. Five queries.

    `canceled` brings visits that were called off, too. Holds are shown while they run; whatever has run out is gone.
    """
    low, high = (
        availability.instant(seconds)
        for seconds in (day_span(first, business.zone)[0], day_span(last, business.zone)[1])
    )
    members = [person] if person else list(TeamMember.objects.all())
    ids = [member.pk for member in members]
    entries = [
        *_parts(ids, low, high, now, canceled),
        *_classes(ids, low, high),
        *_blocks(ids, low, high),
    ]
    seen = {entry.person_id for entry in entries}
    people = [member for member in members if member.is_active or member.pk in seen]
    return Desk(
        people=people,
        entries=sorted(entries, key=lambda entry: (entry.start_at, entry.end_at)),
        working=diary.working(business=business, members=people, first=first, last=last),
    )


def is_closed(*, business, day):
    """Whether the salon is closed on its local date `day`, for once or every week, and nobody works there all the same."""
    work = diary.working(business=business, members=TeamMember.objects.filter(is_active=True), first=day, last=day)
    if any(work.spans.values()):
        return False
    return day in work.closures or not (_has_hours(day) or _has_class(day, business.zone))


def _has_hours(day):
    special = SpecialOpening.objects.filter(date=day).first()
    if special:
        return bool(special.shifts)
    opens = set(OpeningHours.objects.values_list("day_of_week", flat=True))
    return not opens or day.isoweekday() in opens


def _has_class(day, zone):
    """Classes take place whatever the hours are."""
    low, high = (availability.instant(end) for end in day_span(day, zone))
    return GroupSession.objects.filter(start_at__gte=low, start_at__lt=high).exists()


def _parts(ids, low, high, now, canceled):
    """What people do in visits. Guests of a class are counted in its session, not shown one by one."""
    never = NEVER_MORE if canceled else (*NEVER_MORE, Status.CANCELED)
    running = Q(booking__hold_expires_at=None) | Q(booking__hold_expires_at__gt=now)
    found = (
        BookingItem.objects.filter(running, team_member__in=ids, start_at__lt=high, end_at__gt=low, session=None)
        # Says how far back to look in the index: nothing occupies anybody for longer.
        .filter(start_at__gte=low - diary.LONGEST)
        .exclude(booking__status__in=never)
    )
    columns = (
        "booking_id", "team_member_id", "start_at", "end_at", "position", "snapshot__name", "booking__status",
        "booking__contact_name", "booking__attendee_count", "booking__start_at", "booking__end_at",
        "booking__hold_expires_at", "booking__service_snapshot__shared_session", "booking__for_name",
        "booking__family",
    )  # fmt: skip
    for row in found.values_list(*columns):
        (
            pk,
            person,
            start,
            end,
            position,
            name,
            status,
            contact,
            guests,
            from_at,
            until_at,
            expires_at,
            of_class,
            for_name,
            family,
        ) = row
        if of_class and status != Status.CANCELED:
            continue
        yield Entry(
            kind=Kind.HOLD if status == Status.HOLD else Kind.VISIT,
            id=pk,
            person_id=person,
            start_at=start,
            end_at=end,
            title=f"{contact}, for {for_name}" if for_name else contact or "Being booked online",
            detail=f"{name or ''} · with others" if family else name or "",
            status=status,
            position=position,
            guests=guests,
            starts_visit_at=from_at,
            ends_visit_at=until_at,
            waits_for_card=expires_at is not None,
        )


def _classes(ids, low, high):
    found = sessions(first=low - diary.LONGEST, last=high).filter(team_member__in=ids, end_at__gt=low)
    for session in found.filter(Q(scheduled=True) | Q(taken__gt=0)):
        yield Entry(
            kind=Kind.CLASS,
            id=session.pk,
            person_id=session.team_member_id,
            start_at=session.start_at,
            end_at=session.end_at,
            title=session.snapshot.get("name") or session.service.name,
            detail=f"{session.taken} of {session.taken + session.free} places taken",
            seats=(session.taken, session.taken + session.free),
        )


def _blocks(ids, low, high):
    for block in TimeBlock.objects.filter(team_member__in=ids, starts_at__lt=high, ends_at__gt=low):
        yield Entry(
            kind=Kind.BLOCK,
            id=block.pk,
            person_id=block.team_member_id,
            start_at=block.starts_at,
            end_at=block.ends_at,
            title=block.reason or "Blocked",
        )
