"""A visit's segments made ready for the search: who may do what, and from which starts on (D12)."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta

from .clock import day_span, local_date
from .engine import hard_spans, openings
from .hours import daily_windows
from .intervals import Span, merge, subtract
from .lanes import Edges, edges
from .occupancy import footprint, occupied, ruled_out
from .plan import Segment, staged
from .values import Able, Person, Rules

NOBODY: frozenset = frozenset()


class Dates:
    """Windows and hard spans of the dates a visit may reach; looked up once per person and hours of the service.

    Searches that differ only in who does what may share one: it also keeps where each candidate stands, by identity, so it
    must not outlive them.
    """

    def __init__(self, *, rules: Rules, first: date, last: date):
        self.rules, self.first, self.last = rules, first, last
        self.opened: dict[tuple[int, int, int, int], Edges] = {}
        self.grids: dict[tuple, frozenset[int]] = {}
        self._known: dict[tuple[int, int], tuple[list[tuple[Span, list[Span]]], list[Span]]] = {}

    def of(self, able: Able, person: Person) -> tuple[list[tuple[Span, list[Span]]], list[Span]]:
        key = id(person), id(able.hours)
        if key not in self._known:
            asked = {"person": person, "rules": self.rules, "first": self.first, "last": self.last}
            self._known[key] = list(daily_windows(**asked, service=able.hours)), hard_spans(**asked)
        return self._known[key]


class Performer:
    """One candidate of one segment. Lengths and buffers in seconds; `rank` orders performers, lower first."""

    def __init__(self, *, segment: int, able: Able, person: Person, rank: object, dates: Dates):
        self.segment, self.able, self.person, self.rank = segment, able, person, rank
        self.id = person.id
        self.alone = frozenset({person.id})
        self.length = able.duration_min * 60
        self.before, self.after = able.buffer_before_min * 60, able.buffer_after_min * 60
        self.resources = able.resources
        self.dates = dates
        self._variants: list[Edges | None] = [None] * 4

    def stands(self, start: int, *, before: bool, after: bool) -> bool:
        """Whether a part at `start` may be, with the buffers kept on either side or fallen away; a bisection."""
        number = 2 * before + after
        bounds = self._variants[number]
        if bounds is None:
            bounds = self._variants[number] = self.openings(before=before, after=after)
        return bisect_right(bounds, start) & 1 == 1

    def openings(self, *, before: bool, after: bool) -> Edges:
        """The starts at which the part stands, whatever grid, notice and furthest date say."""
        opened = self.dates.opened
        key = id(self.able), id(self.person), self.before * before, self.after * after
        if key not in opened:
            opened[key] = edges(self._spans(self.effective(before=before, after=after)))
        return opened[key]

    def effective(self, *, before: bool, after: bool) -> Able:
        return effective(self.able, before=before, after=after)

    def ranges(self, start: int, *, before: bool, after: bool) -> list[Span]:
        return occupied(able=self.effective(before=before, after=after), start=start)

    def _spans(self, able: Able) -> list[Span]:
        daily, hard = self.dates.of(self.able, self.person)
        low, until = footprint(able=able, hard_edges=self.dates.rules.hard_edges)
        fitting = [
            (max(start - low, opens), min(end - until + 1, closes))
            for (opens, closes), windows in daily
            for start, end in windows
        ]
        return subtract(fitting, ruled_out(able=able, person=self.person, hard=hard))


def effective(able: Able, *, before: bool, after: bool) -> Able:
    """The service with the buffers that are kept; one falls away next to a stage in which the person works, too."""
    if (before or not able.buffer_before_min) and (after or not able.buffer_after_min):
        return able
    return replace(
        able, buffer_before_min=able.buffer_before_min * before, buffer_after_min=able.buffer_after_min * after
    )


class Stage:
    """The segments that start together. `ids` are all who may work in it; `earlier` and `later` those of the neighbours."""

    def __init__(self, segments: list[list[Performer]]):
        self.segments = segments
        self.ids = frozenset(who.id for group in segments for who in group)
        self.earlier: frozenset = NOBODY
        self.later: frozenset = NOBODY
        self.opens: list[list[tuple[int, Edges]]] = []
        self._orders: dict[tuple[int, frozenset], list[tuple[Performer, bool]]] = {}

    @property
    def shortest(self) -> int:
        return max((min((who.length for who in group), default=0) for group in self.segments), default=0)

    @property
    def longest(self) -> int:
        return max((who.length for group in self.segments for who in group), default=0)

    def meet(self, earlier: frozenset, later: frozenset) -> None:
        """Learn the neighbours; then for each segment and length, the starts at which anybody may stand at best."""
        self.earlier, self.later = earlier, later
        self.opens = [self._at_best(group) for group in self.segments]

    def _at_best(self, group: list[Performer]) -> list[tuple[int, Edges]]:
        by_length: dict[int, list[Span]] = {}
        for who in group:
            bounds = who.openings(before=who.id not in self.earlier, after=who.id not in self.later)
            by_length.setdefault(who.length, []).extend(zip(bounds[::2], bounds[1::2], strict=True))
        return [(length, edges(merge(spans))) for length, spans in by_length.items()]

    def ends(self, start: int) -> list[int]:
        """When the stage may end at best, none where it cannot stand at all: necessary, not sufficient."""
        groups = [[length for length, bounds in opens if bisect_right(bounds, start) & 1] for opens in self.opens]
        if not all(groups):
            return []
        least = max(map(min, groups))
        return sorted({start + length for group in groups for length in group if length >= least})

    def order(self, number: int, people: frozenset) -> list[tuple[Performer, bool]]:
        """The performers of a segment and whether each keeps the buffer before; those of the stage before come first,
        each in the order of their ranks.
        """
        key = number, people
        if key not in self._orders:
            pairs = [(who, who.id not in people) for who in self.segments[number]]
            self._orders[key] = sorted(pairs, key=lambda pair: (pair[1], pair[0].rank))
        return self._orders[key]


def dates_of(*, segments: Sequence[Segment], rules: Rules, first: date, last: date, max_wait_min: int) -> Dates:
    """The Dates a visit may reach that starts on local dates `first` to `last`, whoever of the candidates does it."""
    return Dates(rules=rules, first=first, last=_furthest(segments, rules, last, max_wait_min))


def stages_of(
    *,
    segments: Sequence[Segment],
    rank: Mapping[object, object] | None,
    dates: Dates,
) -> list[Stage]:
    """The stages of a visit, each aware of its neighbours; `dates` are those it may reach (`dates_of`)."""

    def performers(number: int) -> list[Performer]:
        return [
            Performer(
                segment=number, able=able, person=person, rank=place if rank is None else rank[person.id], dates=dates
            )
            for place, (able, person) in enumerate(segments[number].candidates)
        ]

    stages = [Stage([performers(number) for number in numbers]) for numbers in staged(segments)]
    ids = [NOBODY, *(stage.ids for stage in stages), NOBODY]
    for number, stage in enumerate(stages):
        stage.meet(ids[number], ids[number + 2])
    return stages


def _furthest(segments: Sequence[Segment], rules: Rules, last: date, max_wait_min: int) -> date:
    longest = (max((able.duration_min for able, _ in each.candidates), default=0) for each in segments)
    minutes = sum(longest) + max_wait_min * (len(segments) - 1)
    return local_date(day_span(last, rules.zone)[1] + minutes * 60, rules.zone) + timedelta(days=1)


def grid(
    *, who: Performer, rules: Rules, first: date, last: date, now: int, override: Set[str], later: frozenset
) -> frozenset[int]:
    """The starts of a visit whose first part is this performer's: on the grid, in time, and standing at best (D8, D9)."""
    after = who.id not in later
    key = id(who.able), id(who.person), after, first, last, now, frozenset(override)
    if key not in who.dates.grids:
        able = who.effective(before=True, after=after)
        asked = {"able": able, "person": who.person, "rules": rules, "first": first, "last": last}
        who.dates.grids[key] = frozenset(openings(**asked, now=now, override=override))
    return who.dates.grids[key]
