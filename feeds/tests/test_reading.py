"""Which times a file says are busy, in New York: whole days, wall times, rules and their exceptions, and what is no good."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from feeds import reading
from feeds.tests.making import ics_of

ZONE = ZoneInfo("America/New_York")
FIRST, LAST = date(2027, 3, 1), date(2027, 3, 31)
PARIS = "TZID=Europe/Paris"


def busy(*events, first=FIRST, last=LAST, **how):
    return reading.busy_times(reading.calendar_of(ics_of(*events)), zone=ZONE, first=first, last=last, **how)


def shown(found):
    """“2027-03-10 09:00–10:00” on New York's wall, with the offset where it matters."""
    spans = [[datetime.fromtimestamp(each, ZONE) for each in span] for span in found.spans]
    return [f"{start:%m-%d %H:%M}–{end:%m-%d %H:%M}" for start, end in spans]


def timed(start="20270310T140000Z", end="20270310T150000Z", *more):
    return [f"DTSTART:{start}", f"DTEND:{end}", *more]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (timed(), ["03-10 09:00–03-10 10:00"]),
        (["DTSTART:20270310T140000Z", "DURATION:PT90M"], ["03-10 09:00–03-10 10:30"]),
        ([f"DTSTART;{PARIS}:20270310T150000", f"DTEND;{PARIS}:20270310T160000"], ["03-10 09:00–03-10 10:00"]),
        (["DTSTART:20270310T090000", "DTEND:20270310T100000"], ["03-10 09:00–03-10 10:00"]),
        (["DTSTART;VALUE=DATE:20270310", "DTEND;VALUE=DATE:20270312"], ["03-10 00:00–03-12 00:00"]),
        (["DTSTART;VALUE=DATE:20270310"], ["03-10 00:00–03-11 00:00"]),
        (["DTSTART;VALUE=DATE:20270310", "DTEND;VALUE=DATE:20270310"], ["03-10 00:00–03-11 00:00"]),
        (["DTSTART;VALUE=DATE:20270314"], ["03-14 00:00–03-15 00:00"]),
        (["DTSTART:20270310T140000Z"], []),
        (timed("20270310T140000Z", "20270310T130000Z"), []),
        (timed("20260310T140000Z", "20260310T150000Z"), []),
        (["DTSTART:20270314T023000", "DTEND:20270314T033000"], ["03-14 03:00–03-14 03:30"]),
    ],
    ids=[
        "instants",
        "a duration",
        "another zone",
        "no zone: the salon's wall",
        "two whole days",
        "one whole day",
        "one whole day, which others would write with the next as its end",
        "a whole day of 23 hours",
        "no length",
        "ends before it begins",
        "long ago",
        "begins in the hour that is not",
    ],
)
def test_an_event_is_busy_from_its_start_to_its_end(event, expected):
    assert shown(busy(event)) == expected


def test_a_whole_day_has_the_hours_of_its_local_date():
    ((start, end),) = busy(["DTSTART;VALUE=DATE:20270314"]).spans

    assert (end - start) / 3600 == 23


@pytest.mark.parametrize("line", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"])
def test_what_is_free_or_cancelled_does_not_block(line):
    assert busy(timed()).spans != []
    assert busy([*timed(), line]).spans == []


def test_a_tentative_event_blocks():
    assert len(busy([*timed(), "STATUS:TENTATIVE"]).spans) == 1


def test_what_meets_is_one_time():
    first, second, third = timed(), timed("20270310T150000Z", "20270310T160000Z"), timed("20270310T143000Z")

    assert shown(busy(first, second, third)) == ["03-10 09:00–03-10 11:00"]


def test_a_rule_keeps_its_wall_time_when_the_clock_changes():
    """Mondays at ten in New York, over 14 March; at 15:00 in Paris it is another hour here for two weeks."""
    here = ["DTSTART;TZID=America/New_York:20270301T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"]
    there = [f"DTSTART;{PARIS}:20270302T150000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"]

    assert shown(busy(here)) == [f"03-{day} 10:00–03-{day} 11:00" for day in ("01", "08", "15", "22", "29")]
    assert [line.split("–")[0] for line in shown(busy(there))] == [
        *("03-02 09:00", "03-09 09:00", "03-16 10:00", "03-23 10:00", "03-30 09:00"),
    ]


HERE = "TZID=America/New_York"
SPRING, AUTUMN = "20270313T220000", "20271106T220000"


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [
        (f"DTSTART;{HERE}:{SPRING}", "PT12H", "03-13 22:00–03-14 11:00"),
        (f"DTSTART:{SPRING}", "PT12H", "03-13 22:00–03-14 11:00"),
        (f"DTSTART:{SPRING}", "P1D", "03-13 22:00–03-14 22:00"),
        (f"DTSTART:{SPRING}", "P1DT2H", "03-13 22:00–03-15 00:00"),
        ("DTSTART:20270314T013000", "PT2H", "03-14 01:30–03-14 04:30"),
        ("DTSTART:20270314T090010", "PT50S", "03-14 09:00–03-14 09:01"),
        (f"DTSTART;{HERE}:{AUTUMN}", "PT12H", "11-06 22:00–11-07 09:00"),
        (f"DTSTART:{AUTUMN}", "PT12H", "11-06 22:00–11-07 09:00"),
    ],
    ids=[
        "forward, in a zone",
        "forward, on the wall",
        "a day on the wall",
        "a day and hours",
        "into the hour that is not",
        "seconds of a wall time",
        "back, in a zone",
        "back, on the wall",
    ],
)
def test_hours_pass_and_days_are_of_the_wall(start, length, expected):
    """RFC 5545, 3.3.6: an hour that the clock leaves out is none of the twelve somebody is busy."""
    assert shown(busy([start, f"DURATION:{length}"], last=date(2027, 11, 30))) == [expected]


