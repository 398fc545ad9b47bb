"""Visits against the reference that tries everything: ten thousand small days, and proof that a difference shows."""

from random import Random

import pytest

from bookings.availability import arrange, plans, taken, visit_reasons

from .random_visits import random_class, random_visit, tangled_visit
from .reference_visits import Reference, joined

DAYS_A_TEST = 1000


def engine(asked, *names):
    return {name: asked[name] for name in ("segments", "rules", "now", *names)}


def found_by_engine(asked):
    answer = plans(**engine(asked, "max_wait_min"), first=asked["day"], last=asked["day"])
    return {plan.start: plan for plan in answer}


def as_ticks(reference, plan):
    return [(part.person_id, reference.tick(part.start)) for part in plan.parts]


def differences(asked, reference, offered, rng):
    """What the engine, which offers `offered`, and the reference disagree on, for one visit on one date."""
    best = reference.best_by_start()
    if set(best) != set(offered):
        return f"starts {sorted(set(best) ^ set(offered))}"
    for plan in offered.values():
        if not reference.stands(as_ticks(reference, plan)):
            return f"plan {plan}"
    sample = set(rng.sample(sorted(best), min(2, len(best))))
    for start in sample:
        plan = arrange(**engine(asked, "max_wait_min", "rank"), start=start)
        if plan is None or reference.cost(as_ticks(reference, plan)) != best[start]:
            return f"arranged {plan}, not the best: {best[start]}"
        if clash := overlapping(taken(segments=asked["segments"], plan=plan)) or lacking(asked, plan):
            return f"taken {clash}"
    for start in {*sorted(sample)[:1], *others(reference, rng)}:
        refused = visit_reasons(**engine(asked, "max_wait_min"), start=start)
        if bool(refused) == (start in best):
            return f"reasons at {start}: {refused}"
    return None


def others(reference, rng):
    """A start that may be on the grid, and one that is on none."""
    tick = reference.second(rng.choice(reference.ticks.of_date[reference.ticks.day]))
    return {tick, tick + rng.randrange(1, 300)}


def overlapping(rows):
    """The rows of one lane that share an instant."""
    lanes = {}
    for row in rows:
        lanes.setdefault((row.person_id, row.resource_id, row.lane), []).append((row.start, row.end))
    return [
        (key, one, other)
        for key, spans in lanes.items()
        for n, one in enumerate(spans)
        for other in spans[n + 1 :]
        if max(one[0], other[0]) < min(one[1], other[1])
    ]


def lacking(asked, plan):
    """The rows that meet what their lane holds already, or a lane above the capacity."""
    owners = {}
    for segment in asked["segments"]:
        for able, person in segment.candidates:
            owners[person.id, None] = person
            owners |= {(None, each.id): each for each in able.resources}
    wrong = []
    for row in taken(segments=asked["segments"], plan=plan):
        owner = owners[row.person_id, row.resource_id]
        held = [span for lane in (*owner.busy[row.lane : row.lane + 1], *owner.busy[owner.capacity :]) for span in lane]
        if row.lane >= owner.capacity or any(max(low, row.start) < min(high, row.end) for low, high in held):
            wrong.append(row)
    return wrong


@pytest.mark.parametrize(
    ("visit", "seed"),
    [*((random_visit, seed) for seed in range(6)), *((tangled_visit, seed) for seed in range(4))],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_visits_are_what_the_reference_finds(visit, seed):
    wrong, offered, longest = {}, 0, 0
    for number in range(DAYS_A_TEST):
        rng = Random(f"visit {seed} {number}")
        asked = visit(rng)
        found = found_by_engine(asked)
        difference = differences(asked, Reference(**asked), found, rng)
        if difference:
            wrong[number] = difference
        offered += len(found)
        longest = max(longest, len(asked["segments"]) if found else 0)

    assert wrong == {}
    assert offered > 500, "visits that fit nowhere compare nothing"
    assert longest == 4


def test_lane_that_lets_the_next_in_turn_come_later_is_found():
    """One person's lane leaves the room in which another, whose turn it is, may work at the end."""
    asked = tangled_visit(Random("rank 18968"))
    reference = Reference(**asked)

    best = reference.best_by_start()
    arranged = {start: arrange(**engine(asked, "max_wait_min", "rank"), start=start) for start in best}

    assert {start: reference.cost(as_ticks(reference, plan)) for start, plan in arranged.items()} == best


def test_classes_are_what_the_reference_finds():
    wrong, seats = {}, 0
    for number in range(DAYS_A_TEST):
        rng = Random(f"class {number}")
        asked = random_class(rng)
        reference = Reference(**asked | {"segments": [openers(asked["segments"][0])]})
        expected = set(reference.best_by_start()) | joined(Reference(**asked))
        seats += len(joined(Reference(**asked)))

        offered = found_by_engine(asked)
        sample = {*offered, *expected, *others(reference, rng)}
        free = {start for start in sample if not visit_reasons(**engine(asked), start=start)}
        arranged = {start for start in sample if arrange(**engine(asked, "rank"), start=start)}
        if not set(offered) == free == arranged == expected:
            wrong[number] = sorted(expected ^ set(offered)), sorted(expected ^ free), sorted(expected ^ arranged)

    assert wrong == {}
    assert seats > 200, "full classes compare nothing"


def openers(segment):
    """The segment with those only who may open a class."""
    pairs = tuple((able, person) for able, person in segment.candidates if not able.joins_only)
    return type(segment)(candidates=pairs, name=segment.name)


@pytest.mark.parametrize("rule", ["inner buffers", "resources", "processing", "breaks", "service hours"])
def test_reference_without_a_rule_is_found_out(rule):
    different = 0
    for number in range(300):
        rng = Random(f"broken {number}")
        asked = random_visit(rng)
        broken = Reference(**asked, ignore={rule})
        different += differences(asked, broken, found_by_engine(asked), rng) is not None

    assert different > 0


def test_plan_of_too_long_a_wait_does_not_stand_in_the_reference():
    rng = Random("waits")
    found = []
    while len(found) < 20:
        asked = random_visit(rng)
        reference = Reference(**asked)
        if len(reference.stages) > 1:
            found += [(reference, as_ticks(reference, plan)) for plan in found_by_engine(asked).values()]

    late = [
        reference.stands([*plan[:-1], (plan[-1][0], plan[-1][1] + len(reference.waits))]) for reference, plan in found
    ]

    assert [reference.stands(plan) for reference, plan in found] == [True] * len(found)
    assert late == [False] * len(found)
