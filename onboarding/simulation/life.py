"""What happens in a salon, pure: who wants what and when, who stays away, who is ill. The same seed is the same life.

Nothing here knows the diary. A `Wish` says what somebody would like; whether there is room, the product answers.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: How many come on an ISO weekday, next to an ordinary one.
WEEKDAYS = {1: 0.7, 2: 0.8, 3: 0.9, 4: 1.0, 5: 1.3, 6: 1.5, 7: 0.4}
#: How many want to come at an hour of the local day; past 24 is the night that follows.
HOURS = {8: 1, 9: 4, 10: 7, 11: 8, 12: 6, 13: 4, 14: 5, 15: 6, 16: 8, 17: 10, 18: 9, 19: 4, 20: 1, 22: 2, 24: 2, 26: 2}
#: How long before the visit one books: (share, fewest days, most days). The rest of the shares walks in.
LEADS = ((0.12, 0, 0), (0.28, 1, 3), (0.32, 4, 14), (0.16, 15, 35))
FURTHEST = timedelta(days=36)
#: The hours at which one books from home, with their weights.
BOOKING_HOURS = {8: 2, 10: 3, 12: 4, 14: 2, 17: 3, 19: 5, 20: 6, 21: 6, 22: 4, 23: 2}
REGULARS, NAMED, TWO_SERVICES, TIPPED = 0.6, 0.45, 0.08, 0.2
#: Wishes per person on an ordinary day: three quarters of a team's hours where they are for an hour each.
DEMAND = 5.0
#: Out of a thousand days of one person's.
ILL = 18
RISE_BASIS_POINTS = 700


class Fate(StrEnum):
    """How a visit goes on once it is booked."""

    COMES = "comes"
    STAYS_AWAY = "stays_away"
    CANCELS_EARLY = "cancels_early"
    CANCELS_LATE = "cancels_late"
    MOVES = "moves"


FATES = {Fate.COMES: 80, Fate.STAYS_AWAY: 4, Fate.CANCELS_EARLY: 6, Fate.CANCELS_LATE: 3, Fate.MOVES: 7}


class What(StrEnum):
    BOOK = "book"
    WALK_IN = "walk_in"
    MOVE = "move"
    CANCEL = "cancel"
    ARRIVE = "arrive"
    CLOSE = "close"
    ILL = "ill"
    SHUT = "shut"
    RISE = "rise"


TROUBLES = frozenset({What.ILL, What.SHUT, What.RISE})


@dataclass(frozen=True, slots=True)
class Shape:
    """What a life is made for. `services` are weights, by position; `demand` is wishes per person on an ordinary day.

    `first` to `last` are the local dates people come on, both included; they book up to FURTHEST before. `troubles` are
    those that may occur.
    """

    seed: str
    zone: ZoneInfo
    first: date
    last: date
    people: int
    services: tuple[int, ...]
    demand: float = DEMAND
    troubles: frozenset = TROUBLES

    @property
    def days(self):
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one customer would like. `person` and `services` are positions; `person` None is anyone.

    `turn` (0 to 1) is when they think again, as a share of the time between booking and visit; `tip_basis_points` of the price.
    """

    number: int
    at: datetime
    day: date
    minute: int
    services: tuple[int, ...]
    person: int | None
    customer: int
    fate: Fate
    turn: float
    tip_basis_points: int
    walks_in: bool


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happens at an instant: with a wish, or else with a person or a date of the salon."""

    at: datetime
    what: What
    wish: Wish | None = None
    person: int | None = None
    day: date | None = None


def happenings(shape):
    """Everything that does not depend on the diary, in order of time."""
    found = [Happening(wish.at, What.WALK_IN if wish.walks_in else What.BOOK, wish=wish) for wish in wishes(shape)]
    found += [trouble for trouble in _troubles(shape) if trouble.what in shape.troubles]
    return sorted(found, key=lambda happening: happening.at)


def wishes(shape):
    """Every customer's wish, by the day they want to come."""
    lots = random.Random(f"wishes {shape.seed}")  # noqa: S311 -- repeatable, no secret
    number = 0
    for day in shape.days:
        expected = shape.people * shape.demand * WEEKDAYS[day.isoweekday()]
        for _ in range(max(round(lots.gauss(expected, expected**0.5)), 0)):
            yield _wish(shape, number, day, lots)
            number += 1


