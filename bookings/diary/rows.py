"""Rows of the diary's reads as the engine's values."""

import json
from datetime import timedelta

from django.db import connection

from bookings.availability import Offering


def read(statements, params):
    """The rows of each statement; one round trip for all of them."""
    with connection.cursor() as cursor:
        cursor.execute(";".join(statements), params)
        rows = [cursor.fetchall()]
        while cursor.nextset():
            rows.append(cursor.fetchall())
    return rows


def by_weekday(rows):
    """(weekday, start, end) rows as {weekday: spans}."""
    plan = {}
    for day, start, end in rows:
        plan.setdefault(day, []).append((start, end))
    return {day: tuple(sorted(spans)) for day, spans in plan.items()}


def grouped(rows):
    """(key, …) rows as {key: rows without it}."""
    groups = {}
    for key, *rest in rows:
        groups.setdefault(key, []).append(rest)
    return groups


def weekly_by(rows):
    """(key, weekday, start, end) rows as {key: {weekday: spans}}."""
    return {key: by_weekday(own) for key, own in grouped(rows).items()}


def plans_of(rows):
    """Each person's week for each service, {(person, service or None): {weekday: spans}}."""
    return weekly_by(((member_id, service_id), *shift) for member_id, service_id, *shift in rows)


def breaks_of(rows, people):
    """Each person's breaks: their own, and everybody's (rows without a person)."""
    own = grouped(rows)
    everybody = own.pop(None, [])
    return {pk: by_weekday([*own.get(pk, ()), *everybody]) for pk in people if pk in own or everybody}


def special_days_of(rows):
    """({person: {date: spans}}, {person: dates on which they work although the salon is closed})"""
    special, open_anyway = {}, {}
    for member_id, day, shifts, anyway in rows:
        special.setdefault(member_id, {})[day] = shifts_of(shifts)
        if anyway:
            open_anyway.setdefault(member_id, set()).add(day)
    return special, open_anyway


def shifts_of(text):
    return tuple((start, end) for start, end in json.loads(text))


def offerings_by(rows):
    """{person: what they can be booked for}"""
    found = {}
    for member_id, minutes, step, before, after, notice, weekly, hours in rows:
        offering = Offering(
            minutes=minutes,
            step_min=step,
            buffer_before_min=before,
            buffer_after_min=after,
            notice_min=notice,
            weekly=weekly and by_weekday(json.loads(weekly)),
            hours=hours and by_weekday(json.loads(hours)),
        )
        found.setdefault(member_id, []).append(offering)
    return found


def spans_by(rows):
    """(key, start, end) rows as {key: spans}."""
    return {key: tuple((start, end) for start, end in own) for key, own in grouped(rows).items()}


def lanes_by(rows):
    """(key, lane, starts, ends) rows as {key: spans of each lane}."""
    lanes = {}
    for key, lane, starts, ends in rows:
        lanes.setdefault(key, {})[lane] = tuple(zip(starts, ends, strict=True))
    return {key: tuple(by_lane.get(lane, ()) for lane in range(max(by_lane) + 1)) for key, by_lane in lanes.items()}


def days(first, last):
    return (first + timedelta(days=offset) for offset in range((last - first).days + 1))
