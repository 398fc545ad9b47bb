"""When the team works on some dates, whatever the service: what a calendar shows behind the visits."""

from dataclasses import dataclass
from datetime import date

from bookings import availability
from bookings.availability.clock import day_span
from bookings.availability.hours import break_spans
from bookings.availability.intervals import intersect, subtract
from bookings.diary import rows, sql
from bookings.diary.loading import MARGIN

STATEMENTS = {
    "plans": sql.WEEKLY,
    "special": sql.SPECIAL_DAYS,
    "breaks": sql.BREAKS,
    "hours": sql.HOURS,
    "special_hours": sql.SPECIAL_OPENINGS,
    "closures": sql.CLOSURES_TOLD,
}


@dataclass(frozen=True, slots=True)
class Working:
    """`spans` are {member id: half-open spans in epoch seconds}, breaks left out; `closures` {date: its reason}."""

    spans: dict
    closures: dict


def working(*, business, members, first: date, last: date):
    """When each of `members` works on the local dates `first` to `last`: a Working. One message to the database."""
    params = {
        "people": [member.pk for member in members],
        "services": [],
        "first": first - MARGIN,
        "last": last + MARGIN,
    }
    found = dict(zip(STATEMENTS, rows.read(STATEMENTS.values(), params), strict=True))
    closures = {day: reason for start, end, reason in found["closures"] for day in rows.days(start, end)}
    rules = availability.Rules(
        zone=business.zone,
        step_min=business.slot_step_min,
        notice_min=0,
        horizon_days=0,
        hours=rows.by_weekday(found["hours"]) or None,
        special_hours={day: rows.shifts_of(shifts) for day, shifts in found["special_hours"]},
        closures=frozenset(closures),
    )
    whole = [(day_span(first, business.zone)[0], day_span(last, business.zone)[1])]
    people = _people(members, found)
    return Working({person.id: _worked(person, rules, first, last, whole) for person in people}, closures)


def _people(members, found):
    plans = rows.plans_of(found["plans"])
    special, open_anyway = rows.special_days_of(found["special"])
    breaks = rows.breaks_of(found["breaks"], [member.pk for member in members])
    return [
        availability.Person(
            id=member.pk,
            name=member.name,
            weekly=plans.get((member.pk, None), {}),
            special_days=special.get(member.pk, {}),
            open_anyway=frozenset(open_anyway.get(member.pk, ())),
            breaks=breaks.get(member.pk, {}),
        )
        for member in members
    ]


def _worked(person, rules, first, last, whole):
    at_work = availability.windows(person=person, rules=rules, first=first, last=last)
    return intersect(subtract(at_work, break_spans(person, rules, first, last)), whole)
