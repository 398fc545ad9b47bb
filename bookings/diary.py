"""Loads what the availability engine asks for: a constant number of queries, whatever the horizon or the team."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import BigIntegerField, Func, Max, Q, Sum

from bookings import availability
from bookings.models import (
    Booking,
    Closure,
    Occupancy,
    OpeningHours,
    SpecialDay,
    Status,
    TeamMemberAvailability,
    TimeBlock,
)

#: Days loaded beyond the asked ones: night shifts, zone offsets, visits that run over midnight.
MARGIN = timedelta(days=3)
#: The database refuses occupancy longer than this (constraint `occupancy_length`): it bounds the look-back.
LONGEST = timedelta(hours=36)
TAKEN = (Status.HOLD, Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW)


class Epoch(Func):
    """A timestamptz as whole seconds, in the database: parsing thousands of instants in Python costs more than the engine."""

    template = "EXTRACT(EPOCH FROM %(expressions)s)::bigint"
    output_field = BigIntegerField()


@dataclass(frozen=True, slots=True)
class Diary:
    """One service's candidates and rules for some dates, as `availability` takes them."""

    candidates: list
    rules: availability.Rules
    members: dict = field(default_factory=dict)

    @property
    def persons(self):
        return [person for _, person in self.candidates]

    def candidate(self, member_id):
        """The (Able, Person) of one team member, or None."""
        return next((pair for pair in self.candidates if pair[1].id == member_id), None)


def assignments_for(service, member_id=None):
    """Who performs the service: active team members only, with the member loaded."""
    rows = service.assignments.filter(team_member__is_active=True).select_related("team_member")
    if member_id is not None:
        rows = rows.filter(team_member_id=member_id)
    return list(rows.order_by("team_member__sort_order", "team_member__first_name", "team_member_id"))


def load(*, business, service, assignments, first, last, now, without=None, for_choice=False):
    """The diary of the people in `assignments` for the local dates `first` to `last`.

    `without` is a booking whose own time does not count (a move). `for_choice` adds what `availability.choose`
    ranks by. Seven queries, nine with `for_choice`.
    """
    members = [assignment.team_member for assignment in assignments]
    ids = [member.pk for member in members]
    low = datetime.combine(first, time(), UTC) - MARGIN
    high = datetime.combine(last, time(), UTC) + MARGIN
    weekly = _weekly(ids, service)
    special, open_anyway = _special_days(ids, first, last)
    blocks = _blocks(ids, low, high)
    busy = _busy(ids, low, high, now, without)
    booked, assigned = _load_of(ids, first, last) if for_choice else ({}, {})
    candidates = [
        (
            able(assignment, service),
            availability.Person(
                id=member.pk,
                name=member.name,
                weekly=weekly.get(member.pk, {}),
                special_days=special.get(member.pk, {}),
                open_anyway=frozenset(open_anyway.get(member.pk, ())),
                blocks=blocks.get(member.pk, ()),
                busy=busy.get(member.pk, ()),
                capacity=member.max_concurrent_bookings,
                booked_min_by_date=booked.get(member.pk, {}),
                last_assigned_at=assigned.get(member.pk),
            ),
        )
        for assignment, member in zip(assignments, members, strict=True)
    ]
    return Diary(candidates, _rules(business, service, first, last), {member.pk: member for member in members})


def able(assignment, service):
    """How this person performs this service (D15); a person's own clean-up time counts where it is longer."""
    phases = service.phases or [
        {"kind": availability.ACTIVE, "minutes": assignment.duration_min or service.duration_min}
    ]
    return availability.Able(
        person_id=assignment.team_member_id,
        phases=tuple(availability.Phase(phase["kind"], phase["minutes"]) for phase in phases),
        price_cents=service.price_cents if assignment.price_cents is None else assignment.price_cents,
        buffer_before_min=service.buffer_before_min,
        buffer_after_min=max(service.buffer_after_min, assignment.team_member.buffer_time_minutes),
    )


