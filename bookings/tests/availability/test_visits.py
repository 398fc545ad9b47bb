"""Several services in one visit: stages, waits, buffers, runs of resources, the choice of people (D12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.availability import (
    Block,
    Busy,
    Code,
    Resource,
    Segment,
    Taken,
    arrange,
    days,
    plans,
    taken,
    visit_days,
    visit_reasons,
)

from .build import DAY, able, at, busy, every, person, rules, shown

NOW = at("00:00", day=DAY - timedelta(days=2))
LAW = rules(15)
ANN, BOB = person(id="ann"), person(id="bob")


def segment(*people, minutes=30, name="", together=False, resources=(), **buffers):
    services = [replace(able(minutes, person_id=who.id, **buffers), resources=resources) for who in people]
    return Segment(candidates=tuple(zip(services, people, strict=True)), name=name, together=together)


def asked(*segments, law=LAW, **more):
    return {"segments": segments, "rules": law, "now": NOW, **more}


def starts(*segments, **more):
    return shown(plan.start for plan in plans(**asked(*segments, **more), first=DAY, last=DAY))


def parts(plan, *names):
    return plan and [tuple(getattr(part, name) for name in names) for part in plan.parts]


def test_services_follow_each_other():
    plan = arrange(**asked(segment(ANN), segment(BOB, minutes=45)), start=at("09:00"))

    assert parts(plan, "person_id", "start", "end") == [
        ("ann", at("09:00"), at("09:30")),
        ("bob", at("09:30"), at("10:15")),
    ]
    assert (plan.start, plan.end, plan.price_cents) == (at("09:00"), at("10:15"), 10000)


def test_last_start_leaves_room_for_all():
    assert starts(segment(ANN), segment(BOB, minutes=45)) == every(15, "09:00", "11:45")


@pytest.mark.parametrize(
    ("wait", "expected"), [(0, None), (14, None), (15, "09:45"), (30, "09:45")], ids=("none", "short", "just", "ample")
)
def test_guest_waits_no_longer_than_the_salon_allows(wait, expected):
    late = person("09:45-13:00", id="bob")

    plan = arrange(**asked(segment(ANN), segment(late), max_wait_min=wait), start=at("09:00"))

    assert (plan and shown([plan.parts[1].start])[0]) == expected


def test_waits_are_whole_multiples_of_five_minutes():
    odd = person("09:42-13:00", id="bob")

    plan = arrange(**asked(segment(ANN), segment(odd), max_wait_min=60), start=at("09:00"))

    assert shown([plan.parts[1].start]) == ["09:45"]


def test_one_person_drops_the_inner_buffers_and_two_keep_theirs():
    buffers = {"before": 10, "after": 10}
    plan_of_one = arrange(**asked(segment(ANN, **buffers), segment(ANN, **buffers)), start=at("10:00"))
    plan_of_two = arrange(**asked(segment(ANN, **buffers), segment(BOB, **buffers)), start=at("10:00"))

    def spans(plan, *people):
        rows = taken(segments=[segment(who, **buffers) for who in people], plan=plan)
        return [(row.person_id, *shown((row.start, row.end))) for row in rows]

    assert spans(plan_of_one, ANN, ANN) == [("ann", "09:50", "10:30"), ("ann", "10:30", "11:10")]
    assert spans(plan_of_two, ANN, BOB) == [("ann", "09:50", "10:40"), ("bob", "10:20", "11:10")]


def test_person_whose_buffer_is_taken_has_to_go_on():
    tight = person(id="ann", busy=busy([Busy(at("10:00"), at("10:30"), None)]))
    cut, colour = segment(tight, after=15), segment(tight, BOB)

    plan = arrange(**asked(cut, segment(tight, BOB, minutes=15)), start=at("09:15"), rank={"bob": 0, "ann": 1})

    assert parts(plan, "person_id") == [("ann",), ("ann",)]
    assert arrange(**asked(cut, colour), start=at("09:30")) is None


def test_parts_that_run_together_have_different_people():
    pair = segment(ANN, BOB), segment(ANN, BOB, minutes=45, together=True)

    plan = arrange(**asked(*pair, segment(ANN)), start=at("09:00"))

    assert parts(plan, "person_id", "start") == [("ann", at("09:00")), ("bob", at("09:00")), ("ann", at("09:45"))]
    assert starts(segment(ANN), segment(ANN, together=True)) == []


def test_grid_is_that_of_the_first_person_only():
    odd = person("09:10-13:00", id="bob")

    assert starts(segment(ANN), segment(odd))[:2] == ["09:00", "09:15"]
    assert starts(segment(odd), segment(ANN))[:2] == ["09:10", "09:25"]


def test_later_part_is_asked_for_its_own_date_but_not_for_the_furthest_one():
    night, morning = person("22:00-24:00", id="ann"), person("24:00-26:00", id="bob")
    law = rules(30, horizon=2)

    plan = arrange(**asked(segment(night), segment(morning), law=law), start=at("23:30"))

    assert parts(plan, "person_id", "start") == [("ann", at("23:30")), ("bob", at("24:00"))]


def test_later_part_meets_a_closure_of_its_own_date():
    night = person("22:00-26:00", id="ann")
    law = rules(30, closures=frozenset({DAY + timedelta(days=1)}))

    assert starts(segment(night), segment(night), law=law)[-3:] == ["22:00", "22:30", "23:00"]
    assert starts(segment(night), segment(night), law=rules(30))[-3:] == ["22:30", "23:00", "23:30"]


def test_one_person_for_the_whole_chain_before_less_waiting_and_turns():
    cut, colour = segment(ANN, BOB), segment(ANN, BOB)

    plan = arrange(**asked(cut, colour), start=at("09:00"), rank={"ann": 1, "bob": 0})
    mixed = arrange(**asked(segment(ANN), colour), start=at("09:00"), rank={"ann": 1, "bob": 0})

    assert parts(plan, "person_id") == [("bob",), ("bob",)]
    assert parts(mixed, "person_id") == [("ann",), ("ann",)]


def test_waiting_for_one_person_beats_a_hand_over():
    pausing = person(id="ann", busy=busy([Busy(at("09:30"), at("09:45"), None)]))
    visit = asked(segment(pausing), segment(pausing, BOB), max_wait_min=15)

    assert parts(arrange(**visit, start=at("09:00")), "person_id") == [("ann",), ("ann",)]


def test_chair_is_kept_from_the_first_part_that_needs_it_to_the_last():
    chair = Resource(id="chair", name="Chair", capacity=2, busy=(((at("11:00"), at("12:00")),),))
    visit = [segment(ANN, resources=(chair,), after=10), segment(BOB, resources=(chair,), after=10), segment(ANN)]

    plan = arrange(**asked(*visit), start=at("10:00"))

    rows = [row for row in taken(segments=visit, plan=plan) if row.resource_id]
    assert rows == [Taken(0, None, "chair", 1, at("10:00"), at("11:10"))]


def test_chair_that_changes_hands_between_services_is_no_chair():
    early, late = (at("09:00"), at("10:30")), (at("10:30"), at("12:00"))
    chair = Resource(id="chair", name="Chair", capacity=2, busy=((early,), (late,)))
    cut, dry = segment(ANN, name="Cut", resources=(chair,)), segment(ANN, name="Dry", resources=(chair,))
    rows = [Busy(*early, "early", 0, "chair"), Busy(*late, "late", 1, "chair")]

    answer = visit_reasons(**asked(cut, dry), start=at("10:00"), busy=rows)

    assert arrange(**asked(cut), start=at("10:00")) is not None
    assert arrange(**asked(dry), start=at("10:30")) is not None
    assert arrange(**asked(cut, dry), start=at("10:00")) is None
    assert [(reason.code, reason.text, reason.ref) for reason in answer] == [
        (Code.RESOURCE, "Chair is taken at this time.", "early"),
        (Code.RESOURCE, "Chair is taken at this time.", "late"),
    ]


@pytest.mark.parametrize(("lanes", "fits"), [(1, False), (2, True)], ids=["one chair less by now", "as many as ever"])
def test_booking_in_a_chair_that_is_gone_counts_while_the_guest_waits(lanes, fits):
    """Nobody needs the chair in the five minutes between, but the guest sits in it."""
    in_between = ((at("10:30"), at("10:35")),)
    chair = Resource(id="chair", capacity=lanes, busy=((), in_between))
    visit = [segment(ANN, resources=(chair,)), segment(person("10:35-13:00", id="bob"), resources=(chair,))]

    plan = arrange(**asked(*visit), start=at("10:00"), max_wait_min=10)

    assert (plan is not None) is fits


def test_reasons_name_person_service_and_cause_of_what_nobody_can_do():
    off = person("09:00-09:30", id="bob")
    held = person(id="ann", busy=busy([Busy(at("09:30"), at("10:00"), None)]), blocks=((at("09:45"), at("10:30")),))
    visit = asked(segment(ANN, name="Cut"), segment(held, off, name="Colour"))
    rows = [Busy(at("09:30"), at("10:00"), "T-1", 0, "ann"), Busy(at("09:30"), at("10:00"), "T-2", 0, "bob")]

    answer = visit_reasons(
        **visit, start=at("09:00"), busy=rows, blocks=[Block(at("09:45"), at("10:30"), "dentist", "ann")]
    )

    assert [(reason.code, reason.text, reason.ref, reason.person_id, reason.segment) for reason in answer] == [
        (Code.BLOCK, "This time is blocked.", "dentist", "ann", 1),
        (Code.BUSY, "There is a booking.", "T-1", "ann", 1),
        (Code.NOT_WORKING, "Pbob does not work at this time.", None, "bob", 1),
    ]


@pytest.mark.parametrize(
    ("visit", "start", "more", "expected"),
    [
        ([segment(ANN), segment(BOB)], "09:00", {"law": rules(notice=3 * 1440)}, [Code.NOTICE]),
        ([segment(ANN), segment(BOB)], "09:00", {"law": rules(horizon=1)}, [Code.HORIZON]),
        ([segment(ANN), segment(BOB)], "09:05", {}, [Code.OFF_GRID]),
        ([segment(ANN), segment(BOB)], "12:30", {}, [Code.NOT_WORKING]),
        ([segment(ANN), segment()], "09:00", {}, [Code.NOBODY]),
        ([segment()], "09:00", {}, [Code.NOBODY]),
        ([segment(ANN), segment(ANN, together=True)], "09:00", {}, [Code.SEQUENCE]),
        ([segment(ANN)], "09:00", {}, []),
    ],
)
def test_each_visit_has_its_reason(visit, start, more, expected):
    answer = visit_reasons(**asked(*visit, **more), start=at(start))

    assert [reason.code for reason in answer] == expected


def test_overrides_reach_visits():
    law = rules(15, notice=3 * 1440, horizon=1)
    visit = asked(segment(ANN), segment(BOB), law=law, override=frozenset({"notice", "horizon"}))

    assert visit_reasons(**visit, start=at("09:00")) == []
    assert starts(segment(ANN), segment(BOB), law=law, override=frozenset({"notice", "horizon"}))[0] == "09:00"
    assert starts(segment(ANN), segment(BOB), law=law) == []


def test_taken_refuses_a_plan_that_no_longer_stands():
    plan = arrange(**asked(segment(ANN)), start=at("09:00"))
    gone = person(id="ann", busy=busy([Busy(at("09:00"), at("09:15"), None)]))

    with pytest.raises(ValueError, match="Pann"):
        taken(segments=[segment(gone)], plan=plan)


def test_visit_days_of_one_service_are_days():
    one = segment(ANN, BOB)
    when = {"rules": LAW, "first": DAY, "last": DAY + timedelta(days=1), "now": NOW}

    assert visit_days(segments=[one], **when) == days(candidates=one.candidates, **when)


def test_visit_days_of_several_carry_the_plan():
    chain = asked(segment(person("09:00-10:00", id="ann")), segment(BOB))

    first, second = visit_days(**chain, first=DAY, last=DAY + timedelta(days=1))

    assert [slot.label for slot in first.slots] == ["09:00", "09:15", "09:30"]
    assert [(slot.options, slot.plan.start == slot.start) for slot in second.slots] == [((), True)] * 3


def test_visit_without_services_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        plans(**asked(), first=DAY, last=DAY)