@pytest.mark.parametrize("kind", [f";{HERE}", ""], ids=["in a zone", "on the wall"])
@pytest.mark.parametrize("end", ["DTEND{kind}:20270313T100000", "DURATION:PT12H"], ids=["by its end", "by its length"])
def test_what_repeats_is_as_long_in_the_night_the_clock_goes_forward(kind, end):
    found = busy([f"DTSTART{kind}:20270312T220000", end.format(kind=kind), "RRULE:FREQ=DAILY;COUNT=3"])

    assert [(until - since) / 3600 for since, until in found.spans] == [12, 12, 12]
    assert shown(found)[1] == "03-13 22:00–03-14 11:00"


@pytest.mark.parametrize(
    ("start", "until", "last"),
    [
        (f"DTSTART;{HERE}:20270308T220000", "20270310", "03-10 22:00"),
        (f"DTSTART;{HERE}:20270308T220000", "20270310T220000", "03-10 22:00"),
        (f"DTSTART;{HERE}:20270308T220000", "20270311T030000Z", "03-10 22:00"),
        (f"DTSTART;{HERE}:20270308T220000", "20270311T025959Z", "03-09 22:00"),
        (f"DTSTART;{PARIS}:20270308T003000", "20270310", "03-09 18:30"),
        (f"DTSTART;{PARIS}:20270308T003000", "20270310T003000", "03-09 18:30"),
        ("DTSTART:20270308T220000", "20270310", "03-10 22:00"),
    ],
    ids=[
        "a day",
        "a wall time",
        "an instant",
        "a second before",
        "a day, east of here",
        "a wall time, east of here",
        "a day, on the wall",
    ],
)
def test_a_rule_runs_until_its_last_day_however_that_is_written(start, until, last):
    found = busy([start, "DURATION:PT30M", f"RRULE:FREQ=DAILY;UNTIL={until}"])

    assert shown(found)[-1].startswith(last)


def test_a_rule_has_exceptions_moves_and_cancellations():
    rule = ["UID:lunch", "DTSTART:20270301T170000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20270306T170000Z"]
    left_out = "EXDATE:20270302T170000Z"
    moved = ["UID:lunch", "RECURRENCE-ID:20270303T170000Z", "DTSTART:20270303T200000Z", "DURATION:PT1H"]
    called_off = [
        *("UID:lunch", "RECURRENCE-ID:20270304T170000Z", "DTSTART:20270304T170000Z", "DURATION:PT1H"),
        "STATUS:CANCELLED",
    ]
    free = [
        *("UID:lunch", "RECURRENCE-ID:20270305T170000Z", "DTSTART:20270305T170000Z", "DURATION:PT1H"),
        "TRANSP:TRANSPARENT",
    ]

    assert shown(busy([*rule, left_out], moved, called_off, free)) == [
        "03-01 12:00–03-01 13:00",
        "03-03 15:00–03-03 16:00",
        "03-06 12:00–03-06 13:00",
    ]


@pytest.mark.parametrize(
    ("rule", "starts"),
    [
        ("FREQ=MONTHLY;BYDAY=2TU", ["03-09"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["03-31"]),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=17", ["03-17"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=800", ["03-08", "03-22"]),
    ],
)
def test_rules_of_every_kind_are_followed(rule, starts):
    found = busy(["DTSTART;VALUE=DATE:20200106", f"RRULE:{rule}"])

    assert [line[:5] for line in shown(found)] == starts


def test_whole_days_repeat_as_local_dates():
    found = busy(["DTSTART;VALUE=DATE:20270312", "RRULE:FREQ=DAILY;COUNT=4"])

    assert shown(found) == ["03-12 00:00–03-16 00:00"]


def test_a_rule_without_an_end_is_followed_to_the_last_date():
    found = busy(["DTSTART:20200101T150000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"])

    assert len(found.spans) == 31


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=4",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=4",
        "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=NEVER",
    ],
)
def test_a_rule_that_could_run_for_ever_is_counted_and_not_followed(rule):
    found = busy(["DTSTART:20200101T150000Z", "DURATION:PT1H", f"RRULE:{rule}"], timed())

    assert (shown(found), found.odd) == (["03-10 09:00–03-10 10:00"], 1)


@pytest.mark.parametrize("start", ["DTSTART:nonsense", "SUMMARY:x", "DTSTART:00010101T000000Z"])
def test_an_event_without_a_start_is_counted(start):
    found = busy([start, "DTEND:20270310T150000Z"], timed())

    assert (len(found.spans), found.odd) == (1, 1)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><body>Sign in</body></html>",
        b"\x00\xff\xfe",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR" + b"x" * reading.MOST_BYTES,
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 5001 + b"END:VCALENDAR",
    ],
    ids=["empty", "a web page", "bytes", "cut off", "too large", "too many"],
)
def test_what_is_no_calendar_is_refused(data):
    with pytest.raises(reading.NoCalendar):
        reading.busy_times(reading.calendar_of(data), zone=ZONE, first=FIRST, last=LAST)


def test_a_calendar_that_takes_too_long_is_given_up():
    ticks = iter(range(0, 100, 4))

    with pytest.raises(reading.NoCalendar, match="repeats too much"):
        busy(*[timed()] * 3, clock=lambda: next(ticks))


def test_events_by_name_are_left_out():
    assert busy(["UID:ours", *timed()], without={"ours"}).spans == []


def test_spans_are_instants_of_utc():
    ((start, _),) = busy(timed()).spans

    assert datetime.fromtimestamp(start, UTC) == datetime(2027, 3, 10, 14, tzinfo=UTC)
