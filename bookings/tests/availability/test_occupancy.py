"""What a visit takes: phases, buffers, lanes (D5, D6, D7)."""

from dataclasses import replace

import pytest

from bookings.availability import ACTIVE, PROCESSING, Able, Busy, Phase, free_lane, lanes_of, occupied

from .build import DAY, able, at, booked, busy, colouring, daily, every, found, person, rules, shift, shown


def spans(*texts):
    return [tuple(at(edge) for edge in text.split("-")) for text in texts]


def test_visit_takes_one_range_with_both_buffers_inside():
    assert occupied(able=able(60, before=10, after=15), start=at("10:00")) == spans("09:50-11:15")


def test_visit_takes_a_range_per_active_phase_and_none_while_processing():
    taken = occupied(able=colouring(before=5, after=10), start=at("09:00"))

    assert taken == spans("08:55-09:30", "10:15-11:10")


def test_buffers_stand_at_the_first_and_the_last_active_phase():
    soak = Able(
        person_id=1,
        phases=(Phase(PROCESSING, 10), Phase(ACTIVE, 30), Phase(PROCESSING, 20)),
        buffer_before_min=5,
        buffer_after_min=5,
    )

    assert soak.duration_min == 60
    assert occupied(able=soak, start=at("09:00")) == spans("09:05-09:45")


def test_touching_visits_do_not_meet():
    around = person(busy=busy(booked(able(60), "09:00", "11:00")))

    assert shown(found(able=able(60), person=around, rules=rules(15))) == ["10:00", "12:00"]


def test_break_inside_processing_time_is_nobodys_loss():
    lunch = person(breaks=daily(shift("11:00-11:45")))

    assert shown(found(able=colouring(), person=lunch, rules=rules(15))) == ["09:00", "10:30"]


def test_visit_lies_in_one_window_even_while_processing():
    split = replace(person(), weekly=daily(shift("09:00-11:00"), shift("11:15-13:15")))

    assert shown(found(able=colouring(), person=split, rules=rules(15))) == ["09:00", "11:15"]


@pytest.mark.parametrize(
    "hard",
    [
        {"breaks": daily(shift("12:00-13:00"))},
        {"blocks": tuple(spans("12:00-13:00"))},
        {"busy": (tuple(spans("12:00-13:00")),)},
    ],
    ids=("break", "block", "booking"),
)
def test_buffers_are_hard_against(hard):
    answer = found(able=able(60, before=10, after=15), person=person("10:00-15:00", **hard), rules=rules(15))

    assert shown(answer) == ["10:00", "10:15", "10:30", "10:45", *every(15, "13:15", "14:00")]


@pytest.mark.parametrize(("hours", "last"), [("20:00-24:00", "22:45"), ("20:00-26:00", "22:45")])
def test_buffers_are_hard_against_a_closure(hours, last):
    closed = rules(15, closures=frozenset({DAY.replace(day=11)}))

    answer = found(able=able(60, after=15), person=person(hours), rules=closed)

    assert shown(answer)[-1] == last


def test_blocks_and_rows_without_length_take_nothing():
    noon = at("12:00")
    idle = person(blocks=((noon, noon),), busy=(((noon, noon),),))

    assert shown(found(able=able(60), person=idle, rules=rules(30))) == every(30, "09:00", "12:00")


@pytest.mark.parametrize(
    ("capacity", "expected"),
    [
        (1, ["12:00"]),
        (2, ["09:00", "11:00", "12:00"]),
        (3, ["09:00", "10:00", "11:00", "12:00"]),
    ],
)
def test_start_is_free_while_a_lane_is(capacity, expected):
    visit = able(60)
    # With a capacity of one, the second lane's bookings were made before it was lowered.
    rows = [*booked(visit, "09:00", "10:00"), *booked(visit, "10:00", "11:00", lane=1)]

    answer = found(able=visit, person=person(busy=busy(rows), capacity=capacity), rules=rules(60))

    assert shown(answer) == expected


def test_one_lane_must_hold_all_phases_of_a_visit():
    visit = able(30)
    crossed = busy(booked(visit, "09:00"), booked(visit, "10:15", lane=1))
    straight = busy(booked(visit, "09:00", "10:15"), booked(visit, "12:30", lane=1))

    assert free_lane(able=colouring(), person=person(busy=crossed, capacity=2), start=at("09:00")) is None
    assert free_lane(able=colouring(), person=person(busy=straight, capacity=2), start=at("09:00")) == 1
    assert at("09:00") not in found(able=colouring(), person=person(busy=crossed, capacity=2), rules=rules(15))
    assert at("09:00") in found(able=colouring(), person=person(busy=straight, capacity=2), rules=rules(15))


@pytest.mark.parametrize(
    ("taken", "lane"),
    [((), 0), ((0,), 1), ((1,), 0), ((0, 1), None), ((2,), None)],
    ids=("empty", "first taken", "second taken", "full", "above the capacity"),
)
def test_free_lane_is_the_lowest(taken, lane):
    visit = able(60)
    rows = [row for number in taken for row in booked(visit, "10:00", lane=number)]

    assert free_lane(able=visit, person=person(busy=busy(rows), capacity=2), start=at("10:00")) == lane


def test_lanes_of_groups_and_sorts():
    rows = [Busy(30, 40, "b", 2), Busy(10, 20, "a", 2), Busy(0, 5, "c", 0)]

    assert lanes_of(rows) == (((0, 5),), (), ((10, 20), (30, 40)))
    assert lanes_of([]) == ()


@pytest.mark.parametrize(
    "broken",
    [
        lambda: Phase("Active", 30),
        lambda: Phase(ACTIVE, 0),
        lambda: Able(person_id=1, phases=(Phase(PROCESSING, 30),)),
        lambda: able(30, before=-1),
        lambda: able(30, after=-1),
        lambda: person(capacity=0),
        lambda: rules(0),
    ],
    ids=("kind", "no length", "nobody needed", "buffer before", "buffer after", "capacity", "step"),
)
def test_nonsense_is_refused(broken):
    with pytest.raises(ValueError, match=r".+"):
        broken()
