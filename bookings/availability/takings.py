"""What a settled plan occupies: whom, which resource, in which lane (D6, D12)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .intervals import Span
from .lanes import Lanes, assign
from .occupancy import held, occupied
from .plan import Part, Plan, Segment, Taken, staged
from .stages import NOBODY, effective
from .values import Able, Person, Resource


class Settled(NamedTuple):
    """A part with its service as it is in this plan: the buffers that fall away are gone."""

    part: Part
    able: Able
    person: Person


class Unit(NamedTuple):
    """A resource kept for a run of neighbouring stages, booked with the first part that needs it."""

    segment: int
    resource: Resource
    span: Span


def taken(*, segments: Sequence[Segment], plan: Plan) -> list[Taken]:
    """Every range the plan occupies, each in a lane that is free: what the write stores. Nothing for a joined session.

    The unit of a run of neighbouring stages is one range and names the first segment that needs it. Raises ValueError
    where a lane is missing: such a plan does not stand.
    """
    if plan.parts[0].session_id is not None:
        return []
    stages = settled(segments=segments, plan=plan)
    return [*_of_people(stages), *_of_resources(stages)]


def claims(*, segments: Sequence[Segment], plan: Plan) -> tuple[tuple[object, Person | Resource, tuple], ...]:
    """What the plan wants of everybody and everything, before lanes are chosen: (key, whose, claims), each claim of one lane."""
    stages = settled(segments=segments, plan=plan)
    found: dict[object, tuple[Person | Resource, list[tuple[Span, ...]]]] = {}
    for each in (each for stage in stages for each in stage):
        wanted = found.setdefault(("person", each.person.id), (each.person, []))[1]
        wanted.append(tuple(occupied(able=each.able, start=each.part.start)))
    for unit in runs(stages):
        found.setdefault(("unit", unit.resource.id), (unit.resource, []))[1].append((unit.span,))
    return tuple((key, owner, tuple(wanted)) for key, (owner, wanted) in found.items())


def settled(*, segments: Sequence[Segment], plan: Plan) -> list[list[Settled]]:
    """The parts stage by stage, with the buffers they keep."""
    numbers = list(staged(segments))
    people = [NOBODY, *(frozenset(plan.parts[n].person_id for n in stage) for stage in numbers), NOBODY]
    return [
        [_settle(segments[n], plan.parts[n], people[place], people[place + 2]) for n in stage]
        for place, stage in enumerate(numbers)
    ]


def runs(stages: Sequence[Sequence[Settled]]) -> list[Unit]:
    """The units the visit keeps, each from the earliest effective start to the latest effective end of its parts."""
    found, going = [], {}
    for stage in stages:
        now: dict[object, Unit] = {}
        for part, able, _ in stage:
            low, high = held(able=able, start=part.start)
            for each in able.resources:
                unit = now.get(each.id) or going.get(each.id) or Unit(part.segment, each, (low, high))
                now[each.id] = unit._replace(span=(min(low, unit.span[0]), max(high, unit.span[1])))
        found += [unit for key, unit in going.items() if key not in now]
        going = now
    return [*found, *going.values()]


def _settle(segment: Segment, part: Part, earlier: frozenset, later: frozenset) -> Settled:
    able, person = next(pair for pair in segment.candidates if pair[1].id == part.person_id)
    kept = effective(able, before=person.id not in earlier, after=person.id not in later)
    return Settled(part, kept, person)


def _of_people(stages: Sequence[Sequence[Settled]]) -> Iterator[Taken]:
    by_person: dict[object, list[Settled]] = {}
    for each in (each for stage in stages for each in stage):
        by_person.setdefault(each.person.id, []).append(each)
    rows = []
    for group in by_person.values():
        person = group[0].person
        claims = [occupied(able=each.able, start=each.part.start) for each in group]
        for each, claim, lane in zip(group, claims, _assigned(person, claims), strict=True):
            rows += [Taken(each.part.segment, person.id, None, lane, *span) for span in claim]
    return iter(sorted(rows, key=lambda row: (row.segment, row.start)))


def _of_resources(stages: Sequence[Sequence[Settled]]) -> Iterator[Taken]:
    by_resource: dict[object, list[Unit]] = {}
    for unit in runs(stages):
        by_resource.setdefault(unit.resource.id, []).append(unit)
    for units in by_resource.values():
        lanes = _assigned(units[0].resource, [[unit.span] for unit in units])
        for unit, lane in zip(units, lanes, strict=True):
            yield Taken(unit.segment, None, unit.resource.id, lane, *unit.span)


def _assigned(owner: Person | Resource, claims: Sequence[Sequence[Span]]) -> list[int]:
    lanes = assign(Lanes(busy=owner.busy, capacity=owner.capacity, blocks=owner.blocks), claims)
    if lanes is None:
        raise ValueError(f"no lane is free for {owner.name or owner.id}")
    return lanes
