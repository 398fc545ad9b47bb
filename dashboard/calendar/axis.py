"""Where an instant stands on a calendar's column, and which instant a place on it is. Pure; the salon's clock.

A single day is drawn by the time that has passed since its beginning, so that the hour that is skipped or repeated when
the clocks change is missing or there twice, and every box is as long as its visit. Several days stand side by side on one
wall clock: there the hour is drawn as the wall shows it.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings import availability
from bookings.availability.clock import day_span
from tenants.errors import DomainError

HOUR = 60 * 60


class NoSuchTime(DomainError):
    code = "no_such_time"
    status = 422
    message = "The clocks go forward then: this time does not exist on that day."


@dataclass(frozen=True, slots=True)
class OneDay:
    """The column of one local date, 23 to 25 hours long."""

    day: date
    zone: ZoneInfo

    @property
    def hours(self):
        start, end = day_span(self.day, self.zone)
        return -(-(end - start) // HOUR)

    def place(self, instant):
        """The naive datetime at which the column shows an instant."""
        passed = availability.epoch(instant) - day_span(self.day, self.zone)[0]
        return datetime.combine(self.day, time()) + timedelta(seconds=passed)

    def end(self, start_at, end_at):
        """Where a box ends."""
        return self.place(end_at)

    def instant(self, place):
        """The instant at a place of the column."""
        passed = place - datetime.combine(self.day, time())
        return availability.instant(day_span(self.day, self.zone)[0] + int(passed.total_seconds()))

    def labels(self):
        """What stands at each hour: `01:00`, and `01:00 (EST)` for an hour that comes twice."""
        start, _ = day_span(self.day, self.zone)
        return [availability.local_label(start + n * HOUR, self.zone) for n in range(self.hours + 1)]


@dataclass(frozen=True, slots=True)
class Wall:
    """The columns of several dates on one wall clock."""

    zone: ZoneInfo
    hours = 24

    def place(self, instant):
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def end(self, start_at, end_at):
        """Where a box ends that begins at `start_at`: as long as it takes, whatever the clocks do meanwhile."""
        return self.place(start_at) + (end_at - start_at)

    def instant(self, place):
        """The first instant at which the wall shows `place`. Raises NoSuchTime."""
        midnight = datetime.combine(place.date(), time())
        minutes = int((place - midnight) / timedelta(minutes=1))
        found = availability.instant(availability.wall_to_utc(place.date(), minutes, self.zone, end=False))
        if self.place(found) != place:
            raise NoSuchTime
        return found

    def labels(self):
        return [f"{hour:02}:00" for hour in range(self.hours + 1)]


def of(*, view, day, zone):
    """The axis of a view: one day's own, or the wall's."""
    return OneDay(day, zone) if view == "day" else Wall(zone)


def label(instant, zone):
    """`10:30`; `01:30 (EST)` where the wall shows that time twice."""
    return availability.local_label(availability.epoch(instant), zone)
