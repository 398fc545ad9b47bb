"""A family is offered a start exactly when its visits can be taken one by one, each in what the ones before have left."""

import random
from dataclasses import replace
from itertools import product

import pytest

from bookings.availability import Guest, Resource, arrange, day_span, group_days, group_plans, taken

from .build import DAY, able, at, booked, busy, person, rules, segment_of, shown
from .random_visits import random_visit, tangled_visit

YESTERDAY = at("00:00") - 86400


def guest(*segments, step=15, **changes):
    return Guest(segments=segments, rules=rules(step), **changes)


def starts(*guests, together=True, form="%H:%M"):
    [day] = group_days(guests=guests, first=DAY, last=DAY, now=YESTERDAY, together=together)
    return shown([slot.start for slot in day.slots], form=form)


def test_two_who_come_together_have_different_people():
    ann, ben = person("09:00-11:00", id=1), person("10:00-12:00", id=2)
    cut = segment_of((60, ann), (60, ben))

    assert starts(guest(cut), guest(cut)) == ["10:00"]


def test_the_one_only_one_person_can_do_leaves_the_other_to_somebody_else():
    """First come would give Ann to the first guest, whom Ben could do as well."""
    ann, ben = person("09:00-10:00", id=1), person("09:00-10:00", id=2)

    plans = group_plans(
        guests=[guest(segment_of((60, ann), (60, ben))), guest(segment_of((60, ann)))],
        start=at("09:00"),
        now=YESTERDAY,
        together=True,
    )

    assert [plan.parts[0].person_id for plan in plans] == [2, 1]


def test_three_need_three_chairs():
    people = [person("09:00-10:00", id=number) for number in (1, 2, 3)]

    for capacity, offered in ((2, []), (3, ["09:00"])):
        chair = Resource(id="chair", capacity=capacity)
        cut = segment_of(*((60, who) for who in people), resources=(chair,))
        assert starts(guest(cut), guest(cut), guest(cut)) == offered


def test_somebody_who_serves_two_at_a_time_serves_two_of_them():
    ann = person("09:00-10:00", id=1, capacity=2)
    cut = segment_of((60, ann))

    assert starts(guest(cut), guest(cut)) == ["09:00"]
    assert starts(guest(cut), guest(cut), guest(cut)) == []


def test_one_after_another_with_the_same_person():
    ann = person("09:00-11:00", id=1)
    cut = segment_of((45, ann))

    [day] = group_days(guests=[guest(cut), guest(cut)], first=DAY, last=DAY, now=YESTERDAY, together=False)

    assert shown([slot.start for slot in day.slots]) == ["09:00", "09:15", "09:30"]
    assert shown([plan.start for plan in day.slots[0].plans]) == ["09:00", "09:45"]


def test_the_next_one_starts_on_the_grid_and_after_the_clean_up():
    ann = person("09:00-11:00", id=1)
    cut = segment_of((20, ann), after=10)

    plans = group_plans(guests=[guest(cut)] * 3, start=at("09:00"), now=YESTERDAY, together=False)

    assert shown([plan.start for plan in plans]) == ["09:00", "09:30", "10:00"]


def test_nobody_waits_for_a_person_who_is_taken():
    ann = replace(person("09:00-12:00", id=1), busy=busy(booked(able(60), "10:00")))
    cut = segment_of((60, ann))

    assert starts(guest(cut), guest(cut), together=False) == []


def test_five_of_ten_people_are_found_at_once():
    people = [person("09:00-17:00", id=number) for number in range(10)]
    cut = segment_of(*((60, who) for who in people))

    assert len(starts(*[guest(cut)] * 5)) == 29


def test_too_few_chairs_for_five_are_known_soon():
    """Ten people and four chairs: no choice of people helps, and not all of them are tried."""
    people = [person("09:00-10:00", id=number) for number in range(10)]
    cut = segment_of(*((60, who) for who in people), resources=(Resource(id="chair", capacity=4),))

    assert starts(*[guest(cut)] * 5) == []


