"""The least work that answers where every rule is in play: one message, then subtraction in plain Python.

It knows what that salon has and no more: nothing goes on past midnight or while clocks change, shifts of one day do
not touch, buffers may run past closing, nobody serves fewer guests than were booked, no class is shared.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.models import Service
from config.bench.ruled import reading

NOON = 12 * 3600


def open_starts(*, service: Service, zone: ZoneInfo, step_min, horizon_days, first, last, now):
    """{start in epoch seconds: [(person, price in cents, minutes)]}, sorted, for dates `first` to `last`.

    The horizon is the salon's, in days. People come in display order.
    """
    found = reading.read(service, first, last, now)
    days = _days(found, service, zone, first, _last(service, zone, horizon_days, last, now))
    earliest = int((now + timedelta(minutes=service.min_notice_min)).timestamp()) + bool(now.microsecond)
    weeks, own_days, breaks = (reading.grouped(found[name]) for name in ("weeks", "special_days", "breaks"))
    blocks, lanes = reading.grouped(found["blocks"]), _lanes(found["busy"])
    chairs, answer = {}, {}
    for person, price, minutes, after, capacity in found["team"]:
        ranges, whole = _ranges(service, minutes, after)
        if whole not in chairs:
            chairs[whole] = [
                span
                for chair, quantity in found["chairs"]
                for span in _ruled_out([whole], blocks.get(chair, ()), lanes.get(chair, ()), quantity)
            ]
        pauses = _pauses(days, [*breaks.get(person, ()), *breaks.get(None, ())])
        hard = [*pauses, *blocks.get(person, ())]
        taken = sorted([*_ruled_out(ranges, hard, lanes.get(person, ()), capacity), *chairs[whole]])
        windows = _windows(days, weeks[person], own_days.get(person, ()))
        who = person, price, minutes
        for start in _starts(windows, taken, minutes * 60, step_min * 60, earliest):
            answer.setdefault(start, []).append(who)
    return {start: answer[start] for start in sorted(answer)}


def _last(service, zone, horizon_days, last, now):
    furthest = min(horizon_days, service.horizon_days)
    return min(last, now.astimezone(zone).date() + timedelta(days=furthest))


def _days(found, service, zone, first, last):
    """(date, weekday, midnight in seconds, closed or not, when this service is offered in minutes) of every date."""
    hours, own, special = reading.grouped(found["hours"]), reading.grouped(found["service_hours"]), {}
    for date, shifts in found["special_hours"]:
        special[date] = reading.shifts(shifts)
    days = []
    for number in range((last - first).days + 1):
        date = first + timedelta(days=number)
        weekday = date.isoweekday()
        midnight = int(datetime.combine(date, time(12), zone).timestamp()) - NOON
        closed = any(start <= date <= end for start, end in found["closures"])
        offered = _both(special.get(date, hours.get(weekday, ())), own.get(weekday, ()))
        days.append((date, weekday, midnight, closed, offered))
    return days


def _lanes(rows):
    lanes = {}
    for owner, _, starts, ends in rows:
        lanes.setdefault(owner, []).append(list(zip(starts, ends, strict=True)))
    return lanes


def _ranges(service, minutes, after):
    """What a visit takes, in seconds from its start: of its person, of its chair."""
    ranges, at = [], 0
    for phase in service.phases or [{"kind": "active", "minutes": minutes}]:
        end = at + phase["minutes"] * 60
        if phase["kind"] == "active":
            ranges.append((at, end))
        at = end
    whole = -service.buffer_before_min * 60, at + after * 60
    ranges[0] = whole[0], ranges[0][1]
    ranges[-1] = ranges[-1][0], whole[1]
    return ranges, whole


def _pauses(days, breaks):
    return [
        (midnight + start * 60, midnight + end * 60)
        for _, weekday, midnight, _, _ in days
        for day, start, end in breaks
        if day == weekday
    ]


def _ruled_out(ranges, hard, lanes, capacity):
    """The starts, as spans, from which one of `ranges` would meet something hard, or something in every lane."""
    starts = [(low - b + 1, high - a) for a, b in ranges for low, high in hard]
    if len(lanes) == capacity:
        full, *others = [sorted([(low - b + 1, high - a) for a, b in ranges for low, high in lane]) for lane in lanes]
        for other in others:
            full = _both_sorted(_merged(full), _merged(other))
        starts += full
    return starts


def _windows(days, week, own_days):
    """(start, end) in seconds of every stretch this person works, in order."""
    at_all = any(service for service, *_ in week)
    weekly = reading.grouped(shift for service, *shift in week if bool(service) == at_all)
    own = {date: (reading.shifts(shifts), anyway) for date, shifts, anyway in own_days}
    windows = []
    for date, weekday, midnight, closed, offered in days:
        shifts, anyway = own.get(date) or (weekly.get(weekday, ()), False)
        if not closed or anyway:
            windows += [(midnight + start * 60, midnight + end * 60) for start, end in _both(shifts, offered)]
    return windows


def _starts(windows, taken, length, step, earliest):
    """What the grids of the windows leave between the sorted `taken` spans."""
    starts, at, reach = [], 0, 0
    for opens, closes in windows:
        free, high = max(opens, earliest, reach), closes - length + 1
        while at < len(taken) and taken[at][0] < high:
            start, end = taken[at]
            if start > free:
                starts += range(free + (opens - free) % step, start, step)
            if end > free:
                free = end
            at += 1
        if free < high:
            starts += range(free + (opens - free) % step, high, step)
        reach = free
    return starts


def _both(left, right):
    return [
        (max(start, low), min(end, high)) for start, end in left for low, high in right if start < high and low < end
    ]


def _both_sorted(left, right):
    """What two lists of sorted, disjoint spans share."""
    shared, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        start, end = left[i]
        low, high = right[j]
        if low > start:
            start = low
        if end < high:
            i += 1
        else:
            end = high
            j += 1
        if start < end:
            shared.append((start, end))
    return shared


def _merged(spans):
    merged = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged
