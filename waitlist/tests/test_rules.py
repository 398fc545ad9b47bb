from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from waitlist import rules

PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")


def at(text, zone=PARIS):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def place(text, *, minutes=60, zone=PARIS):
    start = int(at(text, zone).timestamp())
    return rules.place(start, start + 60 * minutes, zone)


@pytest.mark.parametrize(
    ("clock", "suits"),
    [("09:59", False), ("10:00", True), ("11:59", True), ("12:00", False)],
)
def test_a_window_is_about_the_start_and_half_open(clock, suits):
    waiting = rules.Waiting(date(2027, 2, 10), date(2027, 2, 10), ((600, 720),))

    assert rules.fits(waiting, place(f"2027-02-10T{clock}")) is suits


@pytest.mark.parametrize(("day", "suits"), [("09", False), ("10", True), ("12", True), ("13", False)])
def test_dates_are_the_salons_and_both_ends_count(day, suits):
    waiting = rules.Waiting(date(2027, 2, 10), date(2027, 2, 12))

    assert rules.fits(waiting, place(f"2027-02-{day}T23:30")) is suits


def test_what_was_offered_before_is_not_offered_again_nor_what_meets_it():
    offered = place("2027-02-10T10:00")
    waiting = rules.Waiting(date(2027, 2, 10), date(2027, 2, 10), refused=((offered.start, offered.end),))

    assert not rules.fits(waiting, place("2027-02-10T10:30"))
    assert rules.fits(waiting, place("2027-02-10T11:00"))


def test_a_wall_time_is_the_one_the_wall_shows_on_both_clock_changes():
    morning = rules.Waiting(date(2027, 3, 14), date(2027, 11, 7), ((60, 120),))  # from one to two

    assert rules.fits(morning, place("2027-03-14T01:30", zone=NEW_YORK))
    assert not rules.fits(morning, place("2027-03-14T03:00", zone=NEW_YORK))
    first = at("2027-11-07T01:30", NEW_YORK)
    for passed in (first, first + timedelta(hours=1)):  # the wall shows it twice
        start = int(passed.timestamp())
        assert rules.fits(morning, rules.place(start, start + 3600, NEW_YORK))


@pytest.mark.parametrize(
    ("now", "start", "notice", "until"),
    [
        ("2027-02-10T12:00", "2027-02-12T10:00", 0, "2027-02-10T14:00"),
        ("2027-02-10T12:00", "2027-02-10T13:00", 0, "2027-02-10T12:45"),
        ("2027-02-10T12:00", "2027-02-10T14:00", 60, "2027-02-10T13:00"),
        ("2027-02-10T12:00", "2027-02-10T12:30", 0, "2027-02-10T12:15"),
        ("2027-02-10T12:00", "2027-02-10T12:29", 0, None),
        ("2027-02-10T12:00", "2027-02-10T13:00", 60, None),
        ("2027-02-10T12:00", "2027-02-10T11:00", 0, None),
        ("2027-02-10T23:00", "2027-02-12T10:00", 0, "2027-02-11T10:00"),
        ("2027-02-11T07:59", "2027-02-12T10:00", 0, "2027-02-11T10:00"),
        ("2027-02-11T08:00", "2027-02-12T10:00", 0, "2027-02-11T10:00"),
        ("2027-03-27T23:00", "2027-03-29T10:00", 0, "2027-03-28T10:00"),
    ],
    ids=(
        "two hours",
        "not until the start",
        "not into the notice",
        "just long enough",
        "too short",
        "inside the notice",
        "after the start",
        "at night until the morning",
        "early until the morning",
        "by day again",
        "the night the clocks change",
    ),
)
def test_an_offer_stands_until(now, start, notice, until):
    found = rules.kept_until(now=at(now), start=int(at(start).timestamp()), notice_min=notice, zone=PARIS)

    assert found == (until and at(until))


def test_ranges_of_dates_are_joined():
    day = [date(2027, 2, number) for number in range(1, 10)]

    assert rules.merged([(day[4], day[5]), (day[0], day[1]), (day[2], day[2])]) == [(day[0], day[2]), (day[4], day[5])]


def test_ranges_that_end_with_the_last_of_all_days_are_joined():
    day = date(2027, 2, 1)

    assert rules.merged([(day, date.max), (day, day), (date.max, date.max)]) == [(day, date.max)]
