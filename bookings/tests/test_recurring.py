"""When visits come again, by the wall's clock: pure rules, no database."""

from datetime import date, time
from zoneinfo import ZoneInfo

import pytest

from bookings import recurring

NEW_YORK = ZoneInfo("America/New_York")


def test_every_third_week_so_many_times():
    found = recurring.days(date(2027, 1, 5), every_weeks=3, count=3)

    assert found == [date(2027, 1, 26), date(2027, 2, 16), date(2027, 3, 9)]


@pytest.mark.parametrize(
    ("until", "many"), [(date(2027, 1, 11), 0), (date(2027, 1, 12), 1), (date(2027, 1, 26), 3)], ids=str
)
def test_until_a_date_that_counts_itself(until, many):
    assert len(recurring.days(date(2027, 1, 5), every_weeks=1, until=until)) == many


def test_no_series_is_longer_than_a_year_of_weeks():
    assert len(recurring.days(date(2027, 1, 5), every_weeks=1, until=date(2040, 1, 1))) == recurring.MOST_VISITS


@pytest.mark.parametrize(
    ("day", "wall", "instant"),
    [
        (date(2027, 3, 7), time(10), "2027-03-07T15:00:00+00:00"),
        (date(2027, 3, 14), time(10), "2027-03-14T14:00:00+00:00"),
        (date(2027, 11, 7), time(10), "2027-11-07T15:00:00+00:00"),
        (date(2027, 3, 14), time(2, 30), "2027-03-14T07:00:00+00:00"),
        (date(2027, 3, 21), time(2, 30), "2027-03-21T06:30:00+00:00"),
        (date(2027, 11, 7), time(1, 30), "2027-11-07T05:30:00+00:00"),
    ],
    ids=("winter", "summer", "winter again", "in the gap", "a week after the gap", "in the repeated hour"),
)
def test_the_wall_shows_the_same_time_across_clock_changes(day, wall, instant):
    assert recurring.start_on(day, wall, NEW_YORK).isoformat() == instant
