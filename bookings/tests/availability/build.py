"""Short ways to say a salon: plain values with nothing surprising in them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.availability import (
    ACTIVE,
    PROCESSING,
    Able,
    Busy,
    Person,
    Phase,
    Rules,
    Segment,
    lanes_of,
    occupied,
    starts,
)

NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2027, 2, 10)  # a Wednesday


def daily(*spans):
    """The same `(start, end)` wall minutes on every weekday."""
    return dict.fromkeys(range(1, 8), spans)


def hm(text):
    """`"09:15"` as minutes; hours run to 48."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def shift(text):
    """`"09:00-13:00"` as wall minutes."""
    start, end = text.split("-")
    return hm(start), hm(end)


def every(step, first, last):
    """`every(15, "09:00", "09:30")` is `["09:00", "09:15", "09:30"]`."""
    return [f"{at // 60:02}:{at % 60:02}" for at in range(hm(first), hm(last) + 1, step)]


def at(text, *, day=DAY, zone=NEW_YORK):
    """The epoch second of a wall time that the zone shows once."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=hm(text))
    return int(moment.replace(fold=0).timestamp())


def utc(text):
    """The epoch second of an ISO time in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def able(minutes=60, *, before=0, after=0, person_id=1, price=5000):
    return Able(
        person_id=person_id,
        phases=(Phase(ACTIVE, minutes),),
        price_cents=price,
        buffer_before_min=before,
        buffer_after_min=after,
    )


def colouring(*, before=0, after=0):
    """30 minutes of work, 45 of waiting, 45 of work."""
    phases = (Phase(ACTIVE, 30), Phase(PROCESSING, 45), Phase(ACTIVE, 45))
    return Able(person_id=1, phases=phases, buffer_before_min=before, buffer_after_min=after)


def person(hours="09:00-13:00", *, id=1, **changes):
    return Person(**{"id": id, "weekly": daily(shift(hours)), "name": f"P{id}", **changes})


def rules(step=15, *, zone=NEW_YORK, notice=0, horizon=60, **changes):
    return Rules(zone=zone, step_min=step, notice_min=notice, horizon_days=horizon, **changes)


def booked(service, *starts_at, lane=0):
    """Busy rows for visits that start then, each visit with its wall time as ref."""
    return [Busy(*span, ref=text, lane=lane) for text in starts_at for span in occupied(able=service, start=at(text))]


def busy(*rows):
    return lanes_of(row for group in rows for row in group)


def found(*, able, person, rules, first=DAY, last=None, now=None, **more):
    """The starts, asked two days early unless said."""
    now = at("00:00", day=first - timedelta(days=2), zone=rules.zone) if now is None else now
    return starts(able=able, person=person, rules=rules, first=first, last=last or first, now=now, **more)


def shown(seconds, zone=NEW_YORK, form="%H:%M"):
    return [datetime.fromtimestamp(at, zone).strftime(form) for at in seconds]


def segment_of(*pairs, after=0, resources=()):
    """One service, by (minutes, person) of everybody who performs it."""
    candidates = tuple(
        (replace(able(minutes, after=after, person_id=who.id), resources=resources), who) for minutes, who in pairs
    )
    return Segment(candidates=candidates)
