"""The least work that answers "when is there room, and with whom": one indexed query, then subtraction in plain Python.

What the engine's time is measured against. It knows no special days, closures, opening hours, blocks, phases, buffers,
lanes, notice or prices: one shift a day, the same for everybody, and a visit of one length.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

BUSY = """
SELECT team_member_id, EXTRACT(EPOCH FROM starts_at)::bigint, EXTRACT(EPOCH FROM ends_at)::bigint
  FROM bookings_occupancy
 WHERE team_member_id = ANY(%s) AND starts_at >= %s AND starts_at < %s AND (expires_at IS NULL OR expires_at > %s)
 ORDER BY team_member_id, starts_at
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everybody's day in wall minutes, and the visit that is looked for."""

    zone: ZoneInfo
    opens: int
    closes: int
    length: int
    step: int


def open_starts(*, member_ids, plan, first: date, last: date, now):
    """{start in epoch seconds: [ids of those who are free, in the order given]}, sorted, for dates `first` to `last`."""
    windows = [
        (_instant(day, plan.opens, plan.zone), _instant(day, plan.closes, plan.zone)) for day in _dates(first, last)
    ]
    busy = _busy(member_ids, windows[0][0], windows[-1][1], now)
    length, step = plan.length * 60, plan.step * 60
    found = {}
    for member_id in member_ids:
        for start in _starts(windows, busy.get(member_id, ()), length, step):
            found.setdefault(start, []).append(member_id)
    return {start: found[start] for start in sorted(found)}


def _busy(member_ids, low, high, now):
    with connection.cursor() as cursor:
        instants = (datetime.fromtimestamp(seconds, UTC) for seconds in (low, high))
        cursor.execute(BUSY, [member_ids, *instants, now])
        rows = cursor.fetchall()
    busy = {}
    for member_id, start, end in rows:
        busy.setdefault(member_id, []).append((start, end))
    return busy


def _starts(windows, busy, length, step):
    starts, at = [], 0
    for opens, closes in windows:
        free = opens
        while at < len(busy) and busy[at][0] < closes:
            start, end = busy[at]
            starts += _fitting(opens, free, start, length, step)
            free = max(free, end)
            at += 1
        starts += _fitting(opens, free, closes, length, step)
    return starts


def _fitting(opens, low, high, length, step):
    """The starts of the grid from `opens` on whose visit lies in [low, high)."""
    return range(low + (opens - low) % step, high - length + 1, step)


def _dates(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _instant(day, minutes, zone):
    return int(datetime.combine(day, time(minutes // 60, minutes % 60), zone).timestamp())
