"""What the parts of one visit do to each other beyond the neighbouring stage: units kept in runs, buffers that reach far.

Most visits need none of this; `Loads.of` says so with None, and the search stays small.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from .lanes import Lanes
from .stages import Performer, Stage


class Placed(NamedTuple):
    """A part whose buffer after is not settled before the next stage is. `lane`: of people who may meet themselves."""

    who: Performer
    start: int
    lane: int | None


class Run(NamedTuple):
    """A resource kept over neighbouring stages, so far. `lane` is settled only where another run may meet it."""

    resource: object
    start: int
    end: int
    lane: int | None


class Load(NamedTuple):
    """The parts of the stage before, the open runs, and what closed parts and runs hold of a lane: (owner, lane, end)."""

    placed: tuple[Placed, ...] = ()
    runs: frozenset[Run] = frozenset()
    tails: frozenset[tuple] = frozenset()


# Resources, each with bits for the units that are free since its run began.
Units = tuple[tuple[object, int], ...]
NOTHING = Load()
# An owner of lanes is one of these with an id.
PERSON, UNIT = "person", "unit"


class Loads:
    """The rules of runs and far-reaching buffers for one visit."""

    def __init__(self, *, stages: Sequence[Stage], shared: set, crossing: set):
        everybody = [who for stage in stages for group in stage.segments for who in group]
        self._shared, self._crossing = shared, crossing
        self._surely = [_surely(stage, shared) for stage in stages]
        self._reach = max((who.before for who in everybody), default=0)
        self._lanes = {}
        for who in everybody:
            owners = [(PERSON, who.person), *((UNIT, each) for each in who.resources)]
            for key, each in (((kind, each.id), each) for kind, each in owners):
                if key in shared | crossing and key not in self._lanes:
                    self._lanes[key] = Lanes(busy=each.busy, capacity=each.capacity, blocks=each.blocks)

    @classmethod
    def of(cls, stages: Sequence[Stage]) -> "Loads | None":
        """None where no resource is needed twice and nobody's buffers reach over a whole stage."""
        shared, crossing = _needed_twice(stages), _crossing(stages)
        return cls(stages=stages, shared=shared, crossing=crossing) if shared or crossing else None

    def after(self, load: Load | None, cast: Sequence[tuple[Performer, bool]], start: int) -> Iterator[Load]:
        """The loads with which a cast may begin its stage at `start`: one for each choice of lanes."""
        needs = self._needs(cast, start)
        settled = self._settled(load or NOTHING, {who.id for who, _ in cast}, needs)
        if settled is None:
            return
        runs, tails = settled
        tails = frozenset(tail for tail in tails if tail[2] > start - self._reach)
        lanes_of_people = [self._lanes_for(who, kept, start, tails) for who, kept in cast]
        lanes_of_runs = [self._runs_for(resource, span, runs, tails) for resource, span in needs.items()]
        for lanes in product(*lanes_of_people):
            placed = [Placed(who, start, lane) for (who, _), lane in zip(cast, lanes, strict=True)]
            relevant = tuple(each for each in placed if each.lane is not None or self._uses(each.who))
            for opened in product(*lanes_of_runs):
                yield Load(relevant, frozenset(opened), tails)

    def held(self, number: int, start: int, units: Units) -> Units | None:
        """The units left for the resources that stage `number` needs whoever works in it; None where one has none.

        `units` are those a run going on may still keep. A quick no: buffers and people are not looked at.
        """
        going, left = dict(units), []
        for resource, shortest in self._surely[number].items():
            free = going.get(resource, -1) & self._lanes[resource].mask(start, start + shortest)
            if not free:
                return None
            left.append((resource, free))
        return tuple(left)

    def carried(self, number: int, start: int, units: Units, later: int) -> Units | None:
        """Those of `units` that stage `number` may keep, which begins `later`; None where a run has none to keep."""
        left = []
        for resource, free in units:
            if resource in self._surely[number]:
                free &= self._lanes[resource].mask(start, later)
                if not free:
                    return None
                left.append((resource, free))
        return tuple(left)

    def running(self, number: int, load: Load, later: int) -> Units | None:
        """`carried` of a load: its runs have begun in earnest, buffers included."""
        left = []
        for run in load.runs:
            if run.resource in self._surely[number]:
                free = self._lanes[run.resource].mask(run.start, later)
                if run.lane is not None:
                    free &= 1 << run.lane
                if not free:
                    return None
                left.append((run.resource, free))
        return tuple(sorted(left, key=str))

    def ends_well(self, load: Load) -> bool:
        """Whether the visit may end here: everybody keeps the buffer after, every run is closed."""
        return self._settled(load, set(), {}) is not None

    def _uses(self, who: Performer) -> bool:
        return any((UNIT, each.id) in self._shared for each in who.resources)

    def _needs(self, cast: Sequence[tuple[Performer, bool]], start: int) -> dict[object, tuple[int, int]]:
        """Per shared resource, from when to when the cast surely needs it; buffers after are not settled yet."""
        needs: dict[object, tuple[int, int]] = {}
        for who, kept in cast:
            low, high = start - who.before * kept, start + who.length
            for each in who.resources:
                key = UNIT, each.id
                if key in self._shared:
                    known = needs.get(key, (low, high))
                    needs[key] = min(low, known[0]), max(high, known[1])
        return needs

    def _settled(self, load: Load, people: set, needs: dict) -> tuple[dict, set] | None:
        """The runs that go on and the tails, once it is known who works next and what is needed; None if a lane is full."""
        tails, ends = set(load.tails), {}
        for who, start, lane in load.placed:
            after = 0 if who.id in people else who.after
            for each in who.resources:
                ends[UNIT, each.id] = max(ends.get((UNIT, each.id), 0), start + who.length + after)
            if lane is not None:
                low, high = who.ranges(start, before=False, after=bool(after))[-1]
                if not self._lanes[PERSON, who.id].free(lane, low, high):
                    return None
                tails.add(((PERSON, who.id), lane, high))
        going = {}
        for run in load.runs:
            longer = run._replace(end=max(run.end, ends.get(run.resource, 0)))
            if not self._is_free(longer, tails):
                return None
            if run.resource in needs:
                going[run.resource] = longer
            elif run.lane is not None:
                tails.add((run.resource, run.lane, longer.end))
        return going, tails

    def _lanes_for(self, who: Performer, kept: bool, start: int, tails: frozenset) -> list[int | None]:
        owner = PERSON, who.id
        if owner not in self._crossing:
            return [None]
        ranges = who.ranges(start, before=kept, after=False)
        free = self._lanes[owner].all_free(ranges)
        return [lane for lane in free if not _held(owner, lane, ranges[0][0], tails)]

    def _runs_for(self, resource: object, span: tuple[int, int], runs: dict, tails: frozenset) -> list[Run]:
        low, high = span
        going = runs.get(resource)
        if going is not None:
            low, high, lanes = min(low, going.start), max(high, going.end), [going.lane]
        elif resource in self._crossing:
            lanes = list(self._lanes[resource].all_free([span]))
        else:
            lanes = [None]
        wanted = [Run(resource, low, high, lane) for lane in lanes]
        return [run for run in wanted if self._is_free(run, tails)]

    def _is_free(self, run: Run, tails: Sequence[tuple] | set) -> bool:
        lanes, span = self._lanes[run.resource], (run.start, run.end)
        if run.lane is None:
            return next(lanes.all_free([span]), None) is not None
        return lanes.free(run.lane, *span) and not _held(run.resource, run.lane, run.start, tails)