def _wish(shape, number, day, lots):
    minute = _one_of(HOURS, lots) * 60 + lots.choice((0, 15, 30, 45))
    walks_in, at = _asked(shape, day, minute, lots)
    count = 2 if not walks_in and lots.random() < TWO_SERVICES else 1
    services = lots.choices(range(len(shape.services)), weights=shape.services, k=count)
    regulars = shape.people * 25
    return Wish(
        number=number,
        at=at,
        day=day,
        minute=minute,
        services=tuple(dict.fromkeys(services)),
        person=lots.randrange(shape.people) if not walks_in and lots.random() < NAMED else None,
        customer=lots.randrange(regulars) if lots.random() < REGULARS else regulars + number,
        fate=Fate.COMES if walks_in else _one_of(FATES, lots),
        turn=lots.random(),
        tip_basis_points=lots.choice((500, 1000, 1500, 2000)) if lots.random() < TIPPED else 0,
        walks_in=walks_in,
    )


def _asked(shape, day, minute, lots):
    """(whether they walk in, when they ask): never after the visit they want."""
    wanted = wall(day, minute, shape.zone)
    draw = lots.random()
    for share, fewest, most in LEADS:
        draw -= share
        if draw < 0:
            before = day - timedelta(days=lots.randint(fewest, most))
            at = wall(before, _one_of(BOOKING_HOURS, lots) * 60 + lots.randrange(60), shape.zone)
            if at > wanted - timedelta(hours=2):  # from work, on the same day
                at = wanted - timedelta(minutes=lots.randint(120, 480))
            return False, at + timedelta(seconds=lots.randrange(60))
    return True, wanted - timedelta(seconds=lots.randrange(600))


def _troubles(shape):
    """Who is ill, when the salon is shut, and the prices that rise in the middle."""
    lots = random.Random(f"troubles {shape.seed}")  # noqa: S311 -- repeatable, no secret
    for day in shape.days:
        for person in range(shape.people):
            if lots.randrange(1000) < ILL:
                yield Happening(wall(day, 6 * 60 + lots.randrange(60), shape.zone), What.ILL, person=person, day=day)
    for month in range(len(shape.days) // 28):
        day = shape.first + timedelta(days=28 * month + lots.randrange(28))
        told = wall(day - timedelta(days=lots.randint(8, 20)), 9 * 60 + month, shape.zone)
        yield Happening(told, What.SHUT, day=day)
    yield Happening(wall(shape.days[len(shape.days) // 2], 7 * 60, shape.zone), What.RISE)


def afterwards(*, wish, at, start, end, moved=False):
    """What follows from a visit that was booked, or moved, at `at`, in order; `moved` customers have made up their minds."""
    if not moved and wish.fate == Fate.MOVES and (then := _turned(wish, at, start - timedelta(hours=30))):
        return [Happening(then, What.MOVE, wish=wish)]
    if wish.fate == Fate.CANCELS_EARLY and (then := _turned(wish, at, start - timedelta(hours=30))):
        return [Happening(then, What.CANCEL, wish=wish)]
    if wish.fate == Fate.CANCELS_LATE:
        then = max(start - timedelta(minutes=20 + wish.turn * 600), at + timedelta(minutes=1))
        if then < start:
            return [Happening(then, What.CANCEL, wish=wish)]
    if wish.fate == Fate.STAYS_AWAY:
        return [Happening(start + timedelta(minutes=20), What.CLOSE, wish=wish)]
    arrival = max(start - timedelta(minutes=int(wish.turn * 8)), at)
    return [
        Happening(arrival, What.ARRIVE, wish=wish),
        Happening(end + timedelta(minutes=1 + int(wish.turn * 9)), What.CLOSE, wish=wish),
    ]


def _turned(wish, at, latest):
    """The instant between booking and `latest` at which they think again; None where that leaves no hour."""
    if latest - at < timedelta(hours=1):
        return None
    return at + (latest - at) * (0.1 + wish.turn * 0.9)


def raised(cents):
    """A price after the rise, to whole fifties as salons have them."""
    return -(-cents * (10_000 + RISE_BASIS_POINTS) // (10_000 * 50)) * 50


def wall(day, minute, zone):
    """The instant at which the wall shows that minute of the local date; minutes past 24 hours belong to the next day."""
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    return naive.replace(tzinfo=zone).astimezone(UTC)


def _one_of(weights, lots):
    return lots.choices(list(weights), weights=list(weights.values()))[0]