@pytest.mark.parametrize("together", [True, False], ids=("together", "one after another"))
@pytest.mark.parametrize("make", [random_visit, tangled_visit], ids=("worlds", "tangles"))
@pytest.mark.parametrize("seed", range(40))
def test_what_is_offered_is_what_can_be_taken_one_by_one(make, seed, together):
    guests, day, now = random_family(random.Random(seed), make)

    [found] = group_days(guests=guests, first=day, last=day, now=now, together=together)

    opens, closes = day_span(day, guests[0].rules.zone)
    could = {at for at in range(opens, closes, 300) if one_by_one(guests, at, now, together)}
    assert {slot.start for slot in found.slots} == could
    for slot in found.slots[:3]:
        assert stands(guests, slot.plans, now)


@pytest.mark.parametrize("together", [True, False], ids=("together", "one after another"))
@pytest.mark.parametrize("seed", range(25))
def test_what_is_offered_can_be_taken_where_guests_may_wait_too(seed, together):
    guests, day, now = random_family(random.Random(seed), tangled_visit)
    guests = [replace(guest, max_wait_min=10) for guest in guests]

    [found] = group_days(guests=guests, first=day, last=day, now=now, together=together)

    assert all(stands(guests, slot.plans, now) for slot in found.slots)


def random_family(rng, make):
    """Each service of a random visit is somebody else's; the first guest may have two of them, one after the other."""
    asked = make(rng)
    segments = [replace(each, together=False) for each in asked["segments"]]
    chosen = [segments[:2], *([each] for each in segments[2:])] if len(segments) > 2 and rng.random() < 0.5 else None
    chosen = chosen or [[each] for each in segments]
    if len(chosen) == 1:
        chosen = chosen * 2
    return [Guest(segments=each, rules=asked["rules"]) for each in chosen], asked["day"], asked["now"]


def one_by_one(guests, start, now, together):
    """Whether some choice of people lets one writer after the other take the visits: tried, all of it, with the engine."""
    first, *others = guests
    for cast in product(*(each.candidates for each in first.segments)):
        named = [replace(each, candidates=(who,)) for each, who in zip(first.segments, cast, strict=True)]
        plan = arrange(segments=named, rules=first.rules, start=start, now=now)
        if plan is None:
            continue
        if not others:
            return True
        left = beside(others, taken(segments=named, plan=plan))
        later = (start,) if together else range(plan.end, plan.end + latest(first, others[0]), 300)
        if any(one_by_one(left, at, now, together) for at in later):
            return True
    return False


def latest(before, after):
    clean = max(able.buffer_after_min for each in before.segments for able, _ in each.candidates)
    ready = max(able.buffer_before_min for each in after.segments for able, _ in each.candidates)
    return (after.rules.step_min + clean + ready) * 60


def stands(guests, plans, now):
    """The plans one by one, with their people, as holds are written."""
    guests = list(guests)
    for plan in plans:
        guest, *guests = guests
        named = [
            replace(each, candidates=tuple(who for who in each.candidates if who[1].id == part.person_id))
            for each, part in zip(guest.segments, plan.parts, strict=True)
        ]
        asked = {"rules": guest.rules, "max_wait_min": guest.max_wait_min, "now": now}
        if arrange(segments=named, start=plan.start, **asked) != plan:
            return False
        guests = beside(guests, taken(segments=named, plan=plan))
    return True


def beside(guests, rows):
    """The same guests in a diary that has these rows, too."""
    return [
        replace(
            each, segments=[replace(s, candidates=tuple(map(with_rows(rows), s.candidates))) for s in each.segments]
        )
        for each in guests
    ]


def with_rows(rows):
    def changed(candidate):
        how, who = candidate
        resources = tuple(fuller(each, rows, "resource_id") for each in how.resources)
        return replace(how, resources=resources), fuller(who, rows, "person_id")

    return changed


def fuller(owner, rows, column):
    mine = [row for row in rows if getattr(row, column) == owner.id]
    lanes = [list(lane) for lane in owner.busy]
    lanes += [[] for _ in range(max((row.lane + 1 for row in mine), default=0) - len(lanes))]
    for row in mine:
        lanes[row.lane].append((row.start, row.end))
    return replace(owner, busy=tuple(tuple(sorted(lane)) for lane in lanes))
