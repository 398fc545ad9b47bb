"""Weekly plans, laid out on one week that begins again after Sunday."""

from itertools import pairwise

from bookings.availability.intervals import intersect, merge

DAY = 24 * 60
WEEK = 7 * DAY
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def shift_conflicts(start, end, *, called="A shift"):
    """Field → sentence for one row of a weekly plan: it has a length, begins on its own day and ends by the next one's end.

    None is a time that is missing, or faulty in itself.
    """
    if start is not None and start >= DAY:
        return {"start_min": f"{called} starts before 24:00; put it on the next day."}
    if start is not None and end is not None and end <= start:
        return {"end_min": "The end must be after the start; write 26:00 for two in the morning."}
    if end is not None and end > 2 * DAY:
        return {"end_min": f"{called} ends by 48:00, the end of the next day."}
    return {}


def end_after(start, end):
    """The end as minutes of the start's day, for doors where an end at or before its start is the next day's."""
    return end if end > start else end + DAY


def first_overlap(shifts, *, touching=False):
    """The first two spans that meet within the week, nights and Sunday to Monday included; None where all keep apart.

    With `touching`, also two where one begins when the other ends.
    """
    spans = sorted(_span(shift) for shift in shifts)
    if spans:
        spans.append((spans[0][0] + WEEK, spans[0][1] + WEEK))
    return next(
        ((one, two) for one, two in pairwise(spans) if two[0] < one[1] or (touching and two[0] == one[1])), None
    )


def swallowed(shifts, breaks):
    """The first shift of which the breaks leave nothing, or None."""
    taken = _week(breaks)
    for shift in shifts:
        if intersect(_week([shift]), taken) == _week([shift]):
            return shift
    return None


def meet(left, right):
    """Whether two plans share any time of the week."""
    return bool(intersect(_week(left), _week(right)))


def common(left, right):
    """The time of the week in both plans, as shifts that end by midnight."""
    return [shift for span in intersect(_week(left), _week(right)) for shift in _by_day(*span)]


def weekly(shifts):
    """The shifts as the engine takes them: weekday → sorted spans of that day."""
    plan = {}
    for day, start, end in shifts:
        plan.setdefault(day, []).append((start, end))
    return {day: tuple(sorted(spans)) for day, spans in plan.items()}


def named(shift):
    """`Monday 09:00–17:00`"""
    day, start, end = shift
    return f"{WEEKDAYS[day - 1]} {_clock(start)}–{_clock(end)}"


def _clock(minutes):
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _span(shift):
    day, start, end = shift
    return (day - 1) * DAY + start, (day - 1) * DAY + end


def _week(shifts):
    """Merged spans within one week; what runs past Sunday's midnight lies on Monday."""
    spans = [_span(shift) for shift in shifts]
    return merge(
        part
        for start, end in spans
        for part in ((start % WEEK, min(start % WEEK + end - start, WEEK)), (0, start % WEEK + end - start - WEEK))
    )


def _by_day(start, end):
    while start < end:
        day = start // DAY
        stop = min(end, (day + 1) * DAY)
        yield day + 1, start - day * DAY, stop - day * DAY
        start = stop
