"""Small random salons and visits for them, all in whole ticks of five minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.availability import ACTIVE, PROCESSING, Able, Person, Phase, Resource, Rules, Segment, Session

NEW_YORK, LORD_HOWE = ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
#: A plain day most of the time; both clock changes, and one of half an hour.
DATES = [(NEW_YORK, date(2027, 2, 10))] * 4 + [
    (NEW_YORK, date(2027, 3, 14)),
    (NEW_YORK, date(2027, 11, 7)),
    (LORD_HOWE, date(2027, 10, 3)),
]
PHASES = [
    [(ACTIVE, 15)], [(ACTIVE, 20)], [(ACTIVE, 30)], [(ACTIVE, 45)], [(ACTIVE, 10), (PROCESSING, 20), (ACTIVE, 10)],
    [(PROCESSING, 5), (ACTIVE, 20), (PROCESSING, 10)],
]  # fmt: skip
SHAPES = [1, 1, 2, 2, 2, 2, 3, 3, 3, 4]


def random_visit(rng):
    """What a `Reference` is asked: segments, rules, day, now, longest wait and ranks."""
    zone, day = rng.choice(DATES)
    opens = rng.choice((0, 540, 540, 540, 1320))  # the night of a clock change, the morning, over midnight
    noon = day_at(zone, day, opens + 90)
    people = [random_person(rng, number, day, opens, noon) for number in range(rng.choice((1, 2, 2, 3)))]
    chairs = [random_chair(rng, name, noon) for name in ("chair", "room")[: rng.choice((0, 0, 1, 1, 2))]]
    chairs = [with_one_gone(rng, chair, noon) if rng.random() < 0.15 else chair for chair in chairs]
    count = rng.choice(SHAPES)
    return {
        "segments": [random_segment(rng, number, people, chairs, opens) for number in range(count)],
        "rules": random_rules(rng, zone, day, opens),
        "day": day,
        "now": noon - 300 * rng.choice((0, 5, 24, 288, 288, 576)) - rng.choice((0, 0, 1)),
        "max_wait_min": rng.choice((0, 0, 5, 10, 12)) if count < 4 else rng.choice((0, 5)),
        "rank": dict(zip((person.id for person in people), rng.sample(range(9), len(people)), strict=True)),
    }


def tangled_visit(rng):
    """A plain day of short services with long buffers, few people and fewer chairs: its parts get in each other's way."""
    zone, day = DATES[0]
    noon = day_at(zone, day, 590)
    people = [tangled_person(rng, number, noon) for number in range(rng.choice((1, 2, 2, 3)))]
    chairs = [random_chair(rng, name, noon) for name in ("chair", "room")[: rng.choice((1, 1, 2))]]
    return {
        "segments": [tangled_segment(rng, number, people, chairs) for number in range(rng.choice((2, 3, 3, 3, 3, 4)))],
        "rules": Rules(zone=zone, step_min=15, notice_min=0, horizon_days=5, hard_edges=rng.random() < 0.2),
        "day": day,
        "now": noon - 86400,
        "max_wait_min": rng.choice((0, 0, 5, 5, 10)),
        "rank": dict(zip((person.id for person in people), rng.sample(range(9), len(people)), strict=True)),
    }


def tangled_person(rng, number, noon):
    capacity = rng.choice((1, 2, 2))
    busy = tuple(spans(rng, noon, rng.choice((0, 1, 2, 2))) for _ in range(capacity))
    return Person(id=number, name=f"P{number}", weekly=week(((540, 660),)), busy=busy, capacity=capacity)


def tangled_segment(rng, number, people, chairs):
    phases = rng.choice(([(ACTIVE, 5)], [(ACTIVE, 10)], [(ACTIVE, 15)], [(ACTIVE, 5), (PROCESSING, 10), (ACTIVE, 5)]))
    before, after = rng.choice(((0, 0), (20, 0), (0, 20), (15, 15), (30, 30)))
    chosen = rng.sample(people, rng.choice((1, 1, len(people))))
    resources = tuple(chair for chair in chairs if rng.random() < 0.6)
    candidates = tuple(
        (
            Able(
                person_id=person.id,
                phases=tuple(Phase(*phase) for phase in phases),
                buffer_before_min=before,
                buffer_after_min=after,
                resources=resources,
            ),
            person,
        )
        for person in chosen
    )
    return Segment(candidates=candidates, name=f"S{number}", together=number > 0 and rng.random() < 0.15)


