"""The rules once more, slowly and in another style: walk every UTC minute, read the wall clock, colour in what it says.

Shares no code with the engine. Everything is a string of one byte a minute; wall times are looked up in what the zone's
clock showed. Good for whole-minute offsets, which every zone has today.
"""

from datetime import UTC, date, datetime, time, timedelta

ONE_DAY = timedelta(days=1)


class Minutes:
    """The wall clock of a zone, minute by minute, from the date before `day` to the second date after it."""

    def __init__(self, zone, day):
        self.day = day
        # Dates begin up to 14 hours before and end up to 12 hours after they do in UTC.
        self.origin = int((datetime.combine(day, time(10), UTC) - 2 * ONE_DAY).timestamp()) // 60
        self.walls = [self._wall(self.origin + n, zone) for n in range(5 * 1440 + 120)]
        self.dates = [wall.date() for wall in self.walls]
        numbers = range(len(self.walls))
        self.first = dict(zip(reversed(self.walls), reversed(numbers), strict=True))
        self.last = dict(zip(self.walls, numbers, strict=True))

    @staticmethod
    def _wall(minute, zone):
        return datetime.fromtimestamp(minute * 60, zone).replace(tzinfo=None)

    def number(self, passes, on, minutes):
        """The minute at which the clock shows this wall time; where it skips it, the first one that shows more."""
        wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
        if wall in passes:
            return passes[wall]
        return next((n for n, shown in enumerate(self.walls) if shown > wall), len(self.walls))

    def paint(self, plan_of, offsets):
        """A byte a minute, 1 where the plan of a date `offsets` days from `day` covers it."""
        canvas = bytearray(len(self.walls))
        for offset in offsets:
            on = self.day + offset * ONE_DAY
            for start, end in plan_of(on):
                low, high = self.number(self.first, on, start), self.number(self.last, on, end)
                canvas[low:high] = b"\1" * (high - low)
        return canvas

    def paint_spans(self, spans):
        """A byte a minute, 1 where one of these epoch spans covers it."""
        canvas = bytearray(len(self.walls))
        for start, end in spans:
            for n in range(max(0, start // 60 - self.origin), min(len(canvas), end // 60 - self.origin)):
                canvas[n] = 1
        return canvas

    def paint_dates(self, dates: set[date]):
        return bytearray(on in dates for on in self.dates)


def working(minutes, person, rules, able):
    """A byte a minute, 1 where this person may perform this service for a visit that starts on the day."""

    def plan(on):
        special = person.special_days.get(on)
        return person.weekly.get(on.isoweekday(), ()) if special is None else special

    on_duty = minutes.paint(plan, (-1, 0, 1))
    closed = minutes.paint_dates(rules.closures - person.open_anyway)
    opened = offered = bytearray(b"\1" * len(closed))
    if rules.hours is not None or rules.special_hours:
        opened = minutes.paint(lambda on: opening(rules, on), (-1, 0, 1))
    if able.hours is not None:
        offered = minutes.paint(lambda on: able.hours.get(on.isoweekday(), ()), (-1, 0, 1))
    return bytearray(a and b and c and not d for a, b, c, d in zip(on_duty, opened, offered, closed, strict=True))


def opening(rules, on):
    """The business's wall minutes of a date: its special ones, the week's, or all day where it has none of its own."""
    if on in rules.special_hours:
        return rules.special_hours[on]
    return ((0, 1440),) if rules.hours is None else rules.hours.get(on.isoweekday(), ())


def lanes_of(minutes, owner):
    """A canvas for each lane of a person or resource."""
    lanes = [minutes.paint_spans(lane) for lane in owner.busy] + [bytearray(len(minutes.walls))] * owner.capacity
    return lanes[: owner.capacity]


def expected_starts(*, zone, day, able, person, rules, now):
    """The starts on `day`, as epoch seconds."""
    minutes = Minutes(zone, day)
    duty = working(minutes, person, rules, able)
    hard = bytearray(
        a or b or c
        for a, b, c in zip(
            minutes.paint(lambda on: person.breaks.get(on.isoweekday(), ()), range(-1, 3)),
            minutes.paint_spans(person.blocks),
            minutes.paint_dates(rules.closures - person.open_anyway),
            strict=True,
        )
    )
    lanes = lanes_of(minutes, person)
    units = [(lanes_of(minutes, each), minutes.paint_spans(each.blocks)) for each in able.resources]
    anchors = []
    for n, on_duty in enumerate(duty):
        anchors.append(anchors[-1] if n and on_duty and duty[n - 1] else n)
    today = datetime.fromtimestamp(now, zone).date()

    def may_start(n):
        second = (minutes.origin + n) * 60
        if minutes.dates[n] != day or not duty[n]:
            return False
        if second < now + rules.notice_min * 60 or (day - today).days > rules.horizon_days:
            return False
        if (n - anchors[n]) % rules.step_min:
            return False
        return (
            fits(n) and any(lane_is_free(n, lane) for lane in lanes) and all(unit_is_free(n, *each) for each in units)
        )

    def fits(n):
        length = sum(phase.minutes for phase in able.phases)
        needed = {n, n + length}
        if rules.hard_edges:
            needed |= {minute for low, high in needs(n) for minute in (low, high)}
        return 0 not in duty[min(needed) : max(needed)]

    def lane_is_free(n, lane):
        return not any(1 in hard[low:high] or 1 in lane[low:high] for low, high in needs(n))

    def unit_is_free(n, units, blocked):
        low = n - able.buffer_before_min
        high = n + sum(phase.minutes for phase in able.phases) + able.buffer_after_min
        return 1 not in blocked[low:high] and any(1 not in unit[low:high] for unit in units)

    def needs(n):
        """The minutes that need the person: active phases, the first and the last widened by the buffers."""
        worked, clock = [], n
        for phase in able.phases:
            if phase.kind == "active":
                worked.append([clock, clock + phase.minutes])
            clock += phase.minutes
        worked[0][0] -= able.buffer_before_min
        worked[-1][1] += able.buffer_after_min
        return worked

    return [(minutes.origin + n) * 60 for n in range(len(duty)) if may_start(n)]
