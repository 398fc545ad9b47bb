"""Wall clock of a zone to instants and back (D1, D2). Instants are whole epoch seconds, UTC."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from .intervals import Span, merge

ONE_DAY = timedelta(days=1)


def epoch(moment: datetime) -> int:
    """The instant in whole seconds, rounded up, so that `start >= now` means the same before and after rounding."""
    if moment.utcoffset() is None:
        raise ValueError("an instant needs a zone")
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole + 1 if moment.microsecond else whole


def instant(seconds: int) -> datetime:
    """The aware UTC datetime of an epoch second."""
    return datetime.fromtimestamp(seconds, UTC)


def local_date(seconds: int, zone: ZoneInfo) -> date:
    """The date the wall calendar shows: the date a visit that starts then belongs to (D3)."""
    return datetime.fromtimestamp(seconds, zone).date()


# Looking for a second pass costs more than finding the slot; every calendar of a salon shows the same starts.
@lru_cache(maxsize=16384)
def local_label(seconds: int, zone: ZoneInfo) -> str:
    """`"09:15"`; in a repeated hour, which two instants share, with the zone's abbreviation: `"01:00 (EST)"` (D2)."""
    moment = datetime.fromtimestamp(seconds, zone)
    label = f"{moment.hour:02}:{moment.minute:02}"
    if moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset():
        label = f"{label} ({moment.tzname()})"
    return label


def wall_to_utc(day: date, minutes: int, zone: ZoneInfo, *, end: bool) -> int:
    """The instant of a wall time, `minutes` (0-2880) after local midnight of `day` (D2).

    In a gap it is the first instant after the gap. In a repeated hour a start is the first pass, an `end` the second.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    seconds = _pass(wall, zone, fold=int(end))
    return seconds if _wall(seconds, zone) == wall else _gap_end(wall, zone)


def day_start(day: date, zone: ZoneInfo) -> int:
    """The first instant of a local date. A date that the zone skipped starts, and ends, where the next one does."""
    return wall_to_utc(day, 0, zone, end=False)


@lru_cache(maxsize=4096)
def day_span(day: date, zone: ZoneInfo) -> Span:
    """The local date as instants, 23 to 25 hours of them around clock changes.

    Its end is the next date's start, not `24:00` read as an end: where midnight itself is repeated (Havana) that would
    take an hour of the next date.
    """
    return day_start(day, zone), day_start(day + ONE_DAY, zone)


@lru_cache(maxsize=8192)
def plan_spans(day: date, plan: tuple[Span, ...], zone: ZoneInfo) -> tuple[Span, ...]:
    """The wall minutes planned for `day` as instants, sorted and disjoint; what a gap swallows whole is gone."""
    return tuple(
        merge((wall_to_utc(day, start, zone, end=False), wall_to_utc(day, end, zone, end=True)) for start, end in plan)
    )


def _pass(wall: datetime, zone: ZoneInfo, *, fold: int) -> int:
    return int(wall.replace(tzinfo=zone, fold=fold).timestamp())


def _wall(seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(seconds, zone).replace(tzinfo=None)


def _gap_end(wall: datetime, zone: ZoneInfo) -> int:
    """zoneinfo does not tell its transitions: look for the first instant that reads later than `wall`.

    Inside a gap fold=1 applies the offset after the change, and so lands before it; fold=0 lands after it (PEP 495).
    """
    around = range(_pass(wall, zone, fold=1), _pass(wall, zone, fold=0) + 1)
    return around[bisect_left(around, wall, key=lambda seconds: _wall(seconds, zone))]
