"""When a salon reminds, as plain values. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bookings import words
from bookings.availability.clock import instant, wall_to_utc
from bookings.reminders.quiet import Quiet


class Kind(StrEnum):
    #: So many minutes of real time before the start.
    BEFORE = "before"
    #: So many days before, when the salon's wall shows a certain time: 23 or 25 hours where the clocks change between.
    DAY_BEFORE = "day_before"


@dataclass(frozen=True, slots=True)
class Rule:
    """One reminder of each visit. `minutes` belong to BEFORE; `days` and `at` to DAY_BEFORE, where no `at` means the
    time of day of the visit itself."""

    kind: Kind
    minutes: int = 0
    days: int = 0
    at: time | None = None
    channel: str = "email"

    @classmethod
    def before(cls, *, channel="email", **length):
        """`Rule.before(hours=24)`"""
        return cls(Kind.BEFORE, minutes=int(timedelta(**length) / timedelta(minutes=1)), channel=channel)

    @classmethod
    def day_before(cls, days=1, at=None, *, channel="email"):
        return cls(Kind.DAY_BEFORE, days=days, at=at, channel=channel)

    @property
    def key(self):
        """Which of a visit's reminders this is; the same rule written down again is the same reminder."""
        if self.kind == Kind.BEFORE:
            return f"b{self.minutes}"
        return f"d{self.days}" + (f"@{self.at:%H%M}" if self.at else "")

    @property
    def about(self):
        """`24 h before the visit`, `1 day before, at 18:00`"""
        if self.kind == Kind.BEFORE:
            return f"{words.length(self.minutes)} before the visit"
        at = f"at {self.at:%H:%M}" if self.at else "at the hour of the visit"
        return f"{words.count(self.days, 'day', 'days')} before, {at}"

    def due_at(self, *, start_at: datetime, zone: ZoneInfo) -> datetime:
        """The instant of it, whatever the hour. What a clock change skips comes right after, what it repeats at first."""
        if self.kind == Kind.BEFORE:
            return start_at - timedelta(minutes=self.minutes)
        wall = start_at.astimezone(zone)
        at = self.at or wall.time()
        day = wall.date() - timedelta(days=self.days)
        return instant(wall_to_utc(day, at.hour * 60 + at.minute, zone, end=False))


#: What a salon has that never said anything.
DEFAULT_RULES = (Rule.before(hours=24), Rule.before(hours=2))
DEFAULT_QUIET = Quiet(time(21), time(8))
