"""Wall time to instants and back, at every kind of clock change (D1, D2)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bookings.availability import day_span, epoch, instant, local_date, local_label, wall_to_utc
from bookings.availability.clock import plan_spans

from .build import DAY, NEW_YORK, at, hm, utc

GAP, OVERLAP = date(2027, 3, 14), date(2027, 11, 7)
HAVANA, APIA, LOS_ANGELES, AUCKLAND = map(
    ZoneInfo, ("America/Havana", "Pacific/Apia", "America/Los_Angeles", "Pacific/Auckland")
)


@pytest.mark.parametrize(
    ("day", "wall", "start", "end"),
    [
        (DAY, "09:00", "2027-02-10T14:00", "2027-02-10T14:00"),
        (DAY, "26:00", "2027-02-11T07:00", "2027-02-11T07:00"),
        (DAY, "48:00", "2027-02-12T05:00", "2027-02-12T05:00"),
        (GAP, "01:59", "2027-03-14T06:59", "2027-03-14T06:59"),
        (GAP, "02:00", "2027-03-14T07:00", "2027-03-14T07:00"),
        (GAP, "02:59", "2027-03-14T07:00", "2027-03-14T07:00"),
        (GAP, "03:00", "2027-03-14T07:00", "2027-03-14T07:00"),
        (date(2027, 3, 13), "26:30", "2027-03-14T07:00", "2027-03-14T07:00"),
        (OVERLAP, "00:59", "2027-11-07T04:59", "2027-11-07T04:59"),
        (OVERLAP, "01:00", "2027-11-07T05:00", "2027-11-07T06:00"),
        (OVERLAP, "01:59", "2027-11-07T05:59", "2027-11-07T06:59"),
        (OVERLAP, "02:00", "2027-11-07T07:00", "2027-11-07T07:00"),
    ],
)
def test_wall_time_becomes_an_instant(day, wall, start, end):
    assert wall_to_utc(day, hm(wall), NEW_YORK, end=False) == utc(start)
    assert wall_to_utc(day, hm(wall), NEW_YORK, end=True) == utc(end)


def test_plan_swallowed_by_a_gap_is_gone():
    assert plan_spans(GAP, ((hm("02:00"), hm("02:45")),), NEW_YORK) == ()


def test_plan_of_a_date_the_zone_skipped_is_gone():
    assert plan_spans(date(2011, 12, 30), ((0, 1440),), APIA) == ()
    assert day_span(date(2011, 12, 30), APIA) == (utc("2011-12-30T10:00"), utc("2011-12-30T10:00"))


@pytest.mark.parametrize(
    ("day", "zone", "span"),
    [
        (GAP, NEW_YORK, ("2027-03-14T05:00", "2027-03-15T04:00")),
        (OVERLAP, NEW_YORK, ("2027-11-07T04:00", "2027-11-08T05:00")),
        # Havana reads midnight twice on the 7th; both are the 7th's, none the 6th's.
        (date(2027, 11, 6), HAVANA, ("2027-11-06T04:00", "2027-11-07T04:00")),
        (OVERLAP, HAVANA, ("2027-11-07T04:00", "2027-11-08T05:00")),
        # Havana has no midnight on the 14th.
        (GAP, HAVANA, ("2027-03-14T05:00", "2027-03-15T04:00")),
    ],
)
def test_day_span_holds_every_instant_of_the_date(day, zone, span):
    assert day_span(day, zone) == (utc(span[0]), utc(span[1]))


@pytest.mark.parametrize(
    ("moment", "zone", "label"),
    [
        ("2027-02-10T14:15", NEW_YORK, "09:15"),
        ("2027-11-07T04:59", NEW_YORK, "00:59"),
        ("2027-11-07T05:00", NEW_YORK, "01:00 (EDT)"),
        ("2027-11-07T06:00", NEW_YORK, "01:00 (EST)"),
        ("2027-11-07T07:00", NEW_YORK, "02:00"),
        ("2027-03-14T07:00", NEW_YORK, "03:00"),
        ("2027-04-03T14:30", ZoneInfo("Australia/Lord_Howe"), "01:30 (+11)"),
        ("2027-04-03T15:00", ZoneInfo("Australia/Lord_Howe"), "01:30 (+1030)"),
    ],
)
def test_label_tells_the_two_passes_of_a_repeated_hour_apart(moment, zone, label):
    assert local_label(utc(moment), zone) == label


def test_case_25_a_visitor_far_away_sees_both_clocks():
    start = at("08:00", zone=AUCKLAND)

    assert (local_date(start, AUCKLAND), local_label(start, AUCKLAND)) == (date(2027, 2, 10), "08:00")
    assert (local_date(start, LOS_ANGELES), local_label(start, LOS_ANGELES)) == (date(2027, 2, 9), "11:00")
    assert local_date(start, LOS_ANGELES).strftime("%A") == "Tuesday"


def test_epoch_rounds_up_to_the_second():
    nine = datetime(2027, 2, 10, 9, tzinfo=UTC)

    assert epoch(nine) == utc("2027-02-10T09:00")
    assert epoch(nine.replace(microsecond=1)) == utc("2027-02-10T09:00") + 1
    assert instant(epoch(nine)) == nine


def test_epoch_refuses_a_time_without_a_zone():
    with pytest.raises(ValueError, match="zone"):
        epoch(datetime(2027, 2, 10, 9))
