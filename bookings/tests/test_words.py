from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings import words


@pytest.mark.parametrize(
    ("minutes", "written"),
    [
        (5, "5 min"),
        (45, "45 min"),
        (60, "60 min"),
        (90, "90 min"),
        (95, "1 h 35 min"),
        (120, "2 h"),
        (195, "3 h 15 min"),
    ],
)
def test_lengths_are_written_as_people_say_them(minutes, written):
    assert words.length(minutes) == written


def test_a_range_of_lengths_names_both_ends():
    assert words.lengths(45, 45) == "45 min"
    assert words.lengths(45, 60) == "45 to 60 min"
    assert words.lengths(45, 120) == "45 min to 2 h"


def test_dates_and_times_are_the_walls():
    instant = datetime(2026, 11, 4, 15, 5, tzinfo=UTC).astimezone(ZoneInfo("America/New_York"))

    assert words.when(instant) == "Wed 4 Nov, 10:05"
    assert words.hours(instant, instant.replace(hour=11)) == "10:05 – 11:05"
    assert words.long_date(date(2026, 11, 4)) == "Wednesday 4 November"
    assert words.month(date(2026, 11, 4)) == "November 2026"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/New_York", "Eastern Time (New York)"),
        ("Europe/Paris", "Central European Time (Paris)"),
        ("UTC", "UTC"),
    ],
)
def test_zones_are_named(zone, name):
    assert words.zone(ZoneInfo(zone)) == name
