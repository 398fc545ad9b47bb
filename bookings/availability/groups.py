"""Several visits at once: a family that comes together, or one after the other. See docs/decisions/0048-families.md."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, pairwise, product
from typing import NamedTuple

from .clock import instant, local_date, local_label
from .days import Day
from .engine import offered
from .hours import dates
from .lanes import Lanes, assign
from .plan import Part, Plan, Segment
from .search import Search
from .takings import claims
from .values import Resource, Rules
from .visits import search_for

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One of those who come: a visit as `arrange` takes it."""

    segments: Sequence[Segment]
    rules: Rules
    max_wait_min: int = 0


class GroupSlot(NamedTuple):
    """A start at which all fit, the time the venue's clock shows then, and the plan of each guest."""

    start: int
    label: str
    plans: tuple[Plan, ...]

    @property
    def start_at(self):
        return instant(self.start)

    @property
    def end_at(self):
        """When the last of them is done."""
        return instant(max(plan.end for plan in self.plans))


def group_days(
    *,
    guests: Sequence[Guest],
    first: date,
    last: date,
    now: int,
    together: bool,
    most: int | None = None,
    override: Set[str] = frozenset(),
) -> list[Day]:
    """For every date from `first` to `last`, the starts of the first guest at which all fit (`GroupSlot`); at `most` so
    many a date, the earliest.

    `together`: all start at that instant. Else each starts when the one before is done, on the grid, later only as far as
    clean-up asks for. `override` names rules staff set aside. Whoever takes the visits one by one, each with the people
    of its plan, gets all of them.
    """
    zone = guests[0].rules.zone
    search = _Search(guests, first, last, now, together, None, override)
    by_date: dict[date, list[GroupSlot]] = {day: [] for day in dates(first, last)}
    for start in search.starts:
        day = local_date(start, zone)
        if day not in by_date or (most is not None and len(by_date[day]) >= most):
            continue
        if found := search.plans(start):
            by_date[day].append(GroupSlot(start, local_label(start, zone), found))
    return [Day(day, tuple(slots)) for day, slots in by_date.items()]


def group_plans(
    *,
    guests: Sequence[Guest],
    start: int,
    now: int,
    together: bool,
    rank: Mapping[object, object] | None = None,
    override: Set[str] = frozenset(),
) -> tuple[Plan, ...] | None:
    """The plan of each guest where the first starts at `start`; None where not all of them fit. `rank` and `override` as in
    `arrange`."""
    day = local_date(start, guests[0].rules.zone)
    search = _Search(guests, day, day, now, together, rank, override)
    return search.plans(start) if start in search.starts else None


class _Option(NamedTuple):
    """One way to take a guest at a start, and what it claims: (key, owner, claims)."""

    plan: Plan
    claims: tuple


class _Options:
    """The ways to take one guest, found as they are asked for: the engine's own choice first, then every other cast."""

    def __init__(
        self,
        guest: Guest,
        first: date,
        last: date,
        now: int,
        rank: Mapping[object, object] | None,
        override: Set[str],
    ):
        self._segments = guest.segments
        self._asked = {"rules": guest.rules, "first": first, "last": last, "now": now, "override": override}
        self._more = {"max_wait_min": guest.max_wait_min, "rank": rank}
        self._known: dict[int, tuple[list[_Option], Iterator[Plan]]] = {}
        self._searches: dict[int, Search] = {}
        self.alone = len(guest.segments) == 1
        if self.alone:
            candidates = guest.segments[0].candidates
            self._capacity = {person.id: person.capacity for _, person in candidates}
            slots = offered(candidates=candidates, **self._asked)
            self._slots = {slot.start: _in_order(slot.options, rank) for slot in slots}
            self.starts = sorted(self._slots)
        else:
            self._casts = sorted(
                product(*(each.candidates for each in guest.segments)),
                key=lambda cast: len({person.id for _, person in cast}),
            )
            self._best = search_for(segments=guest.segments, **self._asked, **self._more)
            self.starts = [start for start in sorted(self._best.starts) if self._best.plan(start) is not None]

    def get(self, start: int, number: int) -> _Option | None:
        """The option of that number at a start, None beyond the last."""
        if start not in self._known:
            self._known[start] = [], self._ways(start)
        known, more = self._known[start]
        while len(known) <= number:
            plan = next(more, None)
            if plan is None:
                return None
            known.append(_Option(plan, claims(segments=self._segments, plan=plan)))
        return known[number]

    def people(self, start: int) -> list[tuple[object, int]]:
        """Who can do the one service that is wanted, and how many they serve at a time."""
        return [(each.person_id, self._capacity[each.person_id]) for each in self._slots.get(start, ())]

    def _ways(self, start: int) -> Iterator[Plan]:
        if self.alone:
            for each in self._slots.get(start, ()):
                yield Plan((Part(0, each.person_id, each.name, each.price_cents, start, each.end),))
            return
        best = self._best.plan(start)
        if best is None:
            return
        yield best
        people = [part.person_id for part in best.parts]
        for number, cast in enumerate(self._casts):
            if [person.id for _, person in cast] == people:
                continue
            plan = self._with(number, cast).plan(start)
            if plan is not None:
                yield plan

    def _with(self, number: int, cast: tuple) -> Search:
        """The search with one person for each service; few of them are ever asked for."""
        if number not in self._searches:
            named = [replace(each, candidates=(who,)) for each, who in zip(self._segments, cast, strict=True)]
            self._searches[number] = search_for(segments=named, **self._asked, **self._more, dates=self._best.dates)
        return self._searches[number]


def _in_order(options: Sequence, rank: Mapping[object, object] | None) -> Sequence:
    return options if rank is None else sorted(options, key=lambda option: rank[option.person_id])


