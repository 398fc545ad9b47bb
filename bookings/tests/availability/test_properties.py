"""What must hold whatever the salon: D14's exclusivity, no double booking, no dependence on the dates asked."""

import itertools
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bookings.availability import (
    ACTIVE,
    PROCESSING,
    Able,
    Busy,
    Person,
    Phase,
    Rules,
    check,
    day_span,
    free_lane,
    lanes_of,
    local_date,
    local_label,
    occupied,
    reasons,
    starts,
    wall_to_utc,
)

from .test_zones import change_hours

ZONES = [ZoneInfo(name) for name in ("America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Kolkata")]
# Two clock changes, and a plain week.
ANCHORS = st.sampled_from(
    [date(2027, 3, 14), date(2027, 4, 4), date(2027, 10, 3), date(2027, 11, 7), date(2027, 2, 10)]
)
PLAN = st.lists(st.tuples(st.integers(0, 36), st.integers(1, 48)), min_size=1, max_size=2).map(
    lambda shifts: tuple((60 * start, 60 * min(start + length, 48)) for start, length in shifts)
)
WEEK = st.dictionaries(st.integers(1, 7), PLAN, min_size=5)
BREAKS = st.dictionaries(st.integers(1, 7), st.just(((720, 735), (1500, 1530))), max_size=7)
PHASES = st.lists(st.builds(Phase, st.sampled_from((ACTIVE, PROCESSING)), st.integers(1, 9).map(lambda n: n * 10)))
BUFFER = st.sampled_from((0, 0, 5, 20))


def spans_around(day, zone):
    middle = wall_to_utc(day, 720, zone, end=False)
    return st.lists(
        st.tuples(st.integers(-400, 400), st.integers(1, 18)).map(
            lambda pair: (middle + 300 * pair[0], middle + 300 * (pair[0] + pair[1]))
        ),
        max_size=8,
    )


@st.composite
def salons(draw):
    """What `starts` and `reasons` are asked: a person, a service, rules, and a date near a clock change or not."""
    zone, day = draw(st.sampled_from(ZONES)), draw(ANCHORS)
    near = st.sampled_from([day + timedelta(days=n) for n in (-1, 0, 1)])
    capacity = draw(st.integers(1, 3))
    person = Person(
        id=1,
        weekly=draw(WEEK),
        special_days=draw(st.dictionaries(near, st.one_of(st.just(()), PLAN), max_size=1)),
        open_anyway=draw(st.frozensets(near, max_size=1)),
        breaks=draw(BREAKS),
        blocks=tuple(draw(spans_around(day, zone))[:2]),
        busy=tuple(tuple(sorted(draw(spans_around(day, zone)))) for _ in range(draw(st.integers(0, capacity)))),
        capacity=capacity,
    )
    able = Able(
        person_id=1,
        phases=(Phase(ACTIVE, draw(st.integers(2, 18)) * 5), *draw(PHASES)[:2]),
        buffer_before_min=draw(BUFFER),
        buffer_after_min=draw(BUFFER),
    )
    rules = Rules(
        zone=zone,
        step_min=draw(st.sampled_from((10, 15, 25, 60))),
        notice_min=draw(st.sampled_from((0, 60, 1500))),
        horizon_days=draw(st.sampled_from((1, 2, 30))),
        hard_edges=draw(st.booleans()),
        hours=draw(st.one_of(st.none(), WEEK)),
        closures=draw(st.frozensets(near, max_size=1)),
    )
    now = day_span(day, zone)[0] - 3600 * draw(st.integers(-30, 30))
    return day, {"able": able, "person": person, "rules": rules, "now": now}


@settings(max_examples=100, deadline=None, derandomize=True)
@given(salons(), st.integers(0, 599))
def test_start_is_offered_exactly_when_there_is_no_reason_against_it(salon, shift):
    day, asked = salon
    opens, closes = day_span(day, asked["rules"].zone)

    offered = set(starts(**asked, first=day, last=day))

    # Five minutes apart, and once more off every grid.
    sample = offered | set(range(opens, closes, 300)) | set(range(opens + shift, closes, 3600))
    assert {start for start in sample if not reasons(**asked, start=start)} == offered


@settings(max_examples=100, deadline=None, derandomize=True)
@given(salons())
def test_starts_of_a_range_are_those_of_its_dates(salon):
    day, asked = salon
    around = [day + timedelta(days=n) for n in range(-1, 3)]

    at_once = starts(**asked, first=around[0], last=around[-1])

    assert at_once == [start for date in around for start in starts(**asked, first=date, last=date)]
    assert {local_date(start, asked["rules"].zone) for start in at_once} <= set(around)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(salons(), st.randoms(use_true_random=False))
def test_booking_whatever_is_offered_never_books_a_lane_twice(salon, rng):
    day, asked = salon
    person = replace(asked["person"], busy=())
    rows = []

    for _ in range(12):
        free = starts(**asked | {"person": person}, first=day, last=day)
        if not free:
            break
        start = rng.choice(free)
        lane = free_lane(able=asked["able"], person=person, start=start)
        rows += [Busy(*span, ref=None, lane=lane) for span in occupied(able=asked["able"], start=start)]
        person = replace(person, busy=lanes_of(rows))

    assert len(person.busy) <= person.capacity
    assert all(before[1] <= after[0] for lane in person.busy for before, after in itertools.pairwise(lane))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(salons())
def test_start_taken_is_refused_to_the_next_in_line(salon):
    day, asked = salon
    person = replace(asked["person"], busy=(), capacity=1)

    for start in starts(**asked | {"person": person}, first=day, last=day)[:3]:
        taken = replace(person, busy=(tuple(occupied(able=asked["able"], start=start)),))

        assert check(**asked | {"person": person}, start=start) == []
        assert {reason.code for reason in check(**asked | {"person": taken}, start=start)} == {"busy"}


def test_no_two_half_hours_of_a_change_have_one_label_in_any_zone():
    twins = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for change in change_hours(zone):
            opens, closes = day_span(change.astimezone(zone).date(), zone)
            labels = [local_label(moment, zone) for moment in range(opens, closes, 1800)]
            twins += [(name, label) for label in labels if labels.count(label) > 1]

    assert twins == []


def test_dates_of_the_year_follow_each_other_without_hole_or_overlap_in_any_zone():
    wrong = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        for change in change_hours(zone):
            for day in (change.astimezone(zone).date() + timedelta(days=n) for n in (-1, 0, 1)):
                opens, closes = day_span(day, zone)
                seen = {local_date(moment, zone) for moment in range(opens, closes, 900)}
                if seen != {day} or local_date(opens - 1, zone) >= day or local_date(closes, zone) <= day:
                    wrong.append((name, day))

    assert wrong == []
