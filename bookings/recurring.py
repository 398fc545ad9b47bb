"""When visits come again: every so many weeks, at the same time on the salon's wall."""

from datetime import timedelta

from bookings import availability

#: In one series, its first visit included: a year of weeks.
MOST_VISITS = 52
MOST_WEEKS = 26


def days(first, *, every_weeks, count=None, until=None):
    """The local dates after `first`, every `every_weeks` weeks: `count` of them, or all up to `until`; never more than a
    series holds."""
    found = []
    while len(found) < (MOST_VISITS if count is None else min(count, MOST_VISITS)):
        day = first + timedelta(weeks=every_weeks * (len(found) + 1))
        if until is not None and day > until:
            break
        found.append(day)
    return found


def start_on(day, wall, zone):
    """The instant of a wall time (a naive `time`) on `day`: in a gap the first one after it, in a repeated hour the first
    pass (D2). It is asked of every date anew, so that a clock change moves no visit but its own.
    """
    minutes = wall.hour * 60 + wall.minute
    return availability.instant(availability.wall_to_utc(day, minutes, zone, end=False))
