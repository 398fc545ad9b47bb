"""Visits of several services once more, slowly and in another style: try every person and every wait, then look.

Shares no code with the engine. The clock is walked in ticks of five minutes; what is taken of somebody's time is one
big number with a bit a tick. All lengths, hours and offsets must be whole ticks.
"""

from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise, product

TICK = 300
BEFORE = 100  # more ticks than any buffer has
ONE_DAY = timedelta(days=1)


class Ticks:
    """The wall clock of a zone, tick by tick, from two dates before `day` to the fourth date after it."""

    def __init__(self, zone, day):
        self.day = day
        self.origin = int((datetime.combine(day, time(10), UTC) - 3 * ONE_DAY).timestamp())
        walls = [datetime.fromtimestamp(self.origin + n * TICK, zone).replace(tzinfo=None) for n in range(8 * 288)]
        self.walls, self.dates = walls, [wall.date() for wall in walls]
        self.first = {wall: n for n, wall in reversed(list(enumerate(walls)))}
        self.last = {wall: n for n, wall in enumerate(walls)}
        self.of_date = defaultdict(list)
        for n, on in enumerate(self.dates):
            self.of_date[on].append(n)

    def number(self, passes, on, minutes):
        wall = datetime.combine(on, time()) + timedelta(minutes=minutes)
        if wall in passes:
            return passes[wall]
        return next(n for n, shown in enumerate(self.walls) if shown > wall)

    def planned(self, on, plan):
        """The ticks that wall minutes of a date cover."""
        found = 0
        for start, end in plan:
            found |= bits(self.number(self.first, on, start), self.number(self.last, on, end))
        return found

    def at(self, spans):
        found = 0
        for start, end in spans:
            found |= bits((start - self.origin) // TICK, (end - self.origin) // TICK)
        return found

    def on(self, dates):
        return sum(bits(self.of_date[on][0], self.of_date[on][-1] + 1) for on in dates if on in self.of_date)


ticks_of = lru_cache(maxsize=64)(Ticks)


def bits(low, high):
    return (1 << high) - (1 << low) if high > low else 0


class Reference:
    """A salon and a visit asked for on one date. `ignore` leaves rules out, to prove that leaving one out shows.

    A plan is a list of `(person id, tick of the start)`, in the order of the segments.
    """

    def __init__(self, *, segments, rules, day, now, max_wait_min=0, rank=None, ignore=()):
        self.segments, self.rules, self.now, self.rank = segments, rules, now, rank
        self.ticks, self.waits = ticks_of(rules.zone, day), range(max_wait_min // 5 + 1)
        self.ignore = frozenset(ignore)
        self.stages = []
        for number, segment in enumerate(segments):
            if number and segment.together:
                self.stages[-1].append(number)
            else:
                self.stages.append([number])
        self.who = [{person.id: (able, person) for able, person in segment.candidates} for segment in segments]
        self._duty, self._hard, self._masks = {}, {}, {}

    def tick(self, second):
        return (second - self.ticks.origin) // TICK if second % TICK == 0 else None

    def second(self, tick):
        return self.ticks.origin + tick * TICK

    def best_by_start(self):
        """Per start, in seconds, the least `(hand-overs, ticks of waiting, ranks)` of all plans there are."""
        found = {}
        for start in filter(self.in_time, self.ticks.of_date[self.ticks.day]):
            costs = [self.cost(plan) for plan in self.plans_at(start)]
            if costs:
                found[self.second(start)] = min(costs)
        return found

    def plans_at(self, start):
        on_grid = [who for who in self.who[0] if self.on_grid(who, start)]
        for people in product(on_grid, *self.who[1:]) if on_grid else ():
            if all(len({people[n] for n in stage}) == len(stage) for stage in self.stages):
                for plan in self.timed(people, 0, start):
                    if self.together_fits(plan):
                        yield plan

    def timed(self, people, place, start):
        """The stages from `place` on, with every wait; a part that does not stand by itself ends the attempt."""
        stage = self.stages[place]
        if not all(self.part_stands(n, people, start) for n in stage):
            return
        here = [(people[n], start) for n in stage]
        if place + 1 == len(self.stages):
            yield here
            return
        end = max(start + length(self.who[n][people[n]][0]) for n in stage)
        for wait in self.waits:
            for rest in self.timed(people, place + 1, end + wait):
                yield here + rest

    def cost(self, plan):
        by_stage = [{plan[n][0] for n in stage} for stage in self.stages]
        handovers = sum(not before & after for before, after in pairwise(by_stage))
        waiting = sum(plan[after[0]][1] - self.stage_end(plan, before) for before, after in self.neighbours())
        return handovers, waiting, tuple(self.rank_of(n, plan[n][0]) for n in range(len(plan)))

    def rank_of(self, number, who):
        return list(self.who[number]).index(who) if self.rank is None else self.rank[who]

    def neighbours(self):
        return pairwise(self.stages)

    def stage_end(self, plan, stage):
        return max(plan[n][1] + length(self.who[n][plan[n][0]][0]) for n in stage)

    def stands(self, plan):
        """Whether somebody else's plan keeps all rules."""
        people, first = [who for who, _ in plan], plan[0][1]
        waits = [plan[after[0]][1] - self.stage_end(plan, before) for before, after in self.neighbours()]
        return (
            self.in_time(first)
            and self.on_grid(people[0], first)
            and all(wait in self.waits for wait in waits)
            and all(len({plan[n] for n in stage}) == len(stage) for stage in self.stages)
            and all(len({plan[n][1] for n in stage}) == 1 for stage in self.stages)
            and all(self.part_stands(n, people, plan[n][1]) for n in range(len(plan)))
            and self.together_fits(plan)
        )

    def in_time(self, start):
        second, on = self.second(start), self.ticks.dates[start]
        today = datetime.fromtimestamp(self.now, self.rules.zone).date()
        return second >= self.now + self.rules.notice_min * 60 and (on - today).days <= self.rules.horizon_days

    def on_grid(self, who, start):
        duty = self.duty(0, who, self.ticks.dates[start])
        if not duty >> start & 1:
            return False
        anchor = start
        while anchor and duty >> (anchor - 1) & 1:
            anchor -= 1
        return (start - anchor) * 5 % self.rules.step_min == 0

    def part_stands(self, number, people, start):
        _, person = self.who[number][people[number]]
        visit, takes = self.masks(number, people)
        if (visit << start >> BEFORE) & ~self.duty(number, person.id, self.ticks.dates[start]):
            return False
        return not (takes << start >> BEFORE) & self.hard(person)

    def masks(self, number, people):
        """What must lie in one window and what is taken of the person, of a part that starts at tick `BEFORE`."""
        key = number, tuple(people)
        if key not in self._masks:
            takes = self.takes(number, people, BEFORE)
            visit = bits(BEFORE, BEFORE + length(self.who[number][people[number]][0]))
            if self.rules.hard_edges:
                visit |= bits(min(low for low, _ in takes), max(high for _, high in takes))
            self._masks[key] = visit, union(takes)
        return self._masks[key]

    def together_fits(self, plan):
        people = [who for who, _ in plan]
        claims, units = defaultdict(list), defaultdict(list)
        for number, (who, start) in enumerate(plan):
            claims[who].append(union(self.takes(number, people, start)))
        for resource, span in self.runs(plan):
            units[resource.id].append((resource, bits(*span)))
        if not all(self.have_lanes(self.person(who), masks) for who, masks in claims.items()):
            return False
        return "resources" in self.ignore or all(
            self.have_lanes(group[0][0], [mask for _, mask in group]) for group in units.values()
        )

    def have_lanes(self, owner, masks):
        """Whether any way to hand out the lanes lets no two claims meet in one, nor a claim what is there."""
        lanes = [self.ticks.at(lane) for lane in owner.busy] + [0] * owner.capacity
        above = self.ticks.at(owner.blocks)
        for lane in lanes[owner.capacity : len(owner.busy)]:
            above |= lane
        if any(mask & above for mask in masks):
            return False
        for chosen in product(range(owner.capacity), repeat=len(masks)):
            held = lanes[: owner.capacity]
            for lane, mask in zip(chosen, masks, strict=True):
                if held[lane] & mask:
                    break
                held[lane] |= mask
            else:
                return True
        return False

    def runs(self, plan):
        """(resource, its ticks) for every row of neighbouring stages that need it."""
        people = [who for who, _ in plan]
        wanted = {each.id: each for n in range(len(plan)) for each in self.who[n][people[n]][0].resources}
        for key, resource in wanted.items():
            spans = []
            for stage in [*self.stages, []]:
                here = []
                for n in stage:
                    able = self.who[n][people[n]][0]
                    if key in {each.id for each in able.resources}:
                        before, after = self.buffers(n, people)
                        here.append((plan[n][1] - before, plan[n][1] + length(able) + after))
                if not here and spans:
                    yield resource, (min(low for low, _ in spans), max(high for _, high in spans))
                    spans = []
                spans += here

    def buffers(self, number, people):
        """The part's buffers in ticks; one falls away where its person works in the neighbouring stage, too."""
        able = self.who[number][people[number]][0]
        before, after = able.buffer_before_min // 5, able.buffer_after_min // 5
        place = next(place for place, stage in enumerate(self.stages) if number in stage)
        if "inner buffers" not in self.ignore:
            if place and people[number] in {people[n] for n in self.stages[place - 1]}:
                before = 0
            if place + 1 < len(self.stages) and people[number] in {people[n] for n in self.stages[place + 1]}:
                after = 0
        return before, after

    def takes(self, number, people, start):
        """The person's ticks as ranges: the active phases, the first and the last widened by the buffers."""
        able = self.who[number][people[number]][0]
        before, after = self.buffers(number, people)
        ranges, clock = [], start
        for phase in able.phases:
            if phase.kind == "active" or "processing" in self.ignore:
                ranges.append([clock, clock + phase.minutes // 5])
            clock += phase.minutes // 5
        ranges[0][0] -= before
        ranges[-1][1] += after
        return ranges

    def person(self, who):
        return next(group[who][1] for group in self.who if who in group)

    @cached_property
    def closed(self):
        return {group[who][1].id: self.closed_to(group[who][1]) for group in self.who for who in group}

    def closed_to(self, person):
        return self.ticks.on(self.rules.closures - person.open_anyway)

    def hard(self, person):
        if person.id not in self._hard:
            around = [self.ticks.day + n * ONE_DAY for n in range(-2, 4)]
            found = self.closed[person.id] | self.ticks.at(person.blocks)
            for on in around if "breaks" not in self.ignore else ():
                found |= self.ticks.planned(on, person.breaks.get(on.isoweekday(), ()))
            self._hard[person.id] = found
        return self._hard[person.id]

    def duty(self, number, who, on):
        """The ticks in which the person may perform the service for a part that starts on the date."""
        key = number, who, on
        if key not in self._duty:
            able, person = self.who[number][who]
            around = [on - ONE_DAY, on, on + ONE_DAY]
            duty = opened = offered = 0
            for date in around:
                shifts = person.special_days.get(date, person.weekly.get(date.isoweekday(), ()))
                duty |= self.ticks.planned(date, shifts)
                opened |= self.ticks.planned(date, self.opening(date))
                if able.hours is not None:
                    offered |= self.ticks.planned(date, able.hours.get(date.isoweekday(), ()))
            if self.rules.hours is not None or self.rules.special_hours:
                duty &= opened
            if able.hours is not None and "service hours" not in self.ignore:
                duty &= offered
            self._duty[key] = duty & ~self.closed[who]
        return self._duty[key]

    def opening(self, on):
        if on in self.rules.special_hours:
            return self.rules.special_hours[on]
        return ((0, 1440),) if self.rules.hours is None else self.rules.hours.get(on.isoweekday(), ())


def length(able):
    """In ticks."""
    return sum(phase.minutes for phase in able.phases) // 5


def union(ranges):
    found = 0
    for low, high in ranges:
        found |= bits(low, high)
    return found


def joined(reference):
    """The starts on the date at which a seat of a standing class can be had, in seconds."""
    found = set()
    for able, person in reference.segments[0].candidates:
        for session in able.sessions:
            start, end = (reference.tick(edge) for edge in (session.start, session.end))
            hard = reference.closed[person.id] | reference.ticks.at(person.blocks)
            for resource in able.resources:
                hard |= reference.ticks.at(resource.blocks)
            on_the_date = reference.ticks.dates[start] == reference.ticks.day
            if on_the_date and session.free >= able.seats and reference.in_time(start) and not bits(start, end) & hard:
                found.add(session.start)
    return found
