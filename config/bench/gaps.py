"""A hundred weeks of the same customers under each of a salon's rules about gaps: what is booked, and who is refused.

Pure: the engine and nothing else. Two people work from 9 to 5 on five days a week. Customers come one after the other, each
for one date, one service and a part of that day, half of them to one person; each has a moment in mind and takes the nearest
start that is offered within the part of the day they have time in, or goes away. Where starts are marked, one in three lets
that decide. "Anyone" becomes whose turn it is (D10), of all who can take the start, whatever was shown: as in the booking.
The same seed brings the same customers to every rule, so that weeks are compared with themselves.
"""

import random
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from statistics import mean, stdev
from zoneinfo import ZoneInfo

from bookings.availability import (
    ACTIVE,
    Able,
    Offering,
    Person,
    Phase,
    Rules,
    Segment,
    choose,
    day_span,
    preferred,
    thinned,
    visit_days,
)
from config.bench.results import Result

WEEKS, QUICK_WEEKS, DAYS = 100, 4, 5
SEEDS, QUICK_SEEDS = 3, 1
DAY = date(2027, 2, 10)
OPENS, CLOSES = 9 * 60, 17 * 60
STEP = 15
PEOPLE = (1, 2)
#: Minutes, and how many of ten customers want that.
SERVICES = {30: 3, 45: 2, 60: 3, 90: 2}
#: When somebody has time, in minutes of the day, and how many of ten.
TIMES = {(OPENS, CLOSES): 4, (OPENS, 13 * 60): 3, (12 * 60, CLOSES): 3}
#: Minutes asked for, of those there are.
LOADS = {"quiet": 0.7, "busy": 1.0, "crowded": 1.4}
MINDS_THE_MARK = 1 / 3
RULES = Rules(zone=ZoneInfo("Europe/Paris"), step_min=STEP, notice_min=0, horizon_days=60)
OFFERINGS = {who: [Offering(minutes=minutes, step_min=STEP) for minutes in SERVICES] for who in PEOPLE}
NOW = day_span(DAY, RULES.zone)[0]
OFFERS = {"off": None, "prefer": preferred, "hide": thinned}


@dataclass(frozen=True, slots=True)
class Customer:
    """`wish` is the second of the day they have in mind, `who` a person or None; `minds` that a start is marked."""

    minutes: int
    time: tuple
    wish: int
    who: int | None
    minds: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Booked minutes, and how many customers went away."""

    minutes: int
    refused: int


def run(*, quick=False):
    """Yield, for every load, what is booked with every start offered, and how much more or less with the rules."""
    weeks, seeds = (QUICK_WEEKS, QUICK_SEEDS) if quick else (WEEKS, SEEDS)
    for name, load in LOADS.items():
        found = {rule: [] for rule in OFFERS}
        for seed in range(seeds):
            for each, lived in lives(load, seed, weeks).items():
                found[each] += lived
        yield from _told(name, found)


def lives(load, seed, weeks):
    """{rule: its weeks}, with the same customers."""
    rng = random.Random(f"tithi bench gaps {load} {seed}")  # noqa: S311 -- the same customers every time, no secret
    calendar = [[customers(rng, load) for _ in range(DAYS)] for _ in range(weeks)]
    return {rule: [week(days, offer) for days in calendar] for rule, offer in OFFERS.items()}


def customers(rng, load):
    """Those of one date, in the order they come."""
    asked, coming = 0, []
    while asked < load * len(PEOPLE) * (CLOSES - OPENS):
        one = customer(rng)
        asked += one.minutes
        coming.append(one)
    return coming


def customer(rng):
    [minutes] = rng.choices(list(SERVICES), SERVICES.values())
    [time] = rng.choices(list(TIMES), TIMES.values())
    who = rng.choice(PEOPLE) if rng.random() < 0.5 else None
    wish = rng.randrange(time[0], time[1] - minutes + 1) * 60
    return Customer(minutes, time, wish, who, rng.random() < MINDS_THE_MARK)


def week(days, offer):
    outcomes = [booked for coming in days for booked in day(coming, offer)]
    return Week(sum(outcomes), outcomes.count(0))


def day(coming, offer):
    """The minutes each customer of a date gets, 0 for who goes away."""
    people = {who: Person(id=who, weekly={DAY.isoweekday(): ((OPENS, CLOSES),)}, busy=((),)) for who in PEOPLE}
    for one in coming:
        yield one.minutes if serve(people, one, offer) else 0


def serve(people, one, offer):
    """Book a customer, with the people as they are after it; False where nothing they are shown suits them."""
    able = {who: Able(person_id=who, phases=(Phase(ACTIVE, one.minutes),)) for who in people}
    segment = Segment(candidates=tuple((able[who], people[who]) for who in people if one.who in (None, who)))
    asked = {"segments": [segment], "rules": RULES, "now": NOW}
    [every_start] = visit_days(**asked, first=DAY, last=DAY)
    [shown] = offer([every_start], **asked, offerings=OFFERINGS) if offer else [every_start]
    slot = pick(shown.slots, one)
    if slot is None:
        return False
    [there] = [each for each in every_start.slots if each.start == slot.start]
    who = choose(options=there.options, persons=list(people.values()), day=DAY)[0]
    person, span = people[who], (slot.start, slot.start + one.minutes * 60)
    people[who] = replace(
        person,
        busy=(tuple(sorted([*person.busy[0], span])),),
        booked_min_by_date={DAY: person.booked_min_by_date.get(DAY, 0) + one.minutes},
    )
    return True


def pick(slots, one):
    """The start nearest to what a customer has in mind; a marked one, where they mind the mark."""
    low, high = (NOW + minutes * 60 for minutes in one.time)
    suits = [slot for slot in slots if low <= slot.start and slot.start + one.minutes * 60 <= high]
    marked = [slot for slot in suits if slot.fits]
    return min(
        marked if one.minds and marked else suits, key=lambda slot: abs(slot.start - NOW - one.wish), default=None
    )


def _told(load, found):
    off = found["off"]
    yield Result(f"gaps, {load}: booked a week, every start offered", mean(each.minutes for each in off), "min")
    yield Result(f"gaps, {load}: refused a week, every start offered", mean(each.refused for each in off), "customers")
    for rule in ("prefer", "hide"):
        for what, unit in (("minutes", "min"), ("refused", "customers")):
            more = [getattr(one, what) - getattr(same, what) for one, same in zip(found[rule], off, strict=True)]
            verb = {"minutes": "booked", "refused": "refused"}[what]
            yield Result(f"gaps, {load}: {rule}, more {verb} a week", mean(more), unit)
            yield Result(f"gaps, {load}: {rule}, more {verb}, 95 % ±", 1.96 * stdev(more) / sqrt(len(more)), unit)