def _rules(business, service, first, last):
    hours = _by_weekday(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min"))
    closures = Closure.objects.filter(start_date__lte=last + MARGIN, end_date__gte=first - MARGIN)
    return availability.Rules(
        zone=business.zone,
        step_min=service.slot_step_min or business.slot_step_min,
        notice_min=availability.merged_notice(business_min=business.min_notice_min, service_min=service.min_notice_min),
        horizon_days=business.horizon_days,
        hard_edges=business.hard_edges,
        hours=hours or None,
        closures=frozenset(
            day
            for start, end in closures.values_list("start_date", "end_date")
            for day in _days(max(start, first - MARGIN), min(end, last + MARGIN))
        ),
    )


def _days(first: date, last: date):
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _by_weekday(rows):
    plan = {}
    for day, start, end in rows:
        plan.setdefault(day, []).append((start, end))
    return {day: tuple(sorted(spans)) for day, spans in plan.items()}


def _weekly(ids, service):
    """Each person's plan for the service: its own rows where there are any, else the general ones."""
    rows = TeamMemberAvailability.objects.filter(Q(service=None) | Q(service=service), team_member__in=ids)
    general, own = {}, {}
    for member_id, service_id, *shift in rows.values_list(
        "team_member_id", "service_id", "day_of_week", "start_min", "end_min"
    ):
        (own if service_id else general).setdefault(member_id, []).append(shift)
    return {member_id: _by_weekday(own.get(member_id) or general[member_id]) for member_id in general | own}


def _special_days(ids, first, last):
    rows = SpecialDay.objects.filter(team_member__in=ids, date__gte=first - MARGIN, date__lte=last + MARGIN)
    special, open_anyway = {}, {}
    for member_id, day, shifts, anyway in rows.values_list("team_member_id", "date", "shifts", "open_anyway"):
        special.setdefault(member_id, {})[day] = tuple((start, end) for start, end in shifts)
        if anyway:
            open_anyway.setdefault(member_id, set()).add(day)
    return special, open_anyway


def _blocks(ids, low, high):
    rows = TimeBlock.objects.filter(team_member__in=ids, ends_at__gt=low, starts_at__lt=high).order_by("starts_at")
    blocks = {}
    for member_id, start, end in rows.values_list("team_member_id", Epoch("starts_at"), Epoch("ends_at")):
        blocks.setdefault(member_id, []).append((start, end))
    return {member_id: tuple(spans) for member_id, spans in blocks.items()}


def _busy(ids, low, high, now, without):
    rows = Occupancy.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=now),
        team_member__in=ids,
        starts_at__gte=low - LONGEST,
        starts_at__lt=high,
    )
    if without is not None:
        rows = rows.exclude(item__booking=without)
    grouped = rows.values("team_member_id", "lane").annotate(
        starts=ArrayAgg(Epoch("starts_at"), order_by="starts_at"), ends=ArrayAgg(Epoch("ends_at"), order_by="starts_at")
    )
    lanes = {}
    for row in grouped:
        lanes.setdefault(row["team_member_id"], {})[row["lane"]] = tuple(zip(row["starts"], row["ends"], strict=True))
    return {
        member_id: tuple(by_lane.get(lane, ()) for lane in range(max(by_lane) + 1))
        for member_id, by_lane in lanes.items()
    }


def _load_of(ids, first, last):
    """Minutes booked per local date, and the instant each person was last given a booking (D10)."""
    rows = Booking.objects.filter(team_member__in=ids, status__in=TAKEN)
    booked = {}
    minutes = rows.filter(local_date__gte=first, local_date__lte=last).values("team_member_id", "local_date")
    for row in minutes.annotate(seconds=Sum(Epoch("end_at") - Epoch("start_at"))).order_by():
        booked.setdefault(row["team_member_id"], {})[row["local_date"]] = row["seconds"] // 60
    last_assigned = rows.values("team_member_id").annotate(at=Max(Epoch("created_at"))).order_by()
    return booked, {row["team_member_id"]: row["at"] for row in last_assigned}


@dataclass(frozen=True, slots=True)
class Causes:
    """What stands in the way on one day, by team member, with references staff can follow."""

    busy: dict
    blocks: dict


def causes(ids, day):
    """The bookings and blocks around a local date as `availability.Busy` and `availability.Block` values."""
    low, high = (datetime.combine(day, time(), UTC) + side * MARGIN for side in (-1, 1))
    busy, blocks = {}, {}
    rows = Occupancy.objects.filter(team_member__in=ids, starts_at__gte=low - LONGEST, starts_at__lt=high)
    for member_id, start, end, lane, ref in rows.values_list(
        "team_member_id", Epoch("starts_at"), Epoch("ends_at"), "lane", "item__booking__ref"
    ):
        busy.setdefault(member_id, []).append(availability.Busy(start, end, ref, lane))
    rows = TimeBlock.objects.filter(team_member__in=ids, ends_at__gt=low, starts_at__lt=high)
    for member_id, start, end, reason in rows.values_list(
        "team_member_id", Epoch("starts_at"), Epoch("ends_at"), "reason"
    ):
        blocks.setdefault(member_id, []).append(availability.Block(start, end, reason or "Blocked"))
    return Causes(busy, blocks)