def _held(owner: object, lane: int, start: int, tails: Sequence[tuple] | set) -> bool:
    """Whether an earlier part or run of this visit still holds the lane at `start`. What is later began after it."""
    return any(tail[:2] == (owner, lane) and tail[2] > start for tail in tails)


def _surely(stage: Stage, shared: set) -> dict[object, int]:
    """The shared resources the stage needs whoever works in it, each with the seconds it surely takes."""
    found: dict[object, int] = {}
    for group in stage.segments:
        needs = [{(UNIT, each.id) for each in who.resources} & shared for who in group]
        for resource in set.intersection(*needs) if needs else ():
            found[resource] = max(found.get(resource, 0), min(who.length for who in group))
    return found


def _needed_twice(stages: Sequence[Stage]) -> set:
    """The resources that more than one segment may need."""
    seen, twice = set(), set()
    for stage in stages:
        for group in stage.segments:
            needed = {(UNIT, each.id) for who in group for each in who.resources}
            twice |= seen & needed
            seen |= needed
    return twice


def _crossing(stages: Sequence[Stage]) -> set:
    """The people and resources whose buffers may reach from one part of theirs over a whole stage into another."""
    found = set()
    for (i, early), (j, late) in combinations(enumerate(stages), 2):
        between = sum(stage.shortest for stage in stages[i + 1 : j])
        ends, begins = _most(early, "after"), _most(late, "before")
        if j - i > 1:
            found |= {owner for owner in ends.keys() & begins.keys() if ends[owner] + begins[owner] > between}
    return found


def _most(stage: Stage, side: str) -> dict[object, int]:
    """The longest buffer on a side of each person and resource that may work in the stage."""
    most: dict[object, int] = {}
    for group in stage.segments:
        for who in group:
            for owner in ((PERSON, who.id), *((UNIT, each.id) for each in who.resources)):
                most[owner] = max(most.get(owner, 0), getattr(who, side))
    return most
