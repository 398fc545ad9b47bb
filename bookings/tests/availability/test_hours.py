"""Working windows: shifts, special days, closures, opening hours and the grid they anchor (D3, D4, D8, D15)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.availability import Person, windows

from .build import DAY, able, at, daily, found, person, rules, shift, shown, utc

NEXT = DAY + timedelta(days=1)
WEDNESDAY = DAY.isoweekday()


def between(*texts, day=DAY):
    return [tuple(at(edge, day=day) for edge in text.split("-")) for text in texts]


def test_windows_merge_across_midnight():
    night = Person(id=1, weekly={WEDNESDAY: (shift("22:00-24:00"),), WEDNESDAY + 1: (shift("00:00-02:00"),)})

    assert windows(person=night, rules=rules(), first=DAY, last=DAY) == between("22:00-26:00")


def test_windows_of_overlapping_shifts_merge():
    twice = Person(id=1, weekly=daily(shift("11:00-13:00"), shift("09:00-11:30"), shift("15:00-15:00")))

    assert windows(person=twice, rules=rules(), first=DAY, last=DAY) == between("09:00-13:00")


def test_windows_of_a_range_are_sorted_and_complete():
    answer = windows(person=person(), rules=rules(), first=DAY, last=NEXT)

    assert answer == between("09:00-13:00") + between("09:00-13:00", day=NEXT)


def test_windows_on_clock_change_nights_are_as_long_as_they_last():
    night = person("00:00-06:00")

    [spring] = windows(person=night, rules=rules(), first=date(2027, 3, 14), last=date(2027, 3, 14))
    [autumn] = windows(person=night, rules=rules(), first=date(2027, 11, 7), last=date(2027, 11, 7))

    assert spring == (utc("2027-03-14T05:00"), utc("2027-03-14T10:00"))
    assert autumn == (utc("2027-11-07T04:00"), utc("2027-11-07T11:00"))


def test_special_day_replaces_the_shift_that_starts_on_it_and_no_other():
    night = person("22:00-26:00", special_days={NEXT: (shift("23:00-25:00"),)})

    answer = windows(person=night, rules=rules(), first=NEXT, last=NEXT)

    assert answer == between("22:00-26:00") + between("23:00-25:00", day=NEXT)


def test_closure_cuts_at_midnight_and_keeps_the_evening_before():
    closed = rules(closures=frozenset({NEXT}))

    answer = windows(person=person("22:00-26:00"), rules=closed, first=DAY, last=DAY)

    assert answer == between("22:00-26:00", day=DAY - timedelta(days=1)) + between("22:00-24:00")


def test_closure_keeps_what_its_own_shift_does_on_the_next_date():
    closed = rules(closures=frozenset({DAY}))

    answer = windows(person=person("22:00-26:00"), rules=closed, first=DAY, last=NEXT)

    assert answer == between("00:00-02:00", "22:00-26:00", day=NEXT)


def test_closure_beats_a_special_day():
    worked = person(special_days={DAY: (shift("18:00-20:00"),)})

    assert windows(person=worked, rules=rules(closures=frozenset({DAY})), first=DAY, last=DAY) == []


def test_open_anyway_beats_the_closure_for_one_person():
    closed = rules(closures=frozenset({DAY}))

    assert windows(person=person(open_anyway=frozenset({DAY})), rules=closed, first=DAY, last=DAY) == between(
        "09:00-13:00"
    )
    assert windows(person=person(open_anyway=frozenset({NEXT})), rules=closed, first=DAY, last=DAY) == []


def test_open_anyway_beats_nothing_else():
    open_anyway = {"open_anyway": frozenset({DAY})}

    assert windows(person=person(special_days={DAY: ()}, **open_anyway), rules=rules(), first=DAY, last=DAY) == []
    assert windows(person=person(**open_anyway), rules=rules(hours={}), first=DAY, last=DAY) == []


def test_closure_in_a_zone_that_repeats_midnight_leaves_the_next_date_alone():
    havana = ZoneInfo("America/Havana")
    closed = rules(60, zone=havana, closures=frozenset({date(2027, 11, 6)}))

    answer = found(able=able(60), person=person("00:00-03:00"), rules=closed, first=date(2027, 11, 7))

    assert shown(answer, havana, "%H:%M %z") == ["00:00 -0400", "00:00 -0500", "01:00 -0500", "02:00 -0500"]


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        (None, ["09:00-13:00"]),
        ({}, []),
        (daily(shift("10:00-12:00")), ["10:00-12:00"]),
        (daily(shift("08:00-10:00"), shift("12:30-18:00")), ["09:00-10:00", "12:30-13:00"]),
        (daily(shift("08:00-11:00"), shift("11:00-18:00")), ["09:00-13:00"]),
        (daily(shift("13:00-18:00")), []),
    ],
    ids=("not set", "never open", "inside", "two parts", "touching parts", "touching only"),
)
def test_windows_lie_within_opening_hours(opening, expected):
    assert windows(person=person(), rules=rules(hours=opening), first=DAY, last=DAY) == between(*expected)


def test_opening_hours_past_midnight_meet_a_shift_of_the_next_date():
    late = rules(hours={WEDNESDAY: (shift("20:00-26:00"),)})

    assert windows(person=person("01:00-03:00"), rules=late, first=NEXT, last=NEXT) == between("01:00-02:00", day=NEXT)


@pytest.mark.parametrize(
    ("hours", "opening", "expected"),
    [
        ("09:10-11:00", None, ["09:10", "09:40", "10:10"]),
        ("09:10-11:00", daily(shift("09:25-18:00")), ["09:25", "09:55", "10:25"]),
    ],
    ids=("shift", "opening"),
)
def test_grid_is_anchored_at_the_window(hours, opening, expected):
    answer = found(able=able(30), person=person(hours), rules=rules(30, hours=opening))

    assert shown(answer) == expected


def test_grid_runs_on_through_midnight_and_breaks():
    night = person("22:10-26:00", breaks=daily(shift("22:50-23:05"), shift("24:15-24:20")))

    answer = found(able=able(20), person=night, rules=rules(25))

    assert shown(answer) == ["00:40", "01:05", "01:30", "22:10", "23:25", "23:50"]


def test_grid_of_someone_on_duty_around_the_clock_does_not_depend_on_the_dates_asked():
    always = person("00:00-24:00")
    last = DAY + timedelta(days=9)

    at_once = found(able=able(50), person=always, rules=rules(50), first=DAY, last=last, now=at("00:00"))
    one_by_one = [
        start
        for n in range(10)
        for start in found(
            able=able(50), person=always, rules=rules(50), first=DAY + timedelta(days=n), now=at("00:00")
        )
    ]

    assert at_once == one_by_one
    assert shown(at_once)[:2] == ["00:10", "01:00"]


def test_break_written_two_dates_earlier_still_meets_a_buffer():
    late_break = {(DAY - timedelta(days=2)).isoweekday(): (shift("47:50-48:00"),)}
    night = person("20:00-26:00", breaks=late_break)

    assert shown(found(able=able(60, before=10), person=night, rules=rules(60)))[:2] == ["01:00", "20:00"]
    assert shown(found(able=able(60), person=night, rules=rules(60)))[:2] == ["00:00", "01:00"]


def test_breaks_stay_on_special_days():
    special = person(special_days={DAY: (shift("10:00-12:00"),)}, breaks=daily(shift("11:00-11:30")))

    assert shown(found(able=able(30), person=special, rules=rules(30))) == ["10:00", "10:30", "11:30"]
