"""The engine against the minute-by-minute reference, in every zone there is, on clock-change nights and plain days."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from bookings.availability import Able, Person, Phase, Resource, Rules, starts

from .reference import expected_starts

YEAR = 2027
NEW_YEAR = date(YEAR, 1, 1)


def change_hours(zone):
    """The UTC hours of the year in which the zone's clock changes."""
    hours = []
    for n in range(-1, 366):
        midnight = datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(days=n)
        around = [midnight, midnight + timedelta(days=1)]
        if len({moment.astimezone(zone).utcoffset() for moment in around}) == 2:
            offsets = [(midnight + timedelta(hours=h)).astimezone(zone).utcoffset() for h in range(25)]
            hours += [midnight + timedelta(hours=h) for h in range(24) if offsets[h] != offsets[h + 1]]
    return hours


def random_plan(rng, near):
    """Shifts of a date in wall minutes; many of their edges lie around `near`, the wall minute of a change."""
    edges = [near + rng.choice((-90, -60, -30, -5, 0, 5, 15, 30, 45, 60, 75, 120)) for _ in range(2)]
    edges += [rng.randrange(0, 1800, 5) for _ in range(2)]
    edges = sorted(min(max(edge, 0), 1800) for edge in edges)
    whole, parts = ((edges[0], edges[3]),), ((edges[0], edges[1]), (edges[2], edges[3]))
    return rng.choice((whole, whole, parts))


def random_week(rng, near):
    return {weekday: random_plan(rng, near) for weekday in range(1, 8)}


def random_able(rng, near, middle):
    phases = rng.choice(
        [
            (Phase("active", rng.choice((20, 45, 60, 90))),),
            (Phase("active", 30), Phase("processing", 40), Phase("active", 25)),
            (Phase("processing", 10), Phase("active", 30), Phase("processing", 15)),
        ]
    )
    before, after = rng.choice(((0, 0), (10, 0), (0, 15), (5, 5)))
    return Able(
        person_id=1,
        phases=phases,
        buffer_before_min=before,
        buffer_after_min=after,
        hours=random_week(rng, near) if rng.random() < 0.15 else None,
        resources=(random_resource(rng, middle),) if rng.random() < 0.2 else (),
    )


def random_resource(rng, middle):
    capacity = rng.choice((1, 2))
    busy = tuple(random_spans(rng, middle) for _ in range(rng.randint(0, capacity)))
    return Resource(id="chair", capacity=capacity, busy=busy, blocks=random_spans(rng, middle)[:1])


def random_spans(rng, middle):
    starts_at = sorted(middle + 300 * rng.randrange(-300, 300) for _ in range(6))
    return tuple((start, start + 300 * rng.randrange(1, 12)) for start in starts_at)


def random_person(rng, day, near, middle):
    around = [day + timedelta(days=n) for n in range(-2, 3)]
    capacity = rng.choice((1, 1, 2))
    return Person(
        id=1,
        weekly=random_week(rng, near),
        special_days={rng.choice(around): rng.choice(((), random_plan(rng, near)))} if rng.random() < 0.2 else {},
        open_anyway=frozenset({rng.choice(around)}) if rng.random() < 0.3 else frozenset(),
        breaks=random_week(rng, near) if rng.random() < 0.15 else dict.fromkeys(range(1, 8), ((720, 735),)),
        blocks=random_spans(rng, middle)[:1],
        busy=tuple(random_spans(rng, middle) for _ in range(capacity)),
        capacity=capacity,
    )


def random_rules(rng, zone, day, near):
    around = [day + timedelta(days=n) for n in range(-2, 3)]
    return Rules(
        zone=zone,
        step_min=rng.choice((5, 15, 25, 30, 60)),
        notice_min=rng.choice((0, 60, 600)),
        horizon_days=rng.choice((1, 2, 30)),
        hard_edges=rng.random() < 0.3,
        hours=random_week(rng, near) if rng.random() < 0.2 else None,
        special_hours={rng.choice(around): random_plan(rng, near)} if rng.random() < 0.2 else {},
        closures=frozenset({rng.choice(around)}) if rng.random() < 0.2 else frozenset(),
    )


def differences(zone, day, near, rng):
    """What engine and reference disagree on, in one random salon on one date."""
    middle = int(datetime(day.year, day.month, day.day, 12, tzinfo=zone).timestamp()) // 300 * 300
    able, person = random_able(rng, near, middle), random_person(rng, day, near, middle)
    rules = random_rules(rng, zone, day, near)
    now = middle - 86400 * rng.choice((0, 1, 1, 2)) - 300 * rng.randrange(0, 200)
    asked = {"able": able, "person": person, "rules": rules, "now": now}
    found = starts(**asked, first=day, last=day)
    return len(found), sorted(set(found) ^ set(expected_starts(zone=zone, day=day, **asked)))


def dates_to_try(zone, rng):
    """Every change of the year, on its date or the next, and a plain day; each with the wall minute of interest."""
    for hour in change_hours(zone):
        local = hour.astimezone(zone)
        near = local.hour * 60 + local.minute
        yield local.date() + timedelta(days=rng.choice((0, 0, 1))), near
    yield NEW_YEAR + timedelta(days=rng.randrange(365)), rng.randrange(0, 1440, 30)


def test_starts_match_the_reference_in_every_zone():
    wrong, offered = {}, 0
    for name in sorted(available_timezones()):
        zone, rng = ZoneInfo(name), Random(name)
        for day, near in dates_to_try(zone, rng):
            count, difference = differences(zone, day, near, rng)
            offered += count
            if difference:
                wrong[name, day.isoformat()] = difference

    assert wrong == {}
    assert offered > 5000, "salons that offer nothing compare nothing"
