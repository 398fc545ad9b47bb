"""When a person works, and what cuts it (D3, D4, D15)."""

from collections.abc import Iterator
from datetime import date, timedelta

from .clock import ONE_DAY, day_span, plan_spans
from .intervals import Span, intersect, merge, subtract
from .values import Person, Rules, Weekly

# A plan of a date ends at most two days after that date starts, and a visit ends inside its window: nothing further
# than this from a start can meet the visit.
REACH = timedelta(days=3)
ALL_DAY = ((0, 1440),)


def dates(first: date, last: date) -> list[date]:
    """Every date from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def windows(*, person: Person, rules: Rules, first: date, last: date) -> list[Span]:
    """The working windows that touch the local dates `first` to `last`, merged and uncut at the range's edges."""
    found = []
    for (opens, closes), spans in daily_windows(person=person, rules=rules, first=first, last=last):
        found += [span for span in spans if span[0] < closes and span[1] > opens]
    return merge(found)


def daily_windows(
    *, person: Person, rules: Rules, first: date, last: date, service: Weekly | None = None
) -> Iterator[tuple[Span, list[Span]]]:
    """For each date, its span and the windows open to its visits: shifts of the day before, the day, the next (D3).

    Within the business's hours and those of the service, where they have any (D15). Merged per date, not over the whole
    range: someone on duty around the clock would else have one window, and its grid would depend on which dates were
    asked for.
    """
    around = dates(first - ONE_DAY, last + ONE_DAY)
    shifts = [shifts_on(person, day, rules) for day in around]
    limits = [plan for plan in (_opening(rules, around), _service_hours(service, rules, around)) if plan is not None]
    closed = closed_spans(person, rules, first, last)
    for n in range(1, len(around) - 1):
        spans = merge(shifts[n - 1] + shifts[n] + shifts[n + 1])
        for plan in limits:
            spans = intersect(spans, merge(plan[n - 1] + plan[n] + plan[n + 1]))
        if closed:
            spans = subtract(spans, closed)
        yield day_span(around[n], rules.zone), spans


def shifts_on(person: Person, day: date, rules: Rules) -> tuple[Span, ...]:
    """The shifts that start on `day`: the special day's, or the week's (D4)."""
    special = person.special_days.get(day)
    if special is None:
        return _spans_on(person.weekly, day, rules)
    return plan_spans(day, special, rules.zone)


def _opening(rules: Rules, around: list[date]) -> list[tuple[Span, ...]] | None:
    """What the business plans for each date, its special hours first; None where it says nothing of any date."""
    if rules.hours is None and not rules.special_hours:
        return None
    return [_opening_on(day, rules) for day in around]


def _opening_on(day: date, rules: Rules) -> tuple[Span, ...]:
    special = rules.special_hours.get(day)
    if special is not None:
        return plan_spans(day, special, rules.zone)
    return plan_spans(day, ALL_DAY, rules.zone) if rules.hours is None else _spans_on(rules.hours, day, rules)


def _service_hours(service: Weekly | None, rules: Rules, around: list[date]) -> list[tuple[Span, ...]] | None:
    return None if service is None else [_spans_on(service, day, rules) for day in around]


def closed_spans(person: Person, rules: Rules, first: date, last: date) -> list[Span]:
    """The closures around the dates, save those this person opens anyway (D4)."""
    return [
        day_span(day, rules.zone)
        for day in sorted(rules.closures - person.open_anyway)
        if first - REACH <= day <= last + REACH
    ]


def break_spans(person: Person, rules: Rules, first: date, last: date) -> list[Span]:
    """The breaks around the dates. A special day moves the shift; the break stays."""
    if not any(person.breaks.values()):
        return []
    return [span for day in dates(first - REACH, last + REACH) for span in _spans_on(person.breaks, day, rules)]


def _spans_on(weekly: Weekly, day: date, rules: Rules) -> tuple[Span, ...]:
    return plan_spans(day, weekly.get(day.isoweekday(), ()), rules.zone)
