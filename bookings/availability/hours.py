"""When a person works, and what cuts it (D3, D4, D15)."""

from collections.abc import Iterator
from datetime import date, timedelta

from .clock import ONE_DAY, day_span, plan_spans
from .intervals import Span, intersect, merge, subtract
from .values import Person, Rules, Weekly

# A plan of a date ends at most two days after that date starts, and a visit ends inside its window: nothing further
# than this from a start can meet the visit.
REACH = timedelta(days=3)


def dates(first: date, last: date) -> list[date]:
    """Every date from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def windows(*, person: Person, rules: Rules, first: date, last: date) -> list[Span]:
    """The working windows that touch the local dates `first` to `last`, merged and uncut at the range's edges."""
    found = []
    for (opens, closes), spans in daily_windows(person=person, rules=rules, first=first, last=last):
        found += [span for span in spans if span[0] < closes and span[1] > opens]
    return merge(found)


def daily_windows(*, person: Person, rules: Rules, first: date, last: date) -> Iterator[tuple[Span, list[Span]]]:
    """For each date, its span and the windows open to its visits: shifts of the day before, the day, the next (D3).

    Merged per date, not over the whole range: someone on duty around the clock would else have one window, and its grid
    would depend on which dates were asked for.
    """
    around = dates(first - ONE_DAY, last + ONE_DAY)
    shifts = [shifts_on(person, day, rules) for day in around]
    opening = None if rules.hours is None else [_spans_on(rules.hours, day, rules) for day in around]
    closed = closed_spans(person, rules, first, last)
    for n in range(1, len(around) - 1):
        spans = merge(shifts[n - 1] + shifts[n] + shifts[n + 1])
        if opening is not None:
            spans = intersect(spans, merge(opening[n - 1] + opening[n] + opening[n + 1]))
        if closed:
            spans = subtract(spans, closed)
        yield day_span(around[n], rules.zone), spans


def shifts_on(person: Person, day: date, rules: Rules) -> tuple[Span, ...]:
    """The shifts that start on `day`: the special day's, or the week's (D4)."""
    special = person.special_days.get(day)
    if special is None:
        return _spans_on(person.weekly, day, rules)
    return plan_spans(day, special, rules.zone)


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
