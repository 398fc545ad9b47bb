"""When can this be booked, and with whom (D8, D10)."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from .clock import instant
from .hours import Opening, break_spans, closed_spans, daily_windows
from .intervals import Span
from .limits import bounds
from .occupancy import Units, footprint, ruled_out
from .sessions import joinable
from .values import Able, Person, Rules

Candidate = tuple[Able, Person]


# Named tuples: ten people's free month is ten thousand of these, and a frozen dataclass takes three times as long.
class Option(NamedTuple):
    """Who can take a slot, at which price, until when."""

    person_id: object
    name: str
    price_cents: int
    duration_min: int
    end: int

    @property
    def end_at(self) -> datetime:
        return instant(self.end)


#: An Option of its five values in one tuple. Its constructor would be a Python call for each of the ten thousand.
option = partial(tuple.__new__, Option)


class Slot(NamedTuple):
    """A start that can be booked, and with whom."""

    start: int
    options: tuple[Option, ...]

    @property
    def start_at(self) -> datetime:
        return instant(self.start)


class Common:
    """What is the same for all candidates of one question, worked out once: opening hours, taken units."""

    def __init__(self, *, rules: Rules, first: date, last: date):
        self.opening = Opening(rules=rules, first=first, last=last)
        self.units: Units = {}


def starts(
    *,
    able: Able,
    person: Person,
    rules: Rules,
    first: date,
    last: date,
    now: int,
    override: Set[str] = frozenset(),
    common: Common | None = None,
) -> list[int]:
    """The starts on local dates `first` to `last` that this person can take, sorted.

    `reasons` is empty for exactly these (D14).
    """
    asked = {"able": able, "person": person, "rules": rules, "first": first, "last": last}
    if able.sessions or able.joins_only:
        joined = joinable(**asked, now=now, override=override)
        opened = () if able.joins_only else openings(**asked, now=now, override=override, common=common)
        return sorted({*joined, *opened})
    return openings(**asked, now=now, override=override, common=common)


def openings(
    *,
    able: Able,
    person: Person,
    rules: Rules,
    first: date,
    last: date,
    now: int,
    override: Set[str] = frozenset(),
    common: Common | None = None,
) -> list[int]:
    """`starts` without the classes that already stand."""
    common = common or Common(rules=rules, first=first, last=last)
    hard = hard_spans(person=person, rules=rules, first=first, last=last)
    taken = ruled_out(able=able, person=person, hard=hard, units=common.units)
    daily = daily_windows(
        person=person, rules=rules, first=first, last=last, service=able.hours, opening=common.opening
    )
    grids = grid_runs(able, rules, daily, bounds(rules=rules, now=now, override=override))
    return _on_grid(grids, taken, rules.step_min * 60)


def hard_spans(*, person: Person, rules: Rules, first: date, last: date) -> list[Span]:
    """Breaks, blocks and closures around the dates: nothing of the person may meet them, buffers included."""
    return [*break_spans(person, rules, first, last), *person.blocks, *closed_spans(person, rules, first, last)]


def offered(
    *,
    candidates: Sequence[Candidate],
    rules: Rules,
    first: date,
    last: date,
    now: int,
    override: Set[str] = frozenset(),
) -> list[Slot]:
    """The union of what the candidates can take: sorted, unique, each slot listing who, in the candidates' order."""
    options: dict[int, list[Option]] = defaultdict(list)
    common = Common(rules=rules, first=first, last=last)
    for able, person in candidates:
        who, name, price, minutes = person.id, person.name, able.price_cents, able.duration_min
        asked = {"able": able, "person": person, "rules": rules, "first": first, "last": last}
        found = starts(**asked, now=now, override=override, common=common)
        for start in found:
            options[start].append(option((who, name, price, minutes, start + minutes * 60)))
        if able.sessions:
            for start, session in joinable(**asked, now=now, override=override).items():
                minutes = (session.end - start) // 60
                options[start][-1] = option((who, name, price, minutes, session.end))
    return [Slot(start, tuple(options[start])) for start in sorted(options)]


def grid_runs(
    able: Able, rules: Rules, daily: Iterable[tuple[Span, list[Span]]], limits: tuple[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Per window and date: the grid's anchor, the first start that may be, and the first that may not be (D8)."""
    before, until = footprint(able=able, hard_edges=rules.hard_edges)
    earliest, too_late = limits
    for (opens, closes), windows in daily:
        opens, closes = max(opens, earliest), min(closes, too_late)
        for start, end in windows:
            low, high = max(start - before, opens), min(end - until + 1, closes)
            if low < high:
                yield start, low, high


def _on_grid(grids: Iterator[tuple[int, int, int]], taken: Sequence[Span], step: int) -> list[int]:
    """Walk the grids and the sorted `taken` starts side by side; list what is on the grid between them."""
    found: list[int] = []
    free = seen = 0
    for anchor, low, high in grids:
        free = max(free, low)
        upto = bisect_left(taken, (high, high), seen)
        for start, end in taken[seen:upto]:
            if start > free:
                found += range(free + (anchor - free) % step, start, step)
            if end > free:
                free = end
        seen = upto
        if free < high:
            found += range(free + (anchor - free) % step, high, step)
    return found