class _Search:
    """All guests in their order, each in the lanes the ones before have left: what one writer after the other would get."""

    def __init__(
        self,
        guests: Sequence[Guest],
        first: date,
        last: date,
        now: int,
        together: bool,
        rank: Mapping[object, object] | None,
        override: Set[str],
    ):
        self._together = together
        # Guests who want the same are asked about once. Who comes after somebody may start past midnight.
        until = last if together else last + ONE_DAY
        unlike = {id(guest): guest for guest in guests}
        known = {key: _Options(guest, first, until, now, rank, override) for key, guest in unlike.items()}
        self._options = [known[id(guest)] for guest in guests]
        self._late = [0, *(_latest(*pair) for pair in pairwise(guests))]
        self._before = [_before(guest) for guest in guests]
        self._lanes: dict[object, Lanes] = {}
        # What follows a point depends on nothing but the point: the starts of a day share what is known of it.
        self._known: dict[tuple, tuple[Plan, ...] | None] = {}
        self._chairs = _surely_needed(guests) if together else []
        self.starts = self._options[0].starts
        if together:
            common = set(self.starts).intersection(*(options.starts for options in self._options))
            self.starts = sorted(common)

    def plans(self, start: int) -> tuple[Plan, ...] | None:
        if self._together and not (self._enough_chairs(start) and self._enough_people(start)):
            return None
        return self._from(0, start, frozenset())

    def _enough_chairs(self, start: int) -> bool:
        """A quick no: at the first instant there is a chair for everybody who surely sits in one."""
        return all(
            self._lanes_of(("unit", each.id), each).mask(start, start + 1).bit_count() >= many
            for each, many in self._chairs
        )

    def _enough_people(self, start: int) -> bool:
        """A quick no: whoever wants one service can have somebody, nobody having more than they serve at a time."""
        serving: dict[object, list[int]] = {}

        def seat(number: int, asked: set) -> bool:
            for who, capacity in self._options[number].people(start):
                if who in asked:
                    continue
                asked.add(who)
                guests = serving.setdefault(who, [])
                if len(guests) < capacity:
                    guests.append(number)
                    return True
                for place, other in enumerate(guests):
                    if seat(other, asked):
                        guests[place] = number
                        return True
            return False

        return all(seat(number, set()) for number, options in enumerate(self._options) if options.alone)

    def _lanes_of(self, key: object, owner: object) -> Lanes:
        if key not in self._lanes:
            self._lanes[key] = Lanes(busy=owner.busy, capacity=owner.capacity, blocks=owner.blocks)
        return self._lanes[key]

    def _from(self, number: int, start: int, held: frozenset) -> tuple[Plan, ...] | None:
        """The plans of the guests from `number` on, beside what the others hold: (key, lane, claim)."""
        if number == len(self._options):
            return ()
        point = number, start, held
        if point not in self._known:
            self._known[point] = self._found(number, start, held)
        return self._known[point]

    def _found(self, number: int, start: int, held: frozenset) -> tuple[Plan, ...] | None:
        for at in self._starts(number, start):
            for option in self._at(number, at):
                more = self._fitting(option, held)
                if more is None:
                    continue
                rest = self._next(number + 1, start, option.plan.end, held | more)
                if rest is not None:
                    return option.plan, *rest
        return None

    def _next(self, number: int, start: int, end: int, held: frozenset) -> tuple[Plan, ...] | None:
        if self._together or number == len(self._options):
            return self._from(number, start, held)
        # What is over when the next one gets ready is in nobody's way: many ways to get here are then the same.
        ready = end - self._before[number]
        return self._from(number, end, frozenset(each for each in held if each[2][-1][1] > ready))

    def _starts(self, number: int, start: int) -> Sequence[int]:
        if self._together or not number:
            return (start,)
        starts = self._options[number].starts
        return starts[bisect_left(starts, start) : bisect_left(starts, start + self._late[number])]

    def _at(self, number: int, start: int) -> Iterator[_Option]:
        for which in count():
            option = self._options[number].get(start, which)
            if option is None:
                return
            yield option

    def _fitting(self, option: _Option, held: frozenset) -> frozenset | None:
        """What the option holds then, each claim in the lowest lane, as the write takes it; None where a lane is missing."""
        more = set()
        for key, owner, wanted in option.claims:
            there = [(lane, claim) for other, lane, claim in held if other == key]
            chosen = [lane for lane, _ in there]
            lanes = assign(self._lanes_of(key, owner), [*(claim for _, claim in there), *wanted], chosen)
            if lanes is None:
                return None
            more.update((key, lane, claim) for lane, claim in zip(lanes[len(there) :], wanted, strict=True))
        return frozenset(more)


def _surely_needed(guests: Sequence[Guest]) -> list[tuple[Resource, int]]:
    """The resources every cast of a guest's first service sits in, each with how many guests do."""
    found: dict[object, tuple[Resource, int]] = {}
    for guest in guests:
        needs = [{each.id: each for each in able.resources} for able, _ in guest.segments[0].candidates]
        for pk in set.intersection(*map(set, needs)) if needs else ():
            found[pk] = needs[0][pk], found.get(pk, (None, 0))[1] + 1
    return list(found.values())


def _latest(before: Guest, after: Guest) -> int:
    """How many seconds after the end of one guest the next may start: a step of the grid, and clean-up between them."""
    clean = max((able.buffer_after_min for each in before.segments for able, _ in each.candidates), default=0)
    return (after.rules.step_min + clean) * 60 + _before(after)


def _before(guest: Guest) -> int:
    """How many seconds before a guest's start somebody or something may be held for them."""
    return 60 * max((able.buffer_before_min for each in guest.segments for able, _ in each.candidates), default=0)
