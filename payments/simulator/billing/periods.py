"""The calendar of a subscription: periods counted from its anchor."""

import calendar
import datetime

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_DAY = 24 * 3600


def next_boundary(anchor, recurring, after):
    """The first instant later than `after` at which a period ends; `anchor` itself is one.

    Months keep the anchor's day, or end with the month where it has no such day: 31 January, 28 February, 31 March.
    """
    if after < anchor:
        return anchor
    place = _periods_before(anchor, recurring, after)
    while _boundary(anchor, recurring, place) <= after:
        place += 1
    return _boundary(anchor, recurring, place)


def _boundary(anchor, recurring, place):
    length = recurring["interval_count"] * place
    if recurring["interval"] in _DAYS:
        return anchor + length * _DAYS[recurring["interval"]] * _DAY
    return _months_later(anchor, length * _MONTHS[recurring["interval"]])


def _periods_before(anchor, recurring, after):
    """How many whole periods have surely passed: a little below the truth, never above it."""
    days = _DAYS.get(recurring["interval"]) or 31 * _MONTHS[recurring["interval"]]
    return (after - anchor) // (days * recurring["interval_count"] * _DAY)


def _months_later(timestamp, months):
    start = datetime.datetime.fromtimestamp(timestamp, datetime.UTC)
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return int(start.replace(year=year, month=month, day=day).timestamp())
