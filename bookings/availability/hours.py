"""When a person works, and what cuts it (D3, D4, D15)."""

from collections.abc import Iterator, Sequence
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


class Opening:
    """When services may take place at all on some dates: worked out once for everybody who is asked about."""

    def __init__(self, *, rules: Rules, first: date, last: date):
        self._rules, self._around = rules, dates(first - ONE_DAY, last + ONE_DAY)
        self._known: dict[int, list[list[Span]] | None] = {}

    def of(self, service: Weekly | None) -> list[list[Span]] | None:
        """Per date, the business's hours and those of the service, where they have any (D15); None where neither does."""
        key = id(service)
        if key not in self._known:
            self._known[key] = self._limits(service)
        return self._known[key]

    def _limits(self, service: Weekly | None) -> list[list[Span]] | None:
        plans = [_opening(self._rules, self._around), _service_hours(service, self._rules, self._around)]
        limits = [_three_days(plan) for plan in plans if plan is not None]
        if len(limits) == 2:
            return list(map(intersect, *limits))
        return limits[0] if limits else None


def daily_windows(
    *,
    person: Person,
    rules: Rules,
    first: date,
    last: date,
    service: Weekly | None = None,
    opening: Opening | None = None,
) -> Iterator[tuple[Span, list[Span]]]:
    """For each date, its span and the windows open to its visits: shifts of the day before, the day, the next (D3).

    Within the business's hours and those of the service, where they have any (D15); `opening` has them ready for these
    rules and dates. Merged per date, not over the whole range: someone on duty around the clock would else have one
    window, and its grid would depend on which dates were asked for.
    """
    shifts = [shifts_on(person, day, rules) for day in dates(first - ONE_DAY, last + ONE_DAY)]
    limits = (opening or Opening(rules=rules, first=first, last=last)).of(service)
    closed = closed_spans(person, rules, first, last)
    for n, (day, spans) in enumerate(zip(dates(first, last), _three_days(shifts), strict=True)):
        if limits is not None:
            spans = intersect(spans, limits[n])
        if closed and spans:
            reached = [span for span in closed if span[0] < spans[-1][1] and spans[0][0] < span[1]]
            spans = subtract(spans, reached) if reached else spans
        yield day_span(day, rules.zone), spans


def _three_days(plan: Sequence[tuple[Span, ...]]) -> list[list[Span]]:
    """Per date but the first and the last, what is planned for it and its neighbours (D3)."""
    return [merge(plan[n - 1] + plan[n] + plan[n + 1]) for n in range(1, len(plan) - 1)]


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
