"""Offers to a client: anyone, by day, and who takes it (D1, D9, D10)."""

from datetime import date, timedelta

import pytest

from bookings.availability import Option, choose, days, instant, merged_horizon, merged_notice, offered, ranks

from .build import DAY, able, at, every, found, person, rules, shown

OVERLAP = date(2027, 11, 7)


def option(person_id):
    return Option(person_id, "", 5000, 60, at("10:00"))


def test_offer_names_each_persons_price_length_and_end():
    candidates = [
        (able(60, person_id="ann", price=5000), person("09:00-10:00", id="ann")),
        (able(90, person_id="bob", price=7000), person("09:00-10:30", id="bob")),
    ]

    [slot] = offered(candidates=candidates, rules=rules(60), first=DAY, last=DAY, now=at("00:00"))

    assert slot.start_at == instant(at("09:00"))
    assert slot.options == (
        Option("ann", "Pann", 5000, 60, at("10:00")),
        Option("bob", "Pbob", 7000, 90, at("10:30")),
    )
    assert slot.options[1].end_at == instant(at("10:30"))


def test_offer_is_sorted_and_unique():
    candidates = [
        (able(30, person_id=1), person("11:00-12:00", id=1)),
        (able(30, person_id=2), person("09:00-10:00", id=2)),
        (able(30, person_id=3), person("09:30-11:30", id=3)),
    ]

    slots = offered(candidates=candidates, rules=rules(30), first=DAY, last=DAY, now=at("00:00"))

    assert shown(slot.start for slot in slots) == every(30, "09:00", "11:30")
    assert [[who.person_id for who in slot.options] for slot in slots] == [[2], [2, 3], [3], [3], [1, 3], [1]]


def test_days_names_every_date_of_the_range():
    closed = rules(60, closures=frozenset({DAY + timedelta(days=1)}))

    answer = days(
        candidates=[(able(60), person("22:00-24:00"))],
        rules=closed,
        first=DAY,
        last=DAY + timedelta(days=2),
        now=at("12:00"),
    )

    assert [(day.date.isoformat(), [slot.label for slot in day.slots]) for day in answer] == [
        ("2027-02-10", ["22:00", "23:00"]),
        ("2027-02-11", []),
        ("2027-02-12", ["22:00", "23:00"]),
    ]
    assert answer[0].slots[0].start_at == instant(at("22:00"))


def test_days_labels_a_repeated_hour():
    answer = days(
        candidates=[(able(60), person("00:00-03:00"))],
        rules=rules(60),
        first=OVERLAP,
        last=OVERLAP,
        now=at("00:00", day=OVERLAP),
    )

    assert [slot.label for slot in answer[0].slots] == ["00:00", "01:00 (EDT)", "01:00 (EST)", "02:00"]


def test_notice_keeps_its_promise_to_the_second():
    at_nine = found(able=able(60), person=person(), rules=rules(60, notice=60), now=at("09:00"))
    a_second_later = found(able=able(60), person=person(), rules=rules(60, notice=60), now=at("09:00") + 1)

    assert shown(at_nine) == ["10:00", "11:00", "12:00"]
    assert shown(a_second_later) == ["11:00", "12:00"]


@pytest.mark.parametrize(
    ("override", "day", "expected"),
    [
        ((), DAY, []),
        (("notice",), DAY, ["11:00", "12:00"]),
        ((), DAY + timedelta(days=8), []),
        (("notice",), DAY + timedelta(days=8), []),
        (("horizon",), DAY + timedelta(days=8), ["09:00", "10:00", "11:00", "12:00"]),
    ],
    ids=("notice", "notice set aside", "horizon", "wrong one set aside", "horizon set aside"),
)
def test_staff_may_set_notice_and_horizon_aside_but_not_the_past(override, day, expected):
    strict = rules(60, notice=300, horizon=7)

    answer = found(
        able=able(60), person=person(), rules=strict, first=day, now=at("10:30"), override=frozenset(override)
    )

    assert shown(answer) == expected


def test_no_other_rule_can_be_set_aside():
    with pytest.raises(ValueError, match="busy"):
        found(able=able(60), person=person(), rules=rules(60), override=frozenset({"busy"}))


@pytest.mark.parametrize(("business", "service", "expected"), [(60, None, 60), (60, 30, 60), (60, 90, 90), (60, 0, 60)])
def test_larger_notice_wins(business, service, expected):
    assert merged_notice(business_min=business, service_min=service) == expected


@pytest.mark.parametrize(("service", "expected"), [(None, 60), (30, 30), (90, 60), (0, 0)])
def test_smaller_horizon_wins(service, expected):
    assert merged_horizon(business_days=60, service_days=service) == expected


def test_ranks_order_people_by_whose_turn_it_is():
    persons = [person(id=1, booked_min_by_date={DAY: 30}), person(id=2, last_assigned_at=5), person(id=3)]

    turn = ranks(persons=persons, day=DAY)

    assert sorted(turn, key=turn.get) == [3, 2, 1]


@pytest.mark.parametrize(
    ("first", "second", "third", "expected"),
    [
        ({"booked_min_by_date": {DAY: 60}}, {"booked_min_by_date": {DAY: 30}}, {}, [3, 2, 1]),
        ({"last_assigned_at": 300}, {"last_assigned_at": 200}, {"last_assigned_at": 0}, [3, 2, 1]),
        ({"last_assigned_at": 0}, {}, {"last_assigned_at": 0}, [2, 1, 3]),
        ({}, {}, {}, [1, 2, 3]),
        ({"booked_min_by_date": {DAY: 1}}, {"last_assigned_at": 900}, {"last_assigned_at": 800}, [3, 2, 1]),
        ({"booked_min_by_date": {DAY + timedelta(days=1): 99}}, {}, {}, [1, 2, 3]),
    ],
    ids=("booked minutes", "longest since", "never comes first", "id", "minutes before waiting", "other dates"),
)
def test_anyone_becomes_the_one_whose_turn_it_is(first, second, third, expected):
    persons = [person(id=number, **changes) for number, changes in ((1, first), (2, second), (3, third))]

    assert choose(options=[option(2), option(3), option(1)], persons=persons, day=DAY) == expected


def test_only_those_on_offer_are_tried():
    persons = [person(id=number) for number in (1, 2, 3)]

    assert choose(options=[option(3), option(2)], persons=persons, day=DAY) == [2, 3]
