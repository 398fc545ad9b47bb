"""When the morning's e-mail leaves: at one time on the salon's wall, whatever clocks do. Pure."""

from datetime import UTC, datetime, timedelta


def next_digest(*, now, at, zone):
    """The first instant after `now` at which the salon's wall says `at`, in UTC. A time that clocks leave out that day
    is as far from midnight as it is on any other."""
    day = now.astimezone(zone).date()
    while (instant := on(day, at=at, zone=zone)) <= now:
        day += timedelta(days=1)
    return instant


def on(day, *, at, zone):
    """That time on that local date, in UTC; the first of two where clocks go back."""
    return datetime.combine(day, at, zone).astimezone(UTC)
