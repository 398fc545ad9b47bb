"""Which times are busy in an iCalendar file, pure: bytes in, spans of whole seconds out.

A file is a stranger's: how much of it is read, and how long one rule may be followed, is bounded.
"""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from icalendar.prop import vRecur

from bookings.availability.clock import day_span, wall_to_utc
from bookings.availability.intervals import merge

MOST_BYTES = 2 * 1024 * 1024
MOST_EVENTS = 5000
#: Of work, looked at between two series; one series is bounded by its rule.
PATIENCE_SECONDS = 5.0
ONE_DAY = timedelta(days=1)
LAST_SECOND = datetime.max.time().replace(microsecond=0)
EARLIEST = 1900
#: More often than daily, nobody is busy; a calendar that says so is a mistake, or worse.
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
BY_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
RANGES = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYYEARDAY": 366, "BYWEEKNO": 53, "BYSETPOS": 4}
ORDINAL = re.compile(r"[+-]?(\d+)[A-Z]{2}")
ORDINALS = {"MONTHLY": 5, "YEARLY": 53}
#: Parts that may contradict each other: that no day fits is only known at the end of all years.
APART = (
    ("BYMONTH", "BYYEARDAY"),
    ("BYMONTH", "BYWEEKNO"),
    ("BYMONTHDAY", "BYYEARDAY"),
    ("BYMONTHDAY", "BYWEEKNO"),
    ("BYYEARDAY", "BYWEEKNO"),
    ("BYYEARDAY", "BYSETPOS"),
    ("BYMONTHDAY", "BYSETPOS"),
)
#: What a rule of each kind may be narrowed down by.
NARROWED = {
    "DAILY": {"BYMONTH", "BYMONTHDAY", "BYDAY"},
    "WEEKLY": {"BYMONTH", "BYDAY"},
    "MONTHLY": {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS"},
    "YEARLY": {"BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "BYYEARDAY", "BYWEEKNO"},
}


class NoCalendar(ValueError):
    """What was read is no calendar, or too much of one; the sentence says which."""


class Odd(ValueError):
    """An event that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Busy:
    """`spans` are sorted, disjoint `(start, end)` in epoch seconds; `odd` events could not be understood."""

    spans: list
    odd: int


def calendar_of(data):
    """The calendar in a file, as a library reads it. Raises NoCalendar."""
    if len(data) > MOST_BYTES:
        raise NoCalendar("The calendar is larger than 2 MB.")
    if b"BEGIN:VCALENDAR" not in data[:4096].upper():
        raise NoCalendar("This is not a calendar: it does not begin like an .ics file.")
    if data.upper().count(b"BEGIN:VEVENT") > MOST_EVENTS:
        raise NoCalendar(f"The calendar has more than {MOST_EVENTS:,} events.")
    try:
        found = icalendar.Calendar.from_ical(data, multiple=True)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise NoCalendar("The calendar cannot be read: its text is damaged.") from exc
    if not found or any(each.name != "VCALENDAR" for each in found):
        raise NoCalendar("This is not a calendar: it does not begin like an .ics file.")
    return found


def uids_of(calendars):
    return {str(event.get("UID", "")) for event in _events(calendars)}


def busy_times(calendars, *, zone, first, last, without=frozenset(), clock=time.thread_time):
    """The Busy of the calendars, as far as it meets the local dates `first` to `last` of `zone`.

    A whole day is a local date there, and so is a time without a zone; what is free or cancelled is not busy. Events
    whose UID is in `without` are left out. Raises NoCalendar where it takes too long to follow.
    """
    low, high = day_span(first, zone)[0], day_span(last, zone)[1]
    until, spans, odd = clock() + PATIENCE_SECONDS, [], 0
    for events in _series(calendars, without):
        if clock() > until:
            raise NoCalendar("The calendar repeats too much to be read.")
        try:
            spans += _spans(events, zone, low, high)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError):
            odd += 1
    return Busy(merge((start, end) for start, end in spans if start < high and end > low), odd)


def _events(calendars):
    return [event for calendar in calendars for event in calendar.walk("VEVENT")]


def _series(calendars, without):
    """Events by what they are a part of: a rule, and its exceptions."""
    series = {}
    for number, event in enumerate(_events(calendars)):
        uid = str(event.get("UID", ""))
        if uid not in without:
            series.setdefault(uid or number, []).append(event)
    return series.values()


def _spans(events, zone, low, high):
    repeats = len(events) > 1 or any(name in events[0] for name in ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"))
    if repeats:
        events = _occurrences(events, low, high)
    return [_span(event, zone, repeats=repeats) for event in events if _is_busy(event)]


def _occurrences(events, low, high):
    for event in events:
        _bound(event, high)
    whole = icalendar.Calendar()
    whole.add("version", "2.0")
    whole.subcomponents = events
    # A day more on both sides: whole days, and times without a zone, are somebody's local ones.
    start, end = (datetime.fromtimestamp(seconds, UTC) for seconds in (low, high))
    return recurring_ical_events.of(whole).between(start - ONE_DAY, end + ONE_DAY)


def _is_busy(event):
    return (
        str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


def _span(event, zone, *, repeats):
    start, end, length = _value(event, "DTSTART"), _value(event, "DTEND"), event.get("DURATION")
    begins = _second(start, zone, end=False)
    is_whole = not isinstance(start, datetime)
    if end is None:
        return begins, _after(start, length.dt if length is not None else timedelta(int(is_whole)), zone)
    if is_whole and end == start:  # as some write a single day
        return begins, _after(start, ONE_DAY, zone)
    ends = _second(end, zone, end=True)
    if repeats and _are_alike(start, end):
        # Its end was reckoned on the wall: in the night the clock goes forward, an hour would be missing of it.
        ends = max(ends, _after(start, end - start, zone))
    return begins, ends


def _are_alike(start, end):
    """Whether both are instants, or both wall times, so that there is a length between them."""
    return isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) == (end.tzinfo is None)


def _after(start, length, zone):
    """The second at which `length` after `start` is over: days are days of the wall, hours and minutes pass (RFC 5545)."""
    if not isinstance(start, datetime):
        return _second(start + length, zone, end=True)
    whole_days = start + timedelta(days=length.days)
    lost = start.second if start.tzinfo is None else 0  # `_second` rounds a wall time down
    return _second(whole_days, zone, end=False) + lost + length.seconds


def _value(event, name):
    found = event.get(name)
    if found is None and name == "DTSTART":
        raise Odd("An event begins nowhere.")
    if isinstance(found, list):
        raise Odd("An event begins or ends twice.")
    return found.dt if found is not None else None


def _second(value, zone, *, end):
    """A date, a wall time or an instant as epoch seconds: starts are rounded down, ends up, to whole seconds."""
    if not EARLIEST <= value.year < 9000:
        raise Odd("Out of any calendar.")
    if not isinstance(value, datetime):
        return day_span(value, zone)[0]
    if value.tzinfo is None:
        minutes = value.hour * 60 + value.minute + (1 if end and (value.second or value.microsecond) else 0)
        return wall_to_utc(value.date(), minutes, zone, end=end)
    return int(value.replace(microsecond=0).timestamp())


def _bound(event, high):
    """Let the event's rules end where nobody asks any more. Raises Odd for one that cannot be followed to there."""
    start = _value(event, "DTSTART")
    if not EARLIEST <= start.year < 9000:
        raise Odd("Out of any calendar.")
    rules = event.get("RRULE", [])
    for rule in rules if isinstance(rules, list) else [rules]:
        _check(rule)
        if "COUNT" not in rule:
            _end(rule, start, datetime.fromtimestamp(high, UTC) + 2 * ONE_DAY)


def _check(rule):
    if not isinstance(rule, vRecur):
        raise Odd("No rule.")
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    if frequency not in FREQUENCIES or any(each < 1 for each in rule.get("INTERVAL", [1])):
        raise Odd("A rule that is too quick.")
    if any(len(rule.get(name, [])) > 1 for name in BY_CLOCK):
        raise Odd("A rule of many times a day.")
    for name, most in RANGES.items():
        if any(not 0 < abs(int(each)) <= most for each in rule.get(name, [])):
            raise Odd("A rule of no day.")
    _check_days(rule, frequency)


def _check_days(rule, frequency):
    """Raises Odd where the parts of the rule may leave no day at all."""
    parts = {name for name in (*RANGES, "BYDAY") if name in rule}
    ordinals = [int(found[1]) for day in rule.get("BYDAY", []) if (found := ORDINAL.fullmatch(str(day)))]
    if parts - NARROWED[frequency] or any(set(pair) <= parts for pair in APART):
        raise Odd("A rule whose parts contradict each other.")
    if "BYSETPOS" in parts and (ordinals or "BYDAY" not in parts):
        raise Odd("A rule that counts what is counted already.")
    if ordinals and ("BYMONTHDAY" in parts or not all(0 < each <= ORDINALS.get(frequency, 0) for each in ordinals)):
        raise Odd("A rule of no day.")
    months, days = rule.get("BYMONTH"), rule.get("BYMONTHDAY")
    if months and days and not any(abs(int(day)) <= LONGEST_MONTHS[int(month) - 1] for month in months for day in days):
        raise Odd("A rule of no day.")


def _end(rule, start, latest):
    if not isinstance(start, datetime):
        latest = latest.date()
    elif start.tzinfo is None:
        latest = latest.replace(tzinfo=None)
    until = rule.get("UNTIL", [None])[0]
    if until is None or _day(until) > _day(latest):
        rule["UNTIL"] = [latest]
    elif isinstance(start, datetime):
        rule["UNTIL"] = [_last_instant(until, start.tzinfo)]


def _last_instant(until, zone):
    """Until when a rule of instants runs, by what many write there: a day, which counts, or a wall time of the event's zone."""
    if not isinstance(until, datetime):
        until = datetime.combine(until, LAST_SECOND)
    return until.replace(tzinfo=zone).astimezone(UTC) if zone and until.tzinfo is None else until


def _day(value):
    return value.date() if isinstance(value, datetime) else value
