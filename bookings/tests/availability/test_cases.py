"""The cases table of the diary's rules, word for word, for one service with one person or with anyone."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.availability import Able, Person, Rules, Segment, offered, plans, reasons, visit_reasons

from .build import DAY, able, at, booked, busy, colouring, daily, every, found, person, rules, shift, shown, utc

GAP, OVERLAP = date(2027, 3, 14), date(2027, 11, 7)
LORD_HOWE, KOLKATA = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Kolkata")
CUT = able(30)
SPLIT_NIGHT = Person(id=1, weekly=daily(shift("22:00-24:00"), shift("00:00-02:00")))
AFTER_15 = busy(booked(able(60, after=15), "10:00"))


@dataclass
class Case:
    expected: list[str]
    able: Able
    person: Person
    rules: Rules
    day: date = DAY
    form: str = "%H:%M"
    zone: ZoneInfo | None = None
    more: dict = field(default_factory=dict)


CASES = {
    "case 1": Case(
        ["00 -0500", "01 -0500", "03 -0400", "04 -0400", "05 -0400"],
        able(60), person("00:00-06:00"), rules(60), GAP, "%H %z",
    ),
    "case 2": Case(
        ["00 -0400", "01 -0400", "01 -0500", "02 -0500", "03 -0500", "04 -0500", "05 -0500"],
        able(60), person("00:00-06:00"), rules(60), OVERLAP, "%H %z",
    ),
    "case 4": Case(
        ["17Z", "18Z", "19Z", "20Z", "21Z"], able(60), person("13:00-18:00"), rules(60), GAP, "%HZ", ZoneInfo("UTC")
    ),
    "case 4, the day before": Case(
        ["18Z", "19Z", "20Z", "21Z", "22Z"],
        able(60), person("13:00-18:00"), rules(60), GAP - timedelta(days=1), "%HZ", ZoneInfo("UTC"),
    ),
    "case 5": Case(
        ["00:00 +1030", "00:30 +1030", "01:00 +1030", "01:30 +1030", "02:30 +1100", "03:00 +1100"],
        able(60), person("00:00-04:00"), rules(30, zone=LORD_HOWE), date(2027, 10, 3), "%H:%M %z",
    ),
    "case 7": Case(["00:00", "01:00", "22:00", "23:00"], able(60), person("22:00-26:00"), rules(60)),
    "case 8": Case(
        ["00:00", "00:30", "01:00", "22:00", "22:30", "23:00", "23:30"], able(60), SPLIT_NIGHT, rules(30)
    ),
    "case 10": Case(every(15, "09:00", "12:15"), able(45), person(), rules(15)),
    "case 11, 240 minutes": Case(["09:00"], able(240), person(), rules(15)),
    "case 11, 241 minutes": Case([], able(241), person(), rules(15)),
    "case 12": Case(
        [*every(15, "09:00", "09:30"), *every(15, "11:15", "12:30")], CUT, person(busy=AFTER_15), rules(15)
    ),
    "case 13": Case(
        [*every(15, "09:00", "09:30"), *every(15, "11:30", "12:30")],
        able(30, before=10), person(busy=AFTER_15), rules(15),
    ),
    "case 14, soft edge": Case(
        ["09:00", "10:00", "11:00", "12:00"], able(60, before=10, after=10), person(), rules(60)
    ),
    "case 14, hard edge": Case(
        ["10:00", "11:00"], able(60, before=10, after=10), person(), rules(60, hard_edges=True)
    ),
    "case 15": Case(
        [*every(15, "09:00", "09:45"), "11:30", "11:45", "12:00"],
        able(60, after=15), person(breaks=daily(shift("11:00-11:30"))), rules(15),
    ),
    "case 16": Case(
        every(30, "09:30", "12:30"), CUT, person(busy=(((at("09:20"), at("09:25")),),)), rules(30)
    ),
    "case 18": Case(
        every(15, "10:15", "12:30"), CUT, person(), rules(15, notice=60), more={"now": at("09:07")}
    ),
    "case 19": Case(
        every(15, "10:00", "12:30"), CUT, person(), rules(15, notice=60), more={"now": at("09:00")}
    ),
    "case 20, the furthest date": Case(
        every(60, "00:00", "23:00"),
        able(60), person("00:00-24:00"), rules(60, horizon=7), date(2027, 2, 17), more={"now": at("23:30")},
    ),
    "case 20, the date after": Case(
        [], able(60), person("00:00-24:00"), rules(60, horizon=7), date(2027, 2, 18), more={"now": at("23:30")}
    ),
    "case 21": Case(
        ["09:30", *every(15, "11:00", "12:15")], able(45), person(busy=busy(booked(colouring(), "09:00"))), rules(15)
    ),
    "case 23, off": Case([], able(60), person(special_days={DAY: ()}), rules(60)),
    "case 23, other hours": Case(
        ["18:00", "19:00"], able(60), person(special_days={DAY: (shift("18:00-20:00"),)}), rules(60)
    ),
    "case 24": Case(
        ["03:30Z", "04:30Z"],
        able(60), person("09:00-11:00"), rules(60, zone=KOLKATA), form="%H:%MZ", zone=ZoneInfo("UTC"),
    ),
    "case 26, special day": Case(
        ["00:00", "01:00"],
        able(60), person("22:00-26:00", special_days={date(2027, 2, 11): ()}), rules(60), date(2027, 2, 11),
    ),
    "case 26, closure": Case(
        [],
        able(60), person("22:00-26:00"), rules(60, closures=frozenset({date(2027, 2, 11)})), date(2027, 2, 11),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_starts_follow_the_table(case):
    answer = found(able=case.able, person=case.person, rules=case.rules, first=case.day, **case.more)

    assert shown(answer, case.zone or case.rules.zone, case.form) == case.expected


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_reasons_are_empty_for_the_starts_of_the_table_only(case):
    midnight = at("00:00", day=case.day, zone=case.rules.zone)
    now = case.more.get("now", midnight - 2 * 86400)
    answer = found(able=case.able, person=case.person, rules=case.rules, first=case.day, now=now)

    free = [
        start
        for start in range(midnight - 3600, midnight + 26 * 3600, 300)
        if not reasons(able=case.able, person=case.person, rules=case.rules, start=start, now=now)
    ]

    day_after = at("00:00", day=case.day + timedelta(days=1), zone=case.rules.zone)
    assert [start for start in free if midnight <= start < day_after] == answer


def test_case_29_anyone_is_the_union_and_lists_who():
    ann = person("09:00-10:00", id="ann")
    bob = person("09:00-11:00", id="bob")
    candidates = [(able(60, person_id="ann"), ann), (able(90, person_id="bob"), bob)]

    slots = offered(candidates=candidates, rules=rules(30), first=DAY, last=DAY, now=at("00:00"))

    assert [(slot.start, [option.person_id for option in slot.options]) for slot in slots] == [
        (at("09:00"), ["ann", "bob"]),
        (at("09:30"), ["bob"]),
    ]


def chain_28():
    blocked = ((at("11:30"), at("12:00")),)
    return {
        "segments": [
            Segment(name="Cut", candidates=((able(45, person_id="ann"), person("09:00-13:00", id="ann")),)),
            Segment(
                name="Colour",
                candidates=((able(60, person_id="bob"), person("10:00-13:00", id="bob", blocks=blocked)),),
            ),
        ],
        "rules": rules(15),
        "now": at("00:00"),
    }


def test_case_28_chain_starts_where_both_can():
    answer = plans(**chain_28(), first=DAY, last=DAY)

    assert shown(plan.start for plan in answer) == ["09:15", "09:30", "09:45", "11:15"]
    assert [shown(part.start for part in plan.parts)[1] for plan in answer] == ["10:00", "10:15", "10:30", "12:00"]


def test_case_28_has_no_reason_for_its_starts_only():
    every_five = range(at("08:00"), at("14:00"), 300)

    free = [start for start in every_five if not visit_reasons(**chain_28(), start=start)]

    assert shown(free) == ["09:15", "09:30", "09:45", "11:15"]


def test_case_29_as_a_chain_takes_whoever_leaves_room_for_the_next():
    ann = person("09:00-10:00", id="ann")
    bob = person("09:00-11:00", id="bob")
    cal = person("10:00-10:30", id="cal")
    anyone = Segment(candidates=((able(60, person_id="ann"), ann), (able(90, person_id="bob"), bob)))
    then_cal = Segment(candidates=((able(30, person_id="cal"), cal),))

    answer = plans(segments=[anyone, then_cal], rules=rules(30), first=DAY, last=DAY, now=at("00:00"))

    assert [(plan.start, [part.person_id for part in plan.parts]) for plan in answer] == [(at("09:00"), ["ann", "cal"])]


def test_case_30_the_booking_being_moved_would_block_itself():
    visit = able(60)
    staying, leaving = booked(visit, "09:00"), booked(visit, "11:30")

    with_own = found(able=visit, person=person(busy=busy(staying, leaving)), rules=rules(15))
    without_own = found(able=visit, person=person(busy=busy(staying)), rules=rules(15))

    assert shown(with_own) == ["10:00", "10:15", "10:30"]
    assert shown(without_own) == every(15, "10:00", "12:00")


def test_case_24_is_an_exact_instant():
    answer = found(able=able(60), person=person("09:00-11:00"), rules=rules(60, zone=KOLKATA))

    assert answer == [utc("2027-02-10T03:30"), utc("2027-02-10T04:30")]
