"""A hundred weeks of the same customers under each of a salon's rules about gaps: what is booked, and who is refused.

The engine and nothing else, no database. Two people work from 9 to 7 every day. The customers are those of the simulation
(`onboarding.simulation.life`), in the order they book: each for one date, one service and a moment, some of them for one
person. They have time from two hours before that moment to two hours after it, take the nearest start they are offered in it,
or go away. Where starts are marked, one in three lets that decide. "Anyone" becomes whose turn it is (D10), of all who can
take the start, whatever was shown: as in the booking. Nobody cancels. The same seed brings the same customers to every rule,
so that weeks are compared with themselves.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
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
from onboarding.simulation import life

WEEKS, QUICK_WEEKS = 100, 3
SEEDS, QUICK_SEEDS = 3, 1
DAY = date(2027, 2, 10)
OPENS, CLOSES = 9 * 60, 19 * 60
STEP = 15
PEOPLE = (0, 1)
#: Minutes, and how many of ten customers want that.
SERVICES = {30: 3, 45: 2, 60: 3, 90: 2}
PATIENCE_MIN = 120
#: Wishes per person on an ordinary day; 5 is the simulation's own.
LOADS = {"quiet": 5.0, "busy": 8.0, "crowded": 12.0}
MINDS_THE_MARK = 1 / 3
RULES = Rules(zone=ZoneInfo("Europe/Paris"), step_min=STEP, notice_min=0, horizon_days=60)
OFFERINGS = {who: [Offering(minutes=minutes, step_min=STEP) for minutes in SERVICES] for who in PEOPLE}
NOW = day_span(DAY, RULES.zone)[0]
OFFERS = {"off": None, "prefer": preferred, "hide": thinned}


@dataclass(frozen=True, slots=True)
class Customer:
    """`wish` is the minute of the day they have in mind, `who` a person or None; `minds` that a start is marked."""

    minutes: int
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
    days = list(dates(load, seed, weeks))
    return {rule: [week(days[n : n + 7], offer) for n in range(0, len(days), 7)] for rule, offer in OFFERS.items()}


def dates(load, seed, weeks):
    """The customers of each date, in the order they book."""
    rng = random.Random(f"tithi bench gaps {load} {seed}")  # noqa: S311 -- the same marks minded every time, no secret
    first = date(2027, 1, 4)
    shape = life.Shape(
        seed=f"tithi bench gaps {load} {seed}",
        zone=RULES.zone,
        first=first,
        last=first + timedelta(days=7 * weeks - 1),
        people=len(PEOPLE),
        services=tuple(SERVICES.values()),
        demand=load,
    )
    by_day = {day: list(wishes) for day, wishes in groupby(life.wishes(shape), key=lambda wish: wish.day)}
    for day in shape.days:
        wishes = sorted(by_day.get(day, ()), key=lambda wish: wish.at)
        yield [customer(wish, rng) for wish in wishes if OPENS <= wish.minute < CLOSES]


def customer(wish, rng):
    minutes = list(SERVICES)[wish.services[0]]
    return Customer(minutes, wish.minute, wish.person, rng.random() < MINDS_THE_MARK)


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
    suits = [slot for slot in slots if abs(slot.start - NOW - one.wish * 60) <= PATIENCE_MIN * 60]
    marked = [slot for slot in suits if slot.fits]
    return min(
        marked if one.minds and marked else suits, key=lambda slot: abs(slot.start - NOW - one.wish * 60), default=None
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
