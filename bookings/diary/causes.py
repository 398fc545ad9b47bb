"""What stands in the way on one day, with references staff can follow."""

from dataclasses import dataclass
from datetime import UTC, datetime, time

from bookings import availability
from bookings.diary import rows, sql
from bookings.diary.loading import LONGEST, MARGIN


@dataclass(frozen=True, slots=True)
class Causes:
    """`availability.Busy` and `availability.Block` values, each with its person or resource as owner."""

    busy: list
    blocks: list


def causes(*, candidates, day):
    """The bookings and blocks around a local date.

    A booking's reference is its confirmation number, a class's "class", a block's its reason.
    """
    low, high = (datetime.combine(day, time(), UTC) + side * MARGIN for side in (-1, 1))
    params = {
        "people": list(candidates.members),
        "resources": list(candidates.needs),
        "low": low,
        "low_start": low - LONGEST,
        "high": high,
    }
    found, blocked = rows.read((sql.CAUSES, sql.BLOCK_CAUSES), params)
    return Causes(
        [availability.Busy(start, end, ref or "class", lane, owner) for owner, start, end, lane, ref in found],
        [availability.Block(start, end, reason or "Blocked", owner) for owner, start, end, reason in blocked],
    )
