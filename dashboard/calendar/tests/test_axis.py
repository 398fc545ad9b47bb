"""Columns of 23, 24 and 25 hours, and the hour that comes twice."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.calendar import axis

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")
SPRING, AUTUMN, PLAIN = date(2027, 3, 28), date(2027, 10, 31), date(2027, 6, 1)


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [(SPRING, PARIS, 23), (PLAIN, PARIS, 24), (AUTUMN, PARIS, 25), (date(2027, 3, 14), NEW_YORK, 23)],
)
def test_a_day_is_as_long_as_it_is(day, zone, hours):
    assert axis.OneDay(day, zone).hours == hours


def test_the_hours_of_a_day_are_named_as_the_wall_shows_them():
    assert axis.OneDay(SPRING, PARIS).labels()[:4] == ["00:00", "01:00", "03:00", "04:00"]
    assert axis.OneDay(AUTUMN, PARIS).labels()[:5] == ["00:00", "01:00", "02:00 (CEST)", "02:00 (CET)", "03:00"]


def test_half_past_one_the_second_time_has_a_place_of_its_own():
    column = axis.OneDay(date(2026, 11, 1), NEW_YORK)
    first, second = datetime(2026, 11, 1, 5, 30, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC)

    assert (column.place(first), column.place(second)) == (datetime(2026, 11, 1, 1, 30), datetime(2026, 11, 1, 2, 30))
    assert (axis.label(first, NEW_YORK), axis.label(second, NEW_YORK)) == ("01:30 (EDT)", "01:30 (EST)")


@pytest.mark.parametrize("day", [SPRING, AUTUMN, PLAIN])
def test_every_place_of_a_day_is_one_instant(day):
    column = axis.OneDay(day, PARIS)
    places = [datetime(day.year, day.month, day.day, hour, 15) for hour in range(min(column.hours, 24))]

    assert [column.place(column.instant(place)) for place in places] == places


def test_a_box_on_the_wall_is_as_long_as_its_visit():
    column = axis.Wall(PARIS)
    start, end = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)

    assert (column.place(start), column.end(start, end)) == (
        datetime(2027, 10, 31, 2, 30),
        datetime(2027, 10, 31, 3, 30),
    )


def test_a_place_on_the_wall_is_the_first_instant_it_shows():
    assert axis.Wall(PARIS).instant(datetime(2027, 10, 31, 2, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_place_the_wall_never_shows_is_refused():
    with pytest.raises(axis.NoSuchTime):
        axis.Wall(PARIS).instant(datetime(2027, 3, 28, 2, 30))
