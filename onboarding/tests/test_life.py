"""A made-up life, before anything is asked whether there is room: the same for the same seed, and like a salon's."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from onboarding.simulation import life
from onboarding.simulation.life import Fate, What

NEW_YORK = ZoneInfo("America/New_York")
SHAPE = life.Shape(
    seed="one", zone=NEW_YORK, first=date(2027, 3, 1), last=date(2027, 4, 25), people=5, services=(3, 2, 1)
)
AT = datetime(2027, 3, 1, 15, tzinfo=UTC)
START = datetime(2027, 3, 10, 15, tzinfo=UTC)
END = START + timedelta(hours=1)


def wish(fate):
    return replace(next(life.wishes(SHAPE)), fate=fate, turn=0.5)


def test_the_same_seed_is_the_same_life_and_another_is_another():
    assert life.happenings(SHAPE) == life.happenings(SHAPE)
    assert life.happenings(SHAPE) != life.happenings(replace(SHAPE, seed="two"))


def test_things_happen_in_order_and_nobody_asks_for_what_is_over():
    found = life.happenings(SHAPE)

    assert [each.at for each in found] == sorted(each.at for each in found)
    wishes = [each.wish for each in found if each.wish]
    assert all(each.at <= life.wall(each.day, each.minute, NEW_YORK) for each in wishes)
    assert min(each.at for each in wishes) > life.wall(SHAPE.first, 0, NEW_YORK) - life.FURTHEST


def test_demand_has_a_week_and_a_day():
    wishes = list(life.wishes(SHAPE))
    days = Counter(each.day.isoweekday() for each in wishes)
    hours = Counter(each.minute // 60 for each in wishes)

    assert min(days, key=days.get) == 7
    assert days[6] > 1.5 * days[1]
    assert hours[17] > 2 * hours[13]


def test_every_fate_and_every_trouble_occurs():
    found = life.happenings(SHAPE)

    assert {each.wish.fate for each in found if each.wish} == set(Fate)
    assert {each.what for each in found} == {What.BOOK, What.WALK_IN, What.ILL, What.SHUT, What.RISE}
    assert [each.at.astimezone(NEW_YORK).date() for each in found if each.what == What.RISE] == [date(2027, 3, 29)]


@pytest.mark.parametrize(
    ("fate", "follows"),
    [
        (Fate.COMES, [What.ARRIVE, What.CLOSE]),
        (Fate.STAYS_AWAY, [What.CLOSE]),
        (Fate.CANCELS_EARLY, [What.CANCEL]),
        (Fate.CANCELS_LATE, [What.CANCEL]),
        (Fate.MOVES, [What.MOVE]),
    ],
)
def test_what_follows_from_a_visit(fate, follows):
    found = life.afterwards(wish=wish(fate), at=AT, start=START, end=END)

    assert [each.what for each in found] == follows
    assert found[0].at > AT


@pytest.mark.parametrize(("fate", "hours"), [(Fate.CANCELS_EARLY, 30), (Fate.CANCELS_LATE, 0)], ids=["early", "late"])
def test_cancelling_is_early_or_late(fate, hours):
    [found] = life.afterwards(wish=wish(fate), at=AT, start=START, end=END)

    assert found.at <= START - timedelta(hours=hours)
    assert (found.at > START - timedelta(hours=11)) == (fate == Fate.CANCELS_LATE)


@pytest.mark.parametrize("fate", [Fate.MOVES, Fate.CANCELS_EARLY], ids=str)
def test_who_booked_an_hour_before_has_no_time_to_think_again(fate):
    found = life.afterwards(wish=wish(fate), at=START - timedelta(hours=1), start=START, end=END)

    assert [each.what for each in found] == [What.ARRIVE, What.CLOSE]


def test_who_has_moved_comes():
    found = life.afterwards(wish=wish(Fate.MOVES), at=AT, start=START, end=END, moved=True)

    assert [each.what for each in found] == [What.ARRIVE, What.CLOSE]


@pytest.mark.parametrize(("cents", "after"), [(8500, 9100), (1500, 1650), (5000, 5350), (0, 0)])
def test_prices_rise_to_whole_fifties(cents, after):
    assert life.raised(cents) == after


@pytest.mark.parametrize(
    ("day", "minute", "instant"),
    [
        (date(2027, 3, 13), 26 * 60, datetime(2027, 3, 14, 7, tzinfo=UTC)),  # two o'clock is three o'clock
        (date(2027, 3, 13), 28 * 60, datetime(2027, 3, 14, 8, tzinfo=UTC)),
        (date(2027, 11, 6), 25 * 60, datetime(2027, 11, 7, 5, tzinfo=UTC)),  # the first of two one o'clocks
        (date(2027, 11, 6), 26 * 60, datetime(2027, 11, 7, 7, tzinfo=UTC)),
    ],
)
def test_wall_times_of_a_night_belong_to_its_day(day, minute, instant):
    assert life.wall(day, minute, NEW_YORK) == instant
