"""Loads what the availability engine asks for: one message to the database, whatever the horizon or the team.

Written in SQL: composing the same reads through the ORM takes longer than running them, and more than the engine's own
work; so does parsing thousands of instants in Python.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import BigIntegerField, Func

from bookings import availability
from bookings.models import Occupancy, Status, TeamMember, TimeBlock

#: Days loaded beyond the asked ones: night shifts, zone offsets, visits that run over midnight.
MARGIN = timedelta(days=3)
#: The database refuses occupancy longer than this (constraint `occupancy_length`): it bounds the look-back.
LONGEST = timedelta(hours=36)
TAKEN = (Status.HOLD, Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW)

PERFORMERS = """
SELECT member.*, own.price_cents AS own_price_cents, own.duration_min AS own_duration_min
  FROM bookings_serviceteamassignment AS own JOIN bookings_teammember AS member ON member.id = own.team_member_id
 WHERE own.service_id = %(service)s AND member.is_active AND (%(member)s IS NULL OR member.id = %(member)s)
 ORDER BY member.sort_order, member.first_name, member.id"""
WEEKLY = """
SELECT team_member_id, service_id IS NOT NULL, day_of_week, start_min, end_min
  FROM bookings_teammemberavailability
 WHERE team_member_id = ANY(%(people)s) AND (service_id IS NULL OR service_id = %(service)s)"""
SPECIAL_DAYS = """
SELECT team_member_id, date, shifts, open_anyway
  FROM bookings_specialday
 WHERE team_member_id = ANY(%(people)s) AND date BETWEEN %(first)s AND %(last)s"""
BLOCKS = """
SELECT team_member_id, extract(epoch FROM starts_at)::bigint, extract(epoch FROM ends_at)::bigint
  FROM bookings_timeblock
 WHERE team_member_id = ANY(%(people)s) AND ends_at > %(low)s AND starts_at < %(high)s
 ORDER BY starts_at"""
BUSY = """
SELECT team_member_id, lane, array_agg(extract(epoch FROM starts_at)::bigint ORDER BY starts_at),
       array_agg(extract(epoch FROM ends_at)::bigint ORDER BY starts_at)
  FROM bookings_occupancy
 WHERE team_member_id = ANY(%(people)s) AND starts_at >= %(low_start)s AND starts_at < %(high)s
   AND (expires_at IS NULL OR expires_at > %(now)s) {}
 GROUP BY team_member_id, lane"""
NOT_THE_MOVED = "AND item_id NOT IN (SELECT id FROM bookings_bookingitem WHERE booking_id = %(without)s)"
HOURS = "SELECT day_of_week, start_min, end_min FROM bookings_openinghours"
CLOSURES = """
SELECT GREATEST(start_date, %(first)s), LEAST(end_date, %(last)s)
  FROM bookings_closure
 WHERE start_date <= %(last)s AND end_date >= %(first)s"""
BOOKED = """
SELECT team_member_id, local_date, sum(extract(epoch FROM end_at - start_at)::bigint)::bigint / 60
  FROM bookings_booking
 WHERE team_member_id = ANY(%(people)s) AND status = ANY(%(taken)s)
   AND start_at >= %(low)s AND start_at < %(high)s
 GROUP BY team_member_id, local_date"""
LAST_ASSIGNED = """
SELECT team_member_id, extract(epoch FROM max(created_at))::bigint
  FROM bookings_booking
 WHERE team_member_id = ANY(%(people)s) AND status = ANY(%(taken)s)
 GROUP BY team_member_id"""


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


@dataclass(frozen=True, slots=True)
class Assignment:
    """A person who performs a service; a price or duration of their own, or None for the service's."""

    team_member: TeamMember
    price_cents: int | None
    duration_min: int | None

    @property
    def team_member_id(self):
        return self.team_member.pk


def assignments_for(service, member_id=None):
    """Who performs the service, in display order: active team members only."""
    members = TeamMember.objects.raw(PERFORMERS, {"service": service.pk, "member": member_id})
    return [Assignment(member, member.own_price_cents, member.own_duration_min) for member in members]


