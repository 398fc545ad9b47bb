"""Stretches of local dates that figures are about, pure: a day, a week, a month, a quarter, a year, or any dates.

What is still running is looked at as far as today, and compared with as much of the one before.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)
#: Two years, one of them a leap year.
MOST_DAYS = 731
#: Bars for single days are readable up to here, bars for weeks up to there.
DAYS_UP_TO, WEEKS_UP_TO = 31, 190
#: No more bars than these, whatever is asked for.
MOST_BUCKETS = 110


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CUSTOM = "custom"


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """The dates `first` to `last`, both included, and those they are compared with."""

    kind: Kind
    first: date
    last: date
    before_first: date
    before_last: date
    is_running: bool = False

    @property
    def days(self):
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bar: the dates `first` to `last`, both included."""

    first: date
    last: date


def of(kind, on, *, today):
    """The Period of a kind that the date `on` lies in."""
    first, last = bounds(kind, on)
    before_first, before_last = bounds(kind, first - ONE_DAY)
    is_running = first <= today < last
    if is_running:
        last = today
        before_last = min(before_last, before_first + (last - first))
    return Period(kind, first, last, before_first, before_last, is_running)


def custom(first, last):
    """Any dates, compared with as many right before them."""
    length = last - first + ONE_DAY
    return Period(Kind.CUSTOM, first, last, first - length, first - ONE_DAY)


def bounds(kind, on):
    """The first and the last date of the whole day, week, month, quarter or year that `on` lies in."""
    if kind == Kind.DAY:
        return on, on
    if kind == Kind.WEEK:
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6)
    months = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}[kind]
    first = on.replace(month=(on.month - 1) // months * months + 1, day=1)
    return first, months_later(first, months) - ONE_DAY


def months_later(first, months):
    """The first of the month so many months after the first of another; negative is before."""
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1)


def fitting(days):
    """The Step that gives a readable number of bars."""
    if days <= DAYS_UP_TO:
        return Step.DAY
    return Step.WEEK if days <= WEEKS_UP_TO else Step.MONTH


def buckets(first, last, step):
    """The dates in buckets, in order and without gaps; the first and the last may be cut short.

    Falls back to the next larger step where there would be too many to draw.
    """
    found, day = [], first
    while day <= last:
        _, end = bounds(Kind(step), day)
        found.append(Bucket(day, min(end, last)))
        day = end + ONE_DAY
    if len(found) > MOST_BUCKETS:
        return buckets(first, last, fitting(WEEKS_UP_TO if step == Step.DAY else MOST_DAYS))
    return found
