"""Finds who does what when: depth-first over the stages, remembering what every point led to.

A point of the search is everything the rest of the visit depends on: the stage, its start, those of the people before
who may go on, who of them must, and, only where parts or runs can get in each other's way, the `Load`.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from .loads import Load, Loads, Units
from .plan import WAIT_STEP_MIN, Part, Plan, Segment
from .stages import NOBODY, Dates, Performer, Stage, dates_of, grid, stages_of
from .values import Rules

Cast = tuple[tuple[Performer, bool], ...]


class Way(NamedTuple):
    """The stages from some point on, with what they cost: hand-overs, then seconds of waiting, then the ranks."""

    handovers: int
    wait: int
    ranks: tuple
    parts: tuple[tuple[Performer, int], ...]

    def beats(self, other: "Way | None") -> bool:
        return other is None or self[:3] < other[:3]


class Search:
    """One visit asked for on some dates. `any_plan`: take the first plan that stands, not the best one.

    `dates`: those of another search for the same dates, of the same candidates or more of them (`dates`).
    """

    def __init__(
        self,
        *,
        segments: Sequence[Segment],
        rules: Rules,
        first: date,
        last: date,
        now: int,
        max_wait_min: int = 0,
        override: Set[str] = frozenset(),
        rank: Mapping[object, object] | None = None,
        any_plan: bool = False,
        dates: Dates | None = None,
    ):
        self.dates = dates or dates_of(
            segments=segments, rules=rules, first=first, last=last, max_wait_min=max_wait_min
        )
        self.stages: list[Stage] = stages_of(segments=segments, rank=rank, dates=self.dates)
        self.waits = range(0, max_wait_min * 60 + 1, WAIT_STEP_MIN * 60)
        opening = self.stages[0]
        self._grids = {
            who: grid(who=who, rules=rules, first=first, last=last, now=now, override=override, later=opening.later)
            for who in opening.segments[0]
        }
        self._any_plan = any_plan
        self._unavoidable = unavoidable(self.stages)
        self._loads = Loads.of(self.stages)
        self._may: list[dict[tuple[int, Units], bool]] = [{} for _ in self.stages]
        self._known: dict[tuple, Way | None] = {}

    @property
    def starts(self) -> list[int]:
        """The starts worth a look: on the grid of somebody who may do the first part."""
        return sorted(frozenset().union(*self._grids.values()))

    def plan(self, start: int) -> Plan | None:
        if not self._may_be(0, start):
            return None
        way = self._rest(0, start, NOBODY, NOBODY, None)
        return way and Plan(tuple(_part(who, at) for who, at in way.parts))

    def ends(self, number: int, start: int) -> list[int]:
        """When a stage that starts then may end at best; none where it cannot stand, whoever does the rest."""
        ends = self.stages[number].ends(start)
        if number == 0:
            lengths = {who.length for who, starts in self._grids.items() if start in starts}
            ends = [end for end in ends if lengths and end - start >= min(lengths)]
        return ends

    def stuck(self, start: int) -> tuple[int, int] | None:
        """The first stage that cannot stand however the visit went until then, and the earliest it could start."""
        reached = {start}
        for number in range(len(self.stages)):
            ends = {end for moment in reached for end in self.ends(number, moment)}
            if not ends:
                return number, min(reached)
            reached = {end + wait for end in ends for wait in self.waits}
        return None

    def _may_be(self, number: int, start: int, units: Units | None = ()) -> bool:
        """Whether the stages from this one on could stand if nobody minded anybody else: a quick no.

        `units` are those that running resources may keep, None where one of them has none left.
        """
        if units is None:
            return False
        known, point = self._may[number], (start, units)
        if point not in known:
            known[point] = self._goes_through(number, start, units)
        return known[point]

    def _goes_through(self, number: int, start: int, units: Units) -> bool:
        ends = self.ends(number, start)
        left = units if self._loads is None else self._loads.held(number, start, units)
        if not ends or left is None:
            return False
        if number + 1 == len(self.stages):
            return True
        return any(
            self._may_be(
                number + 1,
                end + wait,
                left and self._loads.carried(number + 1, start, left, end + wait),
            )
            for end in ends
            for wait in self.waits
        )

    def _rest(self, number: int, start: int, people: frozenset, must: frozenset, load: Load | None) -> Way | None:
        """The best way through the stages from `number` on, this one at `start`.

        `people` are those of the stage before who may go on, `must` those of them who have to: their buffer does not fit.
        """
        point = number, start, people, must, load
        if point in self._known:
            return self._known[point]
        best = None
        for cast in self._casts(number, start, people, must):
            way = self._with(number, start, cast, load)
            if way is not None and way.beats(best):
                best = way
                if self._any_plan or self._unbeatable(number, people, best):
                    break
        self._known[point] = best
        return best

    def _with(self, number: int, start: int, cast: Cast, load: Load | None) -> Way | None:
        """The best way with this cast, over all lanes it may take: they decide who may come later."""
        best = None
        for carried in (None,) if self._loads is None else self._loads.after(load, cast, start):
            way = self._onward(number, start, cast, carried)
            if way is not None and way.beats(best):
                best = way
                if self._any_plan:
                    break
        return best

    def _unbeatable(self, number: int, people: frozenset, way: Way) -> bool:
        """Nothing later in the order can be better: no waiting, and only the hand-overs that nobody could avoid.

        Casts come in the order of their ranks, those of people who go on first; side by side they do not.
        """
        stage = self.stages[number]
        if way.wait or len(stage.segments) > 1:
            return False
        handed_over = number > 0 and stage.order(0, people)[0][1]
        return way.handovers == handed_over + self._unavoidable[number]

    def _onward(self, number: int, start: int, cast: Cast, load: Load | None) -> Way | None:
        here = tuple((who, start) for who, _ in cast)
        ranks = tuple(who.rank for who, _ in cast)
        handover = int(number > 0 and all(kept for _, kept in cast))
        if number + 1 == len(self.stages):
            stands = self._loads is None or self._loads.ends_well(load)
            return Way(handover, 0, ranks, here) if stands else None
        best = None
        people, must = self._goes_on(number, start, cast)
        end = start + max(who.length for who, _ in cast)
        for wait in self.waits:
            units = () if load is None else self._loads.running(number + 1, load, end + wait)
            if not self._may_be(number + 1, end + wait, units):
                continue
            rest = self._rest(number + 1, end + wait, people, must, load)
            if rest is None:
                continue
            way = Way(handover + rest.handovers, wait + rest.wait, ranks + rest.ranks, here + rest.parts)
            if way.beats(best):
                best = way
                if self._any_plan:
                    break
        return best

    def _goes_on(self, number: int, start: int, cast: Cast) -> tuple[frozenset, frozenset]:
        later = self.stages[number].later
        people, must = NOBODY, NOBODY
        for who, kept in cast:
            if who.id in later:
                people |= who.alone
                if who.after and not who.stands(start, before=kept, after=True):
                    must |= who.alone
        return people, must

    def _casts(self, number: int, start: int, people: frozenset, must: frozenset) -> Iterator[Cast]:
        """Everybody's part in the stage: different people, each standing at `start`, all who must go on among them."""
        stage = self.stages[number]
        last = len(stage.segments) - 1

        def fill(segment: int, cast: Cast, busy: frozenset) -> Iterator[Cast]:
            for who, kept in stage.order(segment, people):
                if who.id in busy or (number == segment == 0 and start not in self._grids[who]):
                    continue
                if not who.stands(start, before=kept, after=who.id not in stage.later):
                    continue
                if segment < last:
                    yield from fill(segment + 1, (*cast, (who, kept)), busy | who.alone)
                elif must <= busy | who.alone:
                    yield (*cast, (who, kept))

        return fill(0, (), NOBODY)


def unavoidable(stages: Sequence[Stage]) -> list[int]:
    """For each stage, how many hand-overs after it no choice of people avoids: neighbours that share nobody."""
    people = [frozenset(who.id for segment in stage.segments for who in segment) for stage in stages]
    apart = [one.isdisjoint(two) for one, two in pairwise(people)]
    return [sum(apart[number:]) for number in range(len(stages))]


def _part(who: Performer, start: int) -> Part:
    return Part(who.segment, who.id, who.person.name, who.able.price_cents, start, start + who.length)
