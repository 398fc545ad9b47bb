"""Hours of the day in which nobody is written to, on the wall of whoever reads it. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.availability.clock import instant, wall_to_utc

DAY = timedelta(days=1)
#: What is brought forward leaves so long before they begin, so that it has left by then.
IN_TIME = timedelta(minutes=5)
#: Windows that touch, where a date was skipped; more of them would be no day at all.
MOST = 4


@dataclass(frozen=True, slots=True)
class Quiet:
    """From `starts` to `ends` every day, over midnight where the end is not later."""

    starts: time
    ends: time

    @property
    def minutes(self):
        """How long on an ordinary day."""
        return (_minutes(self.ends) - _minutes(self.starts)) % 1440 or 1440

    def window(self, at: datetime, zone: ZoneInfo):
        """(begin, end) of the quiet hours around an instant; None where it is outside of them."""
        day = at.astimezone(zone).date()
        for first in (day - DAY, day, day + DAY):
            begin, end = self._on(first, zone)
            if begin <= at < end:
                return begin, end
        return None

    def after(self, at: datetime, zone: ZoneInfo):
        """The same instant, or the next one outside of them."""
        for _ in range(MOST):
            if not (window := self.window(at, zone)):
                break
            at = window[1]
        return at

    def ahead(self, at: datetime, zone: ZoneInfo):
        """The same instant, or the last one outside of them, with a little time to spare."""
        for _ in range(MOST):
            if not (window := self.window(at, zone)):
                break
            at = window[0] - IN_TIME
        return at

    def _on(self, day, zone):
        """A repeated hour belongs to them both times."""
        starts = _minutes(self.starts)
        begin = wall_to_utc(day, starts, zone, end=False)
        end = wall_to_utc(day, starts + self.minutes, zone, end=True)
        return instant(begin), instant(max(begin, end))


def _minutes(at):
    return at.hour * 60 + at.minute