def day_at(zone, day, minutes):
    """About that wall time, on a whole tick: where the random bookings are."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minutes)
    return int(moment.astimezone(UTC).timestamp()) // 300 * 300


def random_person(rng, number, day, opens, noon):
    capacity = rng.choice((1, 1, 1, 2))
    around = [day + timedelta(days=n) for n in (-1, 0, 1)]
    return Person(
        id=number,
        name=f"P{number}",
        weekly=week(shift(rng, opens)),
        special_days={rng.choice(around): rng.choice(((), shift(rng, opens)))} if rng.random() < 0.1 else {},
        open_anyway=frozenset({day}) if rng.random() < 0.2 else frozenset(),
        breaks=week(((opens + 60, opens + rng.choice((60, 65, 75, 90))),)) if rng.random() < 0.3 else {},
        blocks=spans(rng, noon, rng.choice((0, 0, 1))),
        # One lane more than the capacity, at times: bookings made before it was lowered.
        busy=tuple(spans(rng, noon, rng.choice((0, 1, 1, 2))) for _ in range(capacity + (rng.random() < 0.1))),
        capacity=capacity,
    )


def random_chair(rng, name, noon):
    capacity = rng.choice((1, 1, 2))
    lanes = tuple(spans(rng, noon, rng.choice((0, 1, 1, 2))) for _ in range(rng.randint(0, capacity)))
    return Resource(
        id=name, name=name, capacity=capacity, busy=lanes, blocks=spans(rng, noon, rng.choice((0, 0, 0, 1)))
    )


def with_one_gone(rng, chair, noon):
    """There was one chair more when some visits were booked."""
    lanes = [*chair.busy, *[()] * chair.capacity][: chair.capacity]
    return replace(chair, busy=(*lanes, spans(rng, noon, 1)))


def random_segment(rng, number, people, chairs, opens):
    phases, buffers = rng.choice(PHASES), rng.choice(((0, 0), (0, 0), (5, 0), (0, 10), (10, 15), (20, 20)))
    resources = tuple(chair for chair in chairs if rng.random() < 0.6)
    hours = week(shift(rng, opens)) if rng.random() < 0.1 else None
    chosen = rng.sample(people, rng.randint(1, len(people)))
    candidates = []
    for person in chosen:
        own = rng.choice(PHASES) if rng.random() < 0.2 else phases
        able = Able(
            person_id=person.id,
            phases=tuple(Phase(*phase) for phase in own),
            buffer_before_min=buffers[0],
            buffer_after_min=buffers[1],
            hours=hours,
            resources=resources,
        )
        candidates.append((able, person))
    return Segment(candidates=tuple(candidates), name=f"S{number}", together=number > 0 and rng.random() < 0.3)


def random_rules(rng, zone, day, opens):
    near = day + timedelta(days=rng.choice((-1, 0, 0, 1)))
    return Rules(
        zone=zone,
        step_min=rng.choice((15, 20, 30, 30, 45)),
        notice_min=rng.choice((0, 0, 30, 600)),
        horizon_days=rng.choice((0, 1, 2, 30)),
        hard_edges=rng.random() < 0.3,
        hours=week(((max(0, opens - 60), opens + 200),)) if rng.random() < 0.2 else None,
        special_hours={near: rng.choice(((), shift(rng, opens)))} if rng.random() < 0.15 else {},
        closures=frozenset({near}) if rng.random() < 0.1 else frozenset(),
    )


def random_class(rng):
    """As `random_visit`, for one class: some of its sessions stand, full or not, at times nobody would offer now."""
    asked = random_visit(rng) | {"max_wait_min": 0}
    zone, day = asked["rules"].zone, asked["day"]
    candidates = []
    for able, person in asked["segments"][0].candidates:
        minutes = sorted(rng.sample(range(0, 1440, 25), rng.choice((0, 1, 2))))
        sessions = tuple(
            Session(
                id=(person.id, at), start=start, end=start + 300 * rng.choice((4, 9)), free=rng.choice((0, 1, 2, 5))
            )
            for at in minutes
            for start in [day_at(zone, day, at)]
        )
        candidates.append((with_class(rng, able, sessions), with_busy(person, sessions)))
    return asked | {"segments": [Segment(candidates=tuple(candidates), name="Class")]}


def with_class(rng, able, sessions):
    return Able(
        person_id=able.person_id, phases=able.phases, buffer_before_min=able.buffer_before_min,
        buffer_after_min=able.buffer_after_min, hours=able.hours, resources=able.resources, sessions=sessions,
        seats=rng.choice((1, 2)), joins_only=rng.random() < 0.3,
    )  # fmt: skip


def with_busy(person, sessions):
    lanes = [*person.busy, ()][: max(1, len(person.busy))]
    lanes[0] = (*lanes[0], *((session.start, session.end) for session in sessions))
    return Person(
        id=person.id, name=person.name, weekly=person.weekly, special_days=person.special_days,
        open_anyway=person.open_anyway, breaks=person.breaks, blocks=person.blocks, busy=tuple(lanes),
        capacity=person.capacity,
    )  # fmt: skip


def shift(rng, opens):
    start = opens + rng.choice((-30, 0, 0, 15, 30))
    return ((max(0, start), start + rng.choice((90, 120, 180, 210))),)


def week(plan):
    return dict.fromkeys(range(1, 8), plan)


def spans(rng, middle, count):
    starts = [middle + 300 * rng.randint(-24, 20) for _ in range(count)]
    return tuple(sorted((start, start + 300 * rng.choice((1, 2, 3, 6, 9))) for start in starts))