def load(*, business, service, assignments, first, last, now, without=None, for_choice=False):
    """The diary of the people in `assignments` for the local dates `first` to `last`.

    `without` is a booking whose own time does not count (a move). `for_choice` adds what `availability.choose`
    ranks by. One message to the database.
    """
    members = [assignment.team_member for assignment in assignments]
    params = _params(members, service, first, last, now, without)
    busy = BUSY.format(NOT_THE_MOVED if without else "")
    choice = (BOOKED, LAST_ASSIGNED) if for_choice else ()
    weekly, special, blocks, busy, hours, closures, *choice = _read(
        (WEEKLY, SPECIAL_DAYS, BLOCKS, busy, HOURS, CLOSURES, *choice), params
    )
    weekly, (special, open_anyway), blocks, busy = _weekly(weekly), _special_days(special), _blocks(blocks), _busy(busy)
    booked, assigned = _load_of(*choice) if for_choice else ({}, {})
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
    return Diary(candidates, _rules(business, service, hours, closures), {member.pk: member for member in members})


def _params(members, service, first, last, now, without):
    low, high = (datetime.combine(day, time(), UTC) for day in (first - MARGIN, last + MARGIN))
    return {
        "people": [member.pk for member in members],
        "service": service.pk,
        "first": first - MARGIN,
        "last": last + MARGIN,
        "low": low,
        "low_start": low - LONGEST,
        "high": high,
        "now": now,
        "without": without and without.pk,
        "taken": list(TAKEN),
    }


def _read(statements, params):
    """The rows of each statement; one round trip for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(";".join(statements), params)
        rows = [cursor.fetchall()]
        while cursor.nextset():
            rows.append(cursor.fetchall())
    return rows


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


def _rules(business, service, hours, closures):
    return availability.Rules(
        zone=business.zone,
        step_min=service.slot_step_min or business.slot_step_min,
        notice_min=availability.merged_notice(business_min=business.min_notice_min, service_min=service.min_notice_min),
        horizon_days=business.horizon_days,
        hard_edges=business.hard_edges,
        hours=_by_weekday(hours) or None,
        closures=frozenset(day for start, end in closures for day in _days(start, end)),
    )


def _days(first: date, last: date):
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))


def _by_weekday(rows):
    plan = {}
    for day, start, end in rows:
        plan.setdefault(day, []).append((start, end))
    return {day: tuple(sorted(spans)) for day, spans in plan.items()}


def _weekly(rows):
    """Each person's plan for the service: its own rows where there are any, else the general ones."""
    general, own = {}, {}
    for member_id, is_own, *shift in rows:
        (own if is_own else general).setdefault(member_id, []).append(shift)
    return {member_id: _by_weekday(own.get(member_id) or general[member_id]) for member_id in general | own}


def _special_days(rows):
    special, open_anyway = {}, {}
    for member_id, day, shifts, anyway in rows:
        special.setdefault(member_id, {})[day] = tuple((start, end) for start, end in json.loads(shifts))
        if anyway:
            open_anyway.setdefault(member_id, set()).add(day)
    return special, open_anyway


def _blocks(rows):
    blocks = {}
    for member_id, start, end in rows:
        blocks.setdefault(member_id, []).append((start, end))
    return {member_id: tuple(spans) for member_id, spans in blocks.items()}


def _busy(rows):
    lanes = {}
    for member_id, lane, starts, ends in rows:
        lanes.setdefault(member_id, {})[lane] = tuple(zip(starts, ends, strict=True))
    return {
        member_id: tuple(by_lane.get(lane, ()) for lane in range(max(by_lane) + 1))
        for member_id, by_lane in lanes.items()
    }


def _load_of(minutes, last_assigned):
    """Minutes booked per local date, and the instant each person was last given a booking (D10)."""
    booked = {}
    for member_id, day, total in minutes:
        booked.setdefault(member_id, {})[day] = total
    return booked, dict(last_assigned)


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
