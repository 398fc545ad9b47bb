"""Why not (D13, D14)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bookings.availability import Block, Busy, Code, Reason, Resource, check, reasons

from .build import DAY, able, at, booked, busy, colouring, daily, person, rules, shift

NOW = at("00:00", day=DAY - timedelta(days=2))
CLOSED = rules(closures=frozenset({DAY}))


def codes(start, *, service=None, who=None, law=None, now=NOW, **more):
    answer = reasons(
        able=service or able(60), person=who or person(), rules=law or rules(), start=at(start), now=now, **more
    )
    return [reason.code for reason in answer]


def offered_at(text):
    return replace(able(60), hours=daily(shift(text)))


def span(start, end):
    return at(start), at(end)


def in_chair(*, after=0, **changes):
    return replace(able(60, after=after), resources=(Resource(id="chair", name="Chair", **changes),))


@pytest.mark.parametrize(
    ("start", "setting", "expected"),
    [
        ("09:00", {}, []),
        ("12:00", {}, []),
        ("10:00", {"now": at("10:00") + 1}, [Code.PAST]),
        ("10:00", {"now": at("10:00")}, []),
        ("10:00", {"now": at("09:01"), "law": rules(notice=60)}, [Code.NOTICE]),
        ("10:00", {"now": at("09:00"), "law": rules(notice=60)}, []),
        ("10:00", {"law": rules(horizon=1)}, [Code.HORIZON]),
        ("10:00", {"law": rules(horizon=2)}, []),
        ("10:00", {"law": CLOSED}, [Code.CLOSED]),
        ("10:00", {"law": CLOSED, "who": person(open_anyway=frozenset({DAY}))}, []),
        ("10:00", {"who": person(special_days={DAY: ()})}, [Code.SPECIAL_DAY_OFF]),
        ("10:00", {"who": person(special_days={DAY: (shift("18:00-20:00"),)})}, [Code.NOT_WORKING]),
        ("08:00", {}, [Code.NOT_WORKING]),
        ("13:00", {}, [Code.NOT_WORKING]),
        ("09:00", {"law": rules(hours=daily(shift("10:00-18:00")))}, [Code.OUTSIDE_HOURS]),
        ("09:00", {"law": rules(special_hours={DAY: (shift("10:00-18:00"),)})}, [Code.OUTSIDE_HOURS]),
        ("10:00", {"law": rules(special_hours={DAY: (shift("10:00-18:00"),)})}, []),
        ("10:00", {"law": rules(special_hours={DAY: ()})}, [Code.OUTSIDE_HOURS]),
        ("10:00", {"law": rules(special_hours={DAY + timedelta(days=1): ()})}, []),
        ("10:00", {"law": rules(hours={}, special_hours={DAY: (shift("09:00-13:00"),)})}, []),
        ("09:00", {"service": offered_at("10:00-12:00")}, [Code.SERVICE_HOURS]),
        ("10:00", {"service": offered_at("10:00-12:00")}, []),
        ("11:30", {"service": offered_at("10:00-12:00")}, [Code.RUNS_PAST_END]),
        ("09:00", {"service": offered_at("09:00-12:00"), "law": rules(hours={})}, [Code.OUTSIDE_HOURS]),
        ("10:00", {"service": in_chair(busy=((span("10:30", "11:30"),),))}, [Code.RESOURCE]),
        ("10:00", {"service": in_chair(busy=((span("11:00", "11:30"),),))}, []),
        ("10:00", {"service": in_chair(busy=((span("11:00", "11:30"),),), after=5)}, [Code.RESOURCE]),
        ("10:00", {"service": in_chair(busy=((span("10:30", "11:30"),),), capacity=2)}, []),
        ("10:00", {"service": in_chair(busy=((span("10:00", "10:30"),), (span("10:30", "11:00"),)), capacity=2)},
         [Code.RESOURCE]),
        ("10:00", {"service": in_chair(busy=((), (), (span("10:30", "11:30"),)), capacity=2)}, [Code.RESOURCE]),
        ("10:00", {"service": in_chair(blocks=(span("10:30", "11:30"),), capacity=2)}, [Code.RESOURCE]),
        ("09:05", {}, [Code.OFF_GRID]),
        ("12:15", {}, [Code.RUNS_PAST_END]),
        ("09:00", {"service": able(60, before=5), "law": rules(hard_edges=True)}, [Code.EDGE_BUFFER]),
        ("12:00", {"service": able(60, after=5), "law": rules(hard_edges=True)}, [Code.EDGE_BUFFER]),
        ("12:00", {"service": able(60, after=5)}, []),
        ("10:15", {"who": person(breaks=daily(shift("11:00-11:30")))}, [Code.BREAK]),
        ("10:15", {"who": person(blocks=((at("11:00"), at("11:30")),))}, [Code.BLOCK]),
        ("10:15", {"who": person(busy=busy(booked(able(30), "11:00")))}, [Code.BUSY]),
        ("10:00", {"who": person(busy=busy(booked(able(30), "11:00")))}, []),
        ("10:00", {"service": able(60, after=5), "who": person(busy=busy(booked(able(30), "11:00")))}, [Code.BUFFER]),
        ("10:00", {"service": able(60, after=5), "who": person(breaks=daily(shift("11:00-11:30")))}, [Code.BUFFER]),
        ("23:00", {"service": able(60, after=5), "who": person("20:00-24:00"),
                   "law": rules(closures=frozenset({DAY + timedelta(days=1)}))}, [Code.BUFFER]),
        ("10:00", {"who": person(busy=busy(booked(able(60), "10:00")), capacity=2)}, []),
    ],
)  # fmt: skip
def test_each_rule_says_its_name(start, setting, expected):
    assert codes(start, **setting) == expected


def test_every_broken_rule_is_named():
    who = person(breaks=daily(shift("12:30-12:45")), busy=busy(booked(able(30), "12:00")))

    answer = codes("12:10", who=who, law=rules(notice=60, horizon=0), now=at("11:30"))

    assert answer == [Code.NOTICE, Code.OFF_GRID, Code.RUNS_PAST_END, Code.BREAK, Code.BUSY]


def test_overrides_silence_notice_and_horizon_only():
    law = rules(notice=60 * 24 * 5, horizon=1)

    assert codes("09:05", law=law) == [Code.NOTICE, Code.HORIZON, Code.OFF_GRID]
    assert codes("09:05", law=law, override=frozenset({"notice"})) == [Code.HORIZON, Code.OFF_GRID]
    assert codes("09:05", law=law, override=frozenset({"notice", "horizon"})) == [Code.OFF_GRID]
    assert codes("09:00", law=law, now=at("09:01"), override=frozenset({"notice", "horizon"})) == [Code.PAST]


@pytest.mark.parametrize(
    ("law", "day", "text"),
    [
        (rules(notice=90), 0, "Bookings close 1 h 30 min before the start."),
        (rules(notice=24 * 60), 0, "Bookings close 1 day before the start."),
        (rules(horizon=1), 2, "Bookings open 1 day ahead."),
        (rules(horizon=7), 8, "Bookings open 7 days ahead."),
    ],
)
def test_limits_are_told_in_days_and_hours(law, day, text):
    start = at("10:00", day=DAY + timedelta(days=day))

    [reason] = reasons(able=able(60), person=person(), rules=law, start=start, now=at("09:30"))

    assert reason.text == text


def test_bookings_and_blocks_that_are_in_the_way_are_named():
    block = Block(at("11:30"), at("12:00"), "dentist")
    rows = booked(able(60), "10:30")
    who = person(busy=busy(rows), blocks=((block.start, block.end),))

    answer = reasons(able=able(60), person=who, rules=rules(), start=at("11:00"), now=NOW, busy=rows, blocks=[block])

    assert answer == [
        Reason(Code.BLOCK, "This time is blocked.", "dentist"),
        Reason(Code.BUSY, "There is a booking.", "10:30"),
    ]


def test_cause_of_a_buffer_clash_is_named():
    rows = booked(able(60), "11:00")

    [reason] = reasons(
        able=able(60, after=15), person=person(busy=busy(rows)), rules=rules(), start=at("10:00"), now=NOW, busy=rows
    )

    assert (reason.code, reason.ref) == (Code.BUFFER, "11:00")


def test_processing_needs_the_resource_though_not_the_person():
    chair = Resource(id="chair", name="Chair", busy=((span("09:30", "10:15"),),))

    assert codes("09:00", service=colouring(), who=person(busy=chair.busy)) == []
    assert codes("09:00", service=replace(colouring(), resources=(chair,))) == [Code.RESOURCE]


def test_booking_in_the_chair_is_named():
    service = in_chair(busy=((span("10:30", "11:30"),),))
    rows = [Busy(*span("10:30", "11:30"), "mine", owner="chair"), Busy(*span("10:30", "11:30"), "other", owner=1)]

    [reason] = reasons(able=service, person=person(), rules=rules(), start=at("10:00"), now=NOW, busy=rows)

    assert reason == Reason(Code.RESOURCE, "Chair is taken at this time.", "mine")


def test_service_is_named_where_its_hours_say_no():
    service = offered_at("10:00-12:00")

    [reason] = reasons(able=service, person=person(), rules=rules(), start=at("09:00"), now=NOW, name="Colour")

    assert reason.text == "Colour is not offered at this time."


def test_full_lanes_name_every_booking_once():
    rows = [*booked(colouring(), "09:00"), *booked(able(60), "10:00", lane=1), *booked(able(15), "12:00", lane=1)]

    answer = reasons(
        able=able(120), person=person(busy=busy(rows), capacity=2), rules=rules(), start=at("09:00"), now=NOW, busy=rows
    )

    assert [(reason.code, reason.ref) for reason in answer] == [(Code.BUSY, "09:00"), (Code.BUSY, "10:00")]


def test_details_never_decide():
    moved_away = booked(able(60), "10:00")

    assert codes("10:00", busy=moved_away, blocks=[Block(at("10:00"), at("11:00"), "x")]) == []


def test_check_says_what_reasons_say():
    who = person(busy=busy(booked(able(60), "10:00")))

    answer = check(able=able(60), person=who, rules=rules(notice=60), start=at("10:00"), now=at("09:30"))

    assert answer == [
        Reason(Code.NOTICE, "Bookings close 1 h before the start."),
        Reason(Code.BUSY, "There is a booking."),
    ]
    assert check(
        able=able(60), person=person(), rules=rules(notice=60), start=at("10:00"), now=at("09:30"),
        override=frozenset({"notice"}),
    ) == []  # fmt: skip
