"""Coming visits that a change of settings leaves without their time. They stay as booked until the salon moves them.

Every function returns bookings in order of time, and writes nothing. Holds are left out: they end by themselves.
"""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q

from bookings import availability
from bookings.availability.clock import day_span, plan_spans
from bookings.availability.intervals import overlap
from bookings.models import (
    Booking,
    BookingItem,
    Closure,
    GroupSession,
    Occupancy,
    OpeningHours,
    SpecialDay,
    SpecialOpening,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.models.bookings import OPEN
from bookings.settings_rules import weekly

ONE_DAY = timedelta(days=1)


def in_block(*, block, now):
    """Visits whose person, or whose room, is blocked by the TimeBlock."""
    owner = {"team_member": block.team_member_id} if block.team_member_id else {"resource": block.resource_id}
    rows = Occupancy.objects.filter(**owner, starts_at__lt=block.ends_at, ends_at__gt=max(now, block.starts_at))
    return _visits(rows.values_list("pk", flat=True))


def in_read_blocks(*, source_id, now):
    """Visits whose person is busy then by another calendar of theirs (`TimeBlock.source_id`)."""
    busy = TimeBlock.objects.filter(
        source_id=source_id,
        team_member=OuterRef("team_member"),
        starts_at__lt=OuterRef("ends_at"),
        ends_at__gt=OuterRef("starts_at"),
    )
    people = TimeBlock.objects.filter(source_id=source_id).values("team_member")
    return _visits(_taken(now).filter(Exists(busy), team_member__in=people).values_list("pk", flat=True))


def of_person(*, member, now, services=None):
    """Visits with a part this person does: somebody who leaves, or who no longer performs these `services` (ids)."""
    items = BookingItem.objects.filter(team_member=member, end_at__gt=now)
    if services is not None:
        items = items.filter(service__in=services)
    return _ordered(Booking.objects.filter(items__in=items))


def on_special_day(*, business, day, now):
    """Visits that a SpecialDay leaves outside the person's hours, or on a day the salon is closed after all."""
    lost = outside_hours(business=business, members=[day.team_member_id], dates={day.date}, now=now)
    if Closure.objects.filter(start_date__lte=day.date, end_date__gte=day.date).exists():
        lost += in_closure(first=day.date, last=day.date, zone=business.zone, now=now, members=[day.team_member_id])
    return _ordered(Booking.objects.filter(pk__in=[visit.pk for visit in lost]))


def by_service(*, service, unlearned, now):
    """Visits a changed service leaves behind: with people (ids) who no longer perform it, or with more guests than it takes."""
    items = BookingItem.objects.filter(service=service, team_member__in=unlearned, end_at__gt=now)
    crowded = above_size(service=service, size=service.max_group_size, now=now)
    return _ordered(Booking.objects.filter(Q(items__in=items) | Q(pk__in=[visit.pk for visit in crowded])))


def by_person(*, member, unlearned, now):
    """Visits a changed person leaves behind: of services (ids) they no longer perform, or beyond what they take at one time.

    All of theirs, where they have left.
    """
    lost = of_person(member=member, now=now, services=unlearned if member.is_active else None)
    above = above_capacity(team_member=member, capacity=member.max_concurrent_bookings, now=now)
    return _ordered(Booking.objects.filter(pk__in=[visit.pk for visit in (*lost, *above)]))


def in_closure(*, first, last, zone, now, members=None):
    """Visits on the local dates `first` to `last`, save those of people who open anyway (D4). `members` (ids) narrows down."""
    anyway = set(
        SpecialDay.objects.filter(open_anyway=True, date__range=(first, last)).values_list("team_member_id", "date")
    )
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    closed = [(day, day_span(day, zone)) for day in dates]
    low, high = (availability.instant(seconds) for seconds in (closed[0][1][0], closed[-1][1][1]))
    rows = _taken(now).filter(team_member__isnull=False, starts_at__lt=high, ends_at__gt=low)
    if members is not None:
        rows = rows.filter(team_member__in=members)
    return _visits(
        row.pk
        for row in rows
        if any((row.team_member_id, day) not in anyway and overlap(_span(row), span) for day, span in closed)
    )


def in_breaks(*, breaks, zone, now):
    """Visits that meet one of these weekly breaks: of the break's person, or of anybody where it is the salon's."""
    people = {each.team_member_id for each in breaks}
    rows = _taken(now).filter(team_member__isnull=False)
    if None not in people:
        rows = rows.filter(team_member__in=people)
    return _visits(row.pk for row in rows if any(_meets(row, each, zone) for each in breaks))


def outside_hours(*, business, now, members=None, dates=None):
    """Visits that no longer lie within the hours of their person and the salon, breaks and closures left aside.

    `members` (ids) and `dates` (local) narrow it down; None is everybody, any time to come.
    """
    items = BookingItem.objects.filter(booking__status__in=OPEN, start_at__gt=now, session=None)
    if members is not None:
        items = items.filter(team_member__in=members)
    items = list(items)
    if dates is not None:
        items = [item for item in items if item.start_at.astimezone(business.zone).date() in dates]
    if not items:
        return []
    plans, rules = _Plans({item.team_member_id for item in items}), _rules(business)
    lost = [item.pk for item in items if not _within(item, plans.person(item), rules)]
    return _ordered(Booking.objects.filter(items__in=lost))


def above_size(*, service, size, now):
    """Visits of the service with more guests than `size`, or in a session of it with more seats taken."""
    parties = Q(items__service=service, items__session=None, attendee_count__gt=size)
    full = GroupSession.objects.filter(service=service, end_at__gt=now)
    full = full.annotate(guests=Count("seats", filter=Q(seats__item__isnull=False))).filter(guests__gt=size)
    return _ordered(Booking.objects.filter(parties | Q(items__session__in=full), end_at__gt=now))


def above_capacity(*, capacity, now, team_member=None, resource=None):
    """Visits in a lane beyond `capacity` of a person or a resource."""
    owner = {"team_member": team_member} if team_member else {"resource": resource}
    return _visits(_taken(now).filter(**owner, lane__gte=capacity).values_list("pk", flat=True))


def _taken(now):
    return Occupancy.objects.filter(ends_at__gt=now)


def _visits(row_ids):
    """The bookings behind rows of occupancy: their own, or their session's."""
    ids = list(row_ids)
    return _ordered(Booking.objects.filter(Q(items__occupancy__in=ids) | Q(items__session__occupancy__in=ids)))


def _ordered(bookings):
    found = bookings.filter(status__in=OPEN).values("pk")
    return list(Booking.objects.filter(pk__in=found).order_by("start_at", "ref"))


def _span(row):
    return availability.epoch(row.starts_at), availability.epoch(row.ends_at)


def _meets(row, each, zone):
    """Whether the row meets the break on any of its dates, or in the tail of the evening before."""
    if each.team_member_id not in (None, row.team_member_id):
        return False
    first = row.starts_at.astimezone(zone).date() - ONE_DAY
    last = row.ends_at.astimezone(zone).date()
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return any(
        overlap(_span(row), span)
        for day in dates
        if day.isoweekday() == each.day_of_week
        for span in plan_spans(day, ((each.start_min, each.end_min),), zone)
    )


class _Plans:
    """What these people work, as the engine takes it: a plan of their own for a service replaces the general one."""

    def __init__(self, members):
        self.special, self.weeks = {}, {}
        for day in SpecialDay.objects.filter(team_member__in=members):
            shifts = tuple((start, end) for start, end in day.shifts)
            self.special.setdefault(day.team_member_id, {})[day.date] = shifts
        rows = TeamMemberAvailability.objects.filter(team_member__in=members)
        for member, service, *shift in rows.values_list(
            "team_member", "service", "day_of_week", "start_min", "end_min"
        ):
            self.weeks.setdefault((member, service), []).append(shift)

    def person(self, item):
        member = item.team_member_id
        shifts = self.weeks.get((member, item.service_id)) or self.weeks.get((member, None), [])
        return availability.Person(id=member, weekly=weekly(shifts), special_days=self.special.get(member, {}))


def _rules(business):
    hours = weekly(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min"))
    special = {row.date: tuple((start, end) for start, end in row.shifts) for row in SpecialOpening.objects.all()}
    return availability.Rules(
        zone=business.zone,
        step_min=business.slot_step_min,
        notice_min=0,
        horizon_days=business.horizon_days,
        hours=hours or None,
        special_hours=special,
    )


def _within(item, person, rules):
    start, end = availability.epoch(item.start_at), availability.epoch(item.end_at)
    day = availability.local_date(start, rules.zone)
    windows = availability.windows(person=person, rules=rules, first=day, last=day)
    return any(opens <= start and end <= closes for opens, closes in windows)
