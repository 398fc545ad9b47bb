"""What a start leaves of the day, and the offer by that (decision 0045)."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.availability import ACTIVE, Offering, Phase, Segment, occupied, preferred, starts, thinned, visit_days
from bookings.availability.remnants import judged

from .build import DAY, able, at, booked, busy, colouring, daily, every, person, rules, shift, shown
from .random_visits import random_visit
from .test_properties import salons

HALF, HOUR = Offering(minutes=30, step_min=15), Offering(minutes=60, step_min=15)


def asked(*candidates, law=None, offerings=(HALF, HOUR), now=None):
    """One service with these candidates on `DAY`: what it is judged by."""
    law = law or rules()
    return {
        "segments": [Segment(candidates=candidates)],
        "rules": law,
        "now": at("00:00") if now is None else now,
        "offerings": {who.id: offerings for _, who in candidates},
    }


def off(question, first=DAY, last=None):
    known = {name: question[name] for name in ("segments", "rules", "now")}
    return visit_days(**known, first=first, last=last or first)


def offer(rule, question):
    return rule(off(question), **question)


def left(question):
    [day] = offer(thinned, question)
    return shown(slot.start for slot in day.slots)


def praised(question):
    [day] = offer(preferred, question)
    return shown(slot.start for slot in day.slots if slot.fits)


def test_start_that_leaves_less_than_the_shortest_service_is_hidden():
    question = asked((able(60), person("10:00-12:00")))

    assert left(question) == ["10:00", "10:30", "11:00"]


def test_start_beside_something_that_leaves_no_gap_is_marked():
    question = asked((able(60), person("10:00-12:00")))

    assert praised(question) == ["10:00", "11:00"]
    assert [len(day.slots) for day in offer(preferred, question)] == [5]


def test_nothing_is_unsellable_where_something_fits_any_gap():
    question = asked((able(60), person("10:00-12:00")), offerings=[Offering(minutes=15, step_min=15)])

    assert left(question) == every(15, "10:00", "11:00")


def test_starts_that_waste_least_stay_where_all_waste_some():
    # Free from 10:15 to 13:45, and an hour and a half begins on the hour: at 11:00 it leaves 45 minutes before it, at 12:00
    # 15 after it.
    who = person("09:00-13:45", busy=busy(booked(able(75), "09:00")))
    question = asked((able(90), who), law=rules(60), offerings=[Offering(minutes=50, step_min=5)])

    assert shown(slot.start for slot in off(question)[0].slots) == ["11:00", "12:00"]
    assert left(question) == ["12:00"]


def test_time_that_nobody_could_use_anyway_is_not_counted():
    # 09:50 to 10:00 is on nobody's grid: 10:00 leaves no more of it than any other start.
    who = person("09:00-12:00", busy=busy(booked(able(50), "09:00")))
    question = asked((able(60), who))

    assert left(question) == ["10:00", "10:30", "11:00"]
    assert praised(question) == ["10:00", "11:00"]


def test_buffers_belong_to_what_fits():
    # Before 10:45 there are 45 minutes: the half hour fits, with a quarter of an hour to clean up; with half of one, not.
    def with_after(minutes):
        short = Offering(minutes=30, step_min=15, buffer_after_min=minutes)
        return left(asked((able(60), person("10:00-12:15")), offerings=[short]))

    assert "10:45" in with_after(15)
    assert "10:45" not in with_after(30)


def test_buffers_of_the_visit_are_not_free():
    question = asked((able(60, before=15, after=15), person("10:00-13:00")))

    # At the edges buffers lie outside the day (D7); 10:15 takes 10:00 to 11:30.
    assert left(question) == ["10:00", "10:15", "10:45", "11:00", "11:15", "11:45", "12:00"]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ({}, ["10:00", "11:00"]),
        (daily(shift("10:00-10:30")), ["10:00", "11:00"]),
        (daily(shift("09:00-18:00")), ["10:00", "10:30", "11:00"]),
    ],
    ids=("never", "on one side only", "all day"),
)
def test_service_fits_only_where_it_is_offered(hours, expected):
    question = asked((able(60), person("10:00-12:00")), offerings=[replace(HALF, hours=hours), HOUR])

    assert left(question) == expected


def test_own_plan_of_a_person_for_a_service_counts():
    afternoon = replace(HALF, weekly=daily(shift("14:00-18:00")))
    question = asked((able(60), person("10:00-12:00")), offerings=[afternoon, HOUR])

    assert left(question) == ["10:00", "11:00"]


def test_what_notice_rules_out_is_lost_already():
    # It is 09:40, notice is an hour: before 10:45 nothing can begin any more, so that is where the day begins.
    question = asked(
        (able(60), person("10:00-12:30")),
        law=rules(notice=60),
        offerings=[replace(HALF, notice_min=60)],
        now=at("09:40"),
    )

    assert praised(question) == ["10:45", "11:30"]
    assert left(question) == ["10:45", "11:30"]


def test_processing_time_is_no_remnant():
    question = asked((colouring(), person("09:00-11:00")))

    assert left(question) == ["09:00"]
    assert praised(question) == ["09:00"]


def test_break_and_block_are_edges_like_a_visit():
    who = person("09:00-14:00", breaks=daily((720, 750)), blocks=((at("09:00"), at("10:00")),))
    question = asked((able(60), who))

    assert left(question) == ["10:00", "10:30", "11:00", "12:30", "13:00"]


def test_who_serves_several_at_a_time_is_not_judged():
    question = asked((able(60), person("10:00-12:00", capacity=2)))

    assert left(question) == every(15, "10:00", "11:00")
    assert praised(question) == []


def test_who_is_offered_for_nothing_else_is_not_judged():
    question = asked((able(60), person("10:00-12:00")), offerings=())

    assert left(question) == every(15, "10:00", "11:00")


def test_anyone_is_hidden_person_by_person():
    ann, bob = person("10:00-12:00", id=1), person("10:15-12:15", id=2)
    question = asked((able(60), ann), (able(60, person_id=2), bob))

    [day] = offer(thinned, question)

    assert [(shown([slot.start])[0], [option.person_id for option in slot.options]) for slot in day.slots] == [
        ("10:00", [1]),
        ("10:15", [2]),
        ("10:30", [1]),
        ("10:45", [2]),
        ("11:00", [1]),
        ("11:15", [2]),
    ]


def test_anyone_is_marked_where_it_leaves_no_gap_whoever_comes():
    ann, bob = person("10:00-12:00", id=1), person("10:30-12:30", id=2)
    question = asked((able(60), ann), (able(60, person_id=2), bob))

    assert praised(question) == ["10:00", "10:30", "11:00", "11:30"]


def test_chain_is_judged_as_a_whole():
    ann, bob = person("09:00-12:00", id=1), person("09:00-12:00", id=2)
    question = {
        "segments": [
            Segment(candidates=((able(60), ann),)),
            Segment(candidates=((able(60, person_id=2), bob),)),
        ],
        "rules": rules(),
        "now": at("00:00"),
        "offerings": {1: [HALF], 2: [HALF]},
    }

    assert left(question) == ["09:00", "09:30", "10:00"]
    assert praised(question) == ["09:00", "10:00"]


def test_wait_between_two_parts_of_one_person_is_a_gap_like_any():
    # Ann cuts, Bob colours for 20 minutes, Ann goes on: what she could do meanwhile is nothing.
    ann, bob = person("09:00-11:20", id=1), person("09:00-12:00", id=2)
    ann_part = Segment(candidates=((able(60), ann),))
    question = {
        "segments": [ann_part, Segment(candidates=((able(20, person_id=2), bob),)), ann_part],
        "rules": rules(20),
        "now": at("00:00"),
        "offerings": {1: [HALF], 2: [Offering(minutes=20, step_min=20)]},
    }

    assert left(question) == ["09:00"]
    assert praised(question) == []


def test_empty_dates_stay_empty():
    question = asked((able(60), person("10:00-12:00", weekly={})))

    assert [day.slots for day in offer(thinned, question)] == [()]


@st.composite
def judged_salons(draw):
    """A salon of two people who may or may not serve several, with what else they can be booked for."""
    day, first = draw(salons())
    _, second = draw(salons())
    lengths = st.builds(
        Offering,
        minutes=st.integers(1, 20).map(lambda n: n * 5),
        step_min=st.sampled_from((10, 15, 25, 60)),
        buffer_before_min=st.sampled_from((0, 0, 10)),
        buffer_after_min=st.sampled_from((0, 0, 10)),
        notice_min=st.sampled_from((0, 60)),
        hours=st.one_of(st.none(), st.just(daily((600, 780)))),
    )
    people = [first["person"], replace(second["person"], id=2)]
    return day, {
        "segments": [
            Segment(candidates=((first["able"], people[0]), (replace(second["able"], person_id=2), people[1])))
        ],
        "rules": first["rules"],
        "now": first["now"],
        "offerings": {who.id: draw(st.lists(lengths, max_size=3)) for who in people},
    }


def by_person(days):
    return {(day.date, option.person_id) for day in days for slot in day.slots for option in slot.options}


def pairs(days):
    return {(slot.start, option) for day in days for slot in day.slots for option in slot.options}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(judged_salons())
def test_hiding_takes_away_never_the_last_and_preferring_changes_nothing_but_marks(salon):
    day, question = salon
    everything = off(question, day - timedelta(days=1), day + timedelta(days=1))

    kept, marked = thinned(everything, **question), preferred(everything, **question)

    assert pairs(kept) <= pairs(everything)
    assert by_person(kept) == by_person(everything)
    assert [bool(each.slots) for each in kept] == [bool(each.slots) for each in everything]
    assert [
        replace(each, slots=tuple(slot._replace(fits=None) for slot in each.slots)) for each in marked
    ] == everything
    assert all(slot.fits in (True, False) for each in marked for slot in each.slots)
    fitting = [slot._replace(fits=None) for each in marked for slot in each.slots if slot.fits]
    assert set(fitting) <= {slot for each in kept for slot in each.slots}


@settings(max_examples=40, deadline=None, derandomize=True)
@given(judged_salons())
def test_what_a_date_shows_does_not_depend_on_the_dates_asked(salon):
    day, question = salon
    around = [day + timedelta(days=n) for n in (-1, 0, 1)]

    for rule in (thinned, preferred):
        at_once = rule(off(question, around[0], around[-1]), **question)

        assert at_once == [each for date in around for each in rule(off(question, date), **question)]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(judged_salons())
def test_start_in_the_middle_that_wastes_nothing_leaves_what_the_engine_can_book_on_both_sides(salon):
    day, question = salon
    how, who = question["segments"][0].candidates[0]
    how = replace(how, phases=(Phase(ACTIVE, how.duration_min),))
    who, law = replace(who, capacity=1), question["rules"]
    itself = Offering(
        minutes=how.duration_min,
        step_min=law.step_min,
        buffer_before_min=how.buffer_before_min,
        buffer_after_min=how.buffer_after_min,
        notice_min=law.notice_min,
    )
    offerings = [itself, *question["offerings"][who.id]]
    lone = question | {"segments": [Segment(candidates=((how, who),))], "offerings": {who.id: offerings}}
    busy_spans = [*who.blocks, *(span for lane in who.busy for span in lane)]

    [(_, rows)] = judged(off(lone, day), **lone)

    between = [slot.start for slot, [verdict] in rows if not verdict.wasted and not verdict.touches]
    for start in between[:2]:
        [visit] = occupied(able=how, start=start)
        low = max((end for _, end in busy_spans if end <= visit[0]), default=0)
        high = min((begins for begins, _ in busy_spans if begins >= visit[1]), default=visit[1] * 2)
        booked_too = replace(who, busy=((*sorted([*(span for lane in who.busy for span in lane), visit]),),))
        spans = [span for each in offerings for span in by_engine(each, booked_too, lone, day)]
        assert [span for span in spans if low <= span[0] and span[1] <= visit[0]]
        assert [span for span in spans if visit[1] <= span[0] and span[1] <= high]


def by_engine(offering, who, question, day):
    """What the engine would let an offering take of the person's days."""
    how = able(offering.minutes, before=offering.buffer_before_min, after=offering.buffer_after_min)
    plan = who if offering.weekly is None else replace(who, weekly=offering.weekly)
    law = replace(question["rules"], step_min=offering.step_min, notice_min=offering.notice_min, horizon_days=60)
    found = starts(
        able=replace(how, hours=offering.hours),
        person=plan,
        rules=law,
        first=day - timedelta(days=2),
        last=day + timedelta(days=2),
        now=question["now"],
    )
    for start in found:
        ranges = occupied(able=how, start=start)
        yield ranges[0][0], ranges[-1][1]


def test_random_chains_lose_nothing_but_what_wastes_more():
    rng = random.Random("chains that leave gaps")
    compared = 0
    for _ in range(200):
        visit = random_visit(rng)
        known = {name: visit[name] for name in ("segments", "rules", "now")}
        if len(known["segments"]) < 2:
            continue
        people = {who.id for segment in known["segments"] for _, who in segment.candidates}
        question = known | {"offerings": {who: [HALF, Offering(minutes=20, step_min=5)] for who in people}}
        everything = visit_days(**known, first=visit["day"], last=visit["day"], max_wait_min=visit["max_wait_min"])

        kept = thinned(everything, **question)
        marked = preferred(everything, **question)

        assert [bool(each.slots) for each in kept] == [bool(each.slots) for each in everything]
        assert {slot for each in kept for slot in each.slots} <= {slot for each in everything for slot in each.slots}
        assert [[slot._replace(fits=None) for slot in each.slots] for each in marked] == [
            list(each.slots) for each in everything
        ]
        compared += sum(len(each.slots) for each in everything) - sum(len(each.slots) for each in kept)
    assert compared > 20
