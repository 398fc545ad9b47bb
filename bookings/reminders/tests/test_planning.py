"""When each reminder of a visit leaves, rule by rule; times in the tests are those of the salon's wall."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.reminders import BEGUN, DEFAULT_QUIET, DEFAULT_RULES, PASSED, QUIET, TOO_CLOSE, Quiet, Rule, Visit, plan

PARIS = ZoneInfo("Europe/Paris")
BOOKED = datetime(2027, 1, 4, 12, tzinfo=UTC)


def wall(text, zone=PARIS):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def planned(start, rules=DEFAULT_RULES, *, zone=PARIS, reader=None, since=BOOKED, limit=None, quiet=DEFAULT_QUIET):
    """[(when on the salon's wall, why not)]"""
    visit = Visit(wall(start, zone), zone, reader or zone, since, limit and wall(limit, zone))
    return [
        (f"{each.due_at.astimezone(zone):%a %H:%M}", each.skipped)
        for each in plan(visit=visit, rules=rules, quiet=quiet)
    ]


def only(*args, **how):
    [(when, skipped)] = planned(*args, **how)
    return when, skipped


def test_a_day_and_two_hours_before_are_usual():
    assert planned("2027-03-05 14:00") == [("Thu 14:00", ""), ("Fri 12:00", "")]


@pytest.mark.parametrize(
    ("start", "hours", "same_hour"),
    [("2027-03-28 14:00", "Sat 13:00", "Sat 14:00"), ("2027-10-31 14:00", "Sat 15:00", "Sat 14:00")],
    ids=("23 hours in spring", "25 hours in autumn"),
)
def test_twenty_four_hours_and_the_day_before_differ_where_the_clocks_change(start, hours, same_hour):
    assert only(start, [Rule.before(hours=24)]) == (hours, "")
    assert only(start, [Rule.day_before()]) == (same_hour, "")


@pytest.mark.parametrize(
    ("rule", "when"),
    [(Rule.day_before(1, time(18)), "Thu 18:00"), (Rule.day_before(3, time(9, 30)), "Tue 09:30")],
)
def test_days_before_at_a_time_are_counted_on_the_salons_wall(rule, when):
    assert only("2027-03-05 00:30", [rule]) == (when, "")


def test_a_time_the_clocks_skip_comes_right_after_and_one_they_repeat_at_first():
    skipped, twice = Rule.day_before(1, time(2, 30)), Rule.day_before(1, time(2, 30))

    assert only("2027-03-29 14:00", [skipped], quiet=None) == ("Sun 03:00", "")
    [autumn] = plan(visit=Visit(wall("2027-11-01 14:00"), PARIS, PARIS, BOOKED), rules=[twice], quiet=None)
    assert autumn.due_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_what_had_passed_before_the_visit_was_booked_is_skipped():
    since = wall("2027-03-04 14:30")

    assert planned("2027-03-05 14:00", since=since) == [("Thu 14:00", PASSED), ("Fri 12:00", "")]


def test_at_its_very_instant_it_has_passed():
    assert only("2027-03-05 14:00", [Rule.before(hours=24)], since=wall("2027-03-04 14:00")) == ("Thu 14:00", PASSED)


@pytest.mark.parametrize(
    ("start", "rule", "when"),
    [
        ("2027-03-05 07:00", Rule.before(hours=24), "Thu 08:00"),
        ("2027-03-05 22:00", Rule.before(hours=24), "Fri 08:00"),
        ("2027-03-05 09:00", Rule.before(hours=2), "Fri 08:00"),
        ("2027-03-05 08:59", Rule.before(hours=2), "Thu 20:55"),
        ("2027-03-05 08:00", Rule.before(hours=2), "Thu 20:55"),
        ("2027-03-05 23:30", Rule.before(hours=2), "Fri 20:55"),
        ("2027-03-05 10:00", Rule.before(hours=2), "Fri 08:00"),
        ("2027-03-05 21:00", Rule.before(hours=24), "Fri 08:00"),
    ],
)
def test_the_night_is_left_alone(start, rule, when):
    """Put off to the morning where half of the time before the visit is left then, else the evening before."""
    assert only(start, [rule]) == (when, "")


def test_without_quiet_hours_it_leaves_at_night():
    assert only("2027-03-05 07:00", [Rule.before(hours=2)], quiet=None) == ("Fri 05:00", "")


def test_quiet_hours_are_those_of_who_reads_it():
    """Noon in Paris is four in the morning in Los Angeles."""
    assert only("2027-03-05 12:30", [Rule.before(minutes=30)], reader=ZoneInfo("America/Los_Angeles")) == (
        "Fri 05:55",
        "",
    )


def test_quiet_hours_may_lie_within_a_day():
    siesta = Quiet(time(13), time(15))

    assert only("2027-03-05 14:00", [Rule.before(hours=24)], quiet=siesta) == ("Thu 15:00", "")


def test_who_books_at_night_for_the_morning_is_not_reminded():
    since = wall("2027-03-04 22:00")

    assert only("2027-03-05 08:30", [Rule.before(hours=2)], since=since) == ("Thu 20:55", QUIET)


@pytest.mark.parametrize(
    ("limit", "when"),
    [
        ("2027-03-04 14:00", ["Thu 12:00", "Fri 12:00"]),
        ("2027-03-04 16:00", ["Thu 14:00", "Fri 12:00"]),
        ("2027-03-04 09:00", ["Wed 20:55", "Fri 12:00"]),
        ("2027-03-03 14:00", ["Wed 12:00", "Fri 12:00"]),
        ("2027-03-05 13:00", ["Thu 14:00", "Fri 12:00"]),
    ],
    ids=("a day", "two hours later", "in the morning", "two days", "an hour"),
)
def test_the_first_leaves_two_hours_before_free_cancelling_ends(limit, when):
    assert planned("2027-03-05 14:00", limit=limit) == [(each, "") for each in when]


def test_none_is_put_off_beyond_the_end_of_free_cancelling():
    """At seven by the rule; the morning would be too late to think about it."""
    limit = "2027-03-04 09:00"

    assert only("2027-03-05 07:00", [Rule.before(hours=24)], limit=limit) == ("Wed 20:55", "")


def test_where_it_is_too_late_for_the_limit_the_rule_stands():
    since = wall("2027-03-04 12:30")

    assert planned("2027-03-05 14:00", limit="2027-03-04 14:00", since=since) == [("Thu 14:00", ""), ("Fri 12:00", "")]


def test_two_at_about_the_same_time_are_one():
    rules = [Rule.before(hours=24), Rule.day_before(), Rule.before(hours=24, channel="sms")]

    assert sorted(planned("2027-03-05 14:00", rules)) == [
        ("Thu 14:00", ""),
        ("Thu 14:00", ""),
        ("Thu 14:00", TOO_CLOSE),
    ]


def test_a_date_the_calendar_skipped_has_no_reminder():
    """Samoa had no 30 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    since = wall("2011-12-20 12:00", apia)

    assert only("2011-12-31 00:00", [Rule.day_before()], zone=apia, since=since, quiet=None) == ("Sat 00:00", BEGUN)


@pytest.mark.parametrize(
    ("rule", "key", "about"),
    [
        (Rule.before(hours=24), "b1440", "24 h before the visit"),
        (Rule.before(minutes=90), "b90", "90 min before the visit"),
        (Rule.day_before(), "d1", "1 day before, at the hour of the visit"),
        (Rule.day_before(2, time(18, 5)), "d2@1805", "2 days before, at 18:05"),
    ],
)
def test_a_rule_has_a_name_and_a_sentence(rule, key, about):
    assert (rule.key, rule.about) == (key, about)


def test_quiet_hours_know_their_length():
    assert [Quiet(time(21), time(8)).minutes, Quiet(time(13), time(15)).minutes] == [660, 120]
    assert Quiet(time(0), time(6)).window(wall("2027-03-05 06:00"), PARIS) is None
    assert timedelta(hours=6) == (lambda pair: pair[1] - pair[0])(
        Quiet(time(0), time(6)).window(wall("2027-03-05 05:59"), PARIS)
    )
