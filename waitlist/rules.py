"""Who is offered which time, and for how long. Pure: instants are epoch seconds, `now` is passed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.availability import epoch, instant
from bookings.availability.clock import wall_to_utc

#: The rule as everybody reads it: customers on the form, staff above the list.
RULE = (
    "First come, first served: a time that becomes free goes to whoever has waited longest of all it suits. It is kept "
    "for them alone; if they decline or do not answer in time, it goes to the next."
)
LASTS = timedelta(hours=2)
#: Less time to answer is none.
SHORTEST = timedelta(minutes=15)
#: Who is written to at night may answer in the morning (minutes of the wall's day).
NIGHT_STARTS, NIGHT_ENDS, ANSWERED_BY = 21 * 60, 8 * 60, 10 * 60

#: What may be chosen on the form, as the times page names its parts of the day.
PARTS = {"morning": (0, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (17 * 60, 24 * 60)}


@dataclass(frozen=True, slots=True)
class Place:
    """A start that can be booked now, and what the salon's wall shows then."""

    start: int
    end: int
    day: date
    minute: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A wish, as far as it decides. `refused` are the (start, end) of what it was offered before."""

    first: date
    last: date
    windows: tuple[tuple[int, int], ...] = ()
    refused: tuple[tuple[int, int], ...] = ()


def place(start: int, end: int, zone: ZoneInfo) -> Place:
    wall = instant(start).astimezone(zone)
    return Place(start, end, wall.date(), wall.hour * 60 + wall.minute)


def fits(waiting: Waiting, found: Place) -> bool:
    """Whether this is a time they wait for, and none that meets what they were offered before."""
    return (
        waiting.first <= found.day <= waiting.last
        and (not waiting.windows or any(start <= found.minute < end for start, end in waiting.windows))
        and not any(found.start < end and start < found.end for start, end in waiting.refused)
    )


def first_fit(waiting: Waiting, places: Iterable[Place]) -> Place | None:
    """The earliest place that fits; `places` are in order of time."""
    return next((found for found in places if fits(waiting, found)), None)


def kept_until(*, now: datetime, start: int, notice_min: int, zone: ZoneInfo) -> datetime | None:
    """Until when an offer made now stands: two hours, in the night until ten in the morning, and never into the notice the
    visit asks for. None where that leaves too little time to answer: then it is not offered.
    """
    until = min(max(now + LASTS, _morning(now, zone)), instant(start) - max(timedelta(minutes=notice_min), SHORTEST))
    return until if until - now >= SHORTEST else None


def is_night(now: datetime, zone: ZoneInfo) -> bool:
    wall = now.astimezone(zone)
    return not NIGHT_ENDS <= wall.hour * 60 + wall.minute < NIGHT_STARTS


def _morning(now, zone):
    """Ten o'clock after this night; now where it is day."""
    if not is_night(now, zone):
        return now
    wall = now.astimezone(zone)
    day = wall.date() + timedelta(days=wall.hour * 60 >= NIGHT_STARTS)
    return max(now, instant(wall_to_utc(day, ANSWERED_BY, zone, end=False)))


def merged(spans: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    """Ranges of dates, both ends included, in order and without overlap."""
    found = []
    for first, last in sorted(spans):
        if found and (first - found[-1][1]).days <= 1:  # no sum: the last day of all has no next one
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def seconds(pairs) -> tuple[tuple[int, int], ...]:
    """(start, end) instants as epoch seconds."""
    return tuple((epoch(start), epoch(end)) for start, end in pairs)
