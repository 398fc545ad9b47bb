"""Coming visits that a change of settings leaves without their time. They stay as booked until the salon moves them.

Every function returns bookings in order of time, and writes nothing. Holds are left out: they end by themselves.
"""

from datetime import timedelta

from django.db.models import BigIntegerField, Count, Exists, Func, OuterRef, Q

from bookings import availability
from bookings.availability.clock import day_span, plan_spans
from bookings.availability.hours import daily_windows
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
#: No visit is further ahead.
FURTHEST = timedelta(days=3 * 366)


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
    return _ordered(with_person(member=member, now=now, services=services))


def with_person(*, member, now, services=None):
    """`of_person` as a queryset, in no order."""
    items = BookingItem.objects.filter(team_member=member, end_at__gt=now)
    if services is not None:
        items = items.filter(service__in=services)
    return _coming(Booking.objects.filter(items__in=items))


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
    return _ordered(_of_rows(_rows_in_closure(first=first, last=last, zone=zone, now=now, members=members)))


def _rows_in_closure(*, first, last, zone, now, members=None):
    anyway = set(
        SpecialDay.objects.filter(open_anyway=True, date__range=(first, last)).values_list("team_member_id", "date")
    )
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    low, high = (availability.instant(day_span(day, zone)[end]) for day, end in ((dates[0], 0), (dates[-1], 1)))
    rows = _taken(now).filter(team_member__isnull=False, starts_at__lt=high, ends_at__gt=low)
    if members is not None:
        rows = rows.filter(team_member__in=members)
    taken = rows.values_list("pk", "team_member_id", Epoch("starts_at"), Epoch("ends_at"))
    if not anyway:
        return [row[0] for row in taken]
    closed = [(day, day_span(day, zone)) for day in dates]
    return [
        pk
        for pk, member, *span in taken
        if any((member, day) not in anyway and overlap(span, shut) for day, shut in closed)
    ]


def on_closed_days(*, first, last, zone, now):
    """Visits on those of the local dates on which the salon is closed, as `in_closure`: a queryset, in no order."""
    rows = set()
    for closure in Closure.objects.filter(start_date__lte=last, end_date__gte=first):
        closed = {"first": max(first, closure.start_date), "last": min(last, closure.end_date)}
        rows.update(_rows_in_closure(**closed, zone=zone, now=now))
    return _of_rows(rows)


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
    parts = parts_to_come(now=now, members=members)
    return _ordered(Booking.objects.filter(pk__in=beyond_hours(business=business, parts=parts, dates=dates)))


def without_time(*, business, now):
    """A queryset of every visit outside the hours, on closed days, or with a part of somebody who has left, in no order."""
    today = now.astimezone(business.zone).date()
    left = BookingItem.objects.filter(team_member__is_active=False, end_at__gt=now)
    lost = (
        on_closed_days(first=today, last=today + FURTHEST, zone=business.zone, now=now),
        _coming(Booking.objects.filter(items__in=left)),
    )
    found = {pk for visits in lost for pk in visits.values_list("pk", flat=True)}
    return Booking.objects.filter(pk__in=found.union(beyond_hours(business=business, parts=parts_to_come(now=now))))


def parts_to_come(*, now, members=None):
    """The parts of visits that have hours to lie in, sessions left out: {(member, service): [(booking, its start, start, end)]}.

    Instants are whole seconds: thousands of them are read.
    """
    found = BookingItem.objects.filter(booking__status__in=OPEN, start_at__gt=now, session=None)
    if members is not None:
        found = found.filter(team_member__in=members)
    visit, span = ("booking_id", Epoch("booking__start_at")), (Epoch("start_at"), Epoch("end_at"))
    parts = {}
    for member, service, *part in found.values_list("team_member_id", "service_id", *visit, *span):
        parts.setdefault((member, service), []).append(part)
    return parts


def beyond_hours(*, business, parts, dates=None):
    """{booking: its start} of those with one of `parts_to_come` outside the hours as they are."""
    if not parts:
        return {}
    works, rules = _Plans({member for member, _ in parts}), _rules(business)
    return {
        booking: start
        for (member, service), items in parts.items()
        for booking, start in _without_window(items, works.person(member, service), rules, dates)
    }


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
    return _ordered(_of_rows(row_ids))


def _of_rows(row_ids):
    """The bookings behind rows of occupancy: their own, or their session's."""
    ids = list(row_ids)
    return _coming(Booking.objects.filter(Q(items__occupancy__in=ids) | Q(items__session__occupancy__in=ids)))


def _coming(bookings):
    """Each of the bookings once, those that are over or called off left out."""
    return Booking.objects.filter(pk__in=bookings.filter(status__in=OPEN).values("pk"))


def _ordered(bookings):
    return list(_coming(bookings).order_by("start_at", "ref"))


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


class Epoch(Func):
    """A timestamp as whole seconds: reading thousands of instants takes ten times as long."""

    template = "extract(epoch FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


def _without_window(items, person, rules, dates):
    """The (booking, its start) of a person's items that lie in no window of the date they start on; `dates` narrows down."""
    days = [availability.local_date(start, rules.zone) for *_, start, _ in items]
    first, last = min(days), max(days)
    daily = daily_windows(person=person, rules=rules, first=first, last=last)
    windows = {first + timedelta(days=n): spans for n, (_, spans) in enumerate(daily)}
    return [
        visit
        for day, (*visit, start, end) in zip(days, items, strict=True)
        if (dates is None or day in dates)
        and not any(opens <= start and end <= closes for opens, closes in windows[day])
    ]


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

    def person(self, member, service):
        shifts = self.weeks.get((member, service)) or self.weeks.get((member, None), [])
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
