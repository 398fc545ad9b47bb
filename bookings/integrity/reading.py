"""Reads a salon's whole diary at one moment: one message, whatever is in it."""

import json
from contextlib import contextmanager
from functools import lru_cache
from uuid import UUID

from django.db import connection, transaction

from bookings import availability
from bookings.diary import rows
from bookings.integrity.values import Agreed, Everything, Meeting, Owner, Part, Row, Seat, Visit

# Whole seconds, cut off and not rounded: so does a wall clock.
CLOCK = "SELECT floor(extract(epoch FROM clock_timestamp()))::bigint"
PEOPLE = """
SELECT id, COALESCE(NULLIF(display_name, ''), btrim(first_name || ' ' || last_name)), max_concurrent_bookings, is_active
  FROM bookings_teammember"""
RESOURCES = "SELECT id, name, quantity FROM bookings_resource"
BOOKINGS = """
SELECT id, ref, status, floor(extract(epoch FROM start_at))::bigint, floor(extract(epoch FROM end_at))::bigint, booking_tz,
       local_date, local_time, floor(extract(epoch FROM hold_expires_at))::bigint, price_cents, currency_code,
       attendee_count, team_member_id
  FROM bookings_booking"""
ITEMS = """
SELECT id, booking_id, position, service_id, team_member_id, session_id, floor(extract(epoch FROM start_at))::bigint,
       floor(extract(epoch FROM end_at))::bigint, price_cents,
       (snapshot -> 'phases')::text, (snapshot -> 'buffer_before_min')::text, (snapshot -> 'buffer_after_min')::text,
       (snapshot -> 'resources')::text
  FROM bookings_bookingitem
 ORDER BY booking_id, position"""
OCCUPANCY = """
SELECT id, item_id, session_id, team_member_id, resource_id, lane, floor(extract(epoch FROM starts_at))::bigint,
       floor(extract(epoch FROM ends_at))::bigint, floor(extract(epoch FROM expires_at))::bigint
  FROM bookings_occupancy"""
SESSIONS = """
SELECT id, service_id, team_member_id, floor(extract(epoch FROM start_at))::bigint, floor(extract(epoch FROM end_at))::bigint,
       scheduled, COALESCE(snapshot ->> 'name', ''),
       (snapshot -> 'phases')::text, (snapshot -> 'buffer_before_min')::text, (snapshot -> 'buffer_after_min')::text,
       (snapshot -> 'resources')::text
  FROM bookings_groupsession"""
SEATS = """
SELECT session_id, item_id, floor(extract(epoch FROM expires_at))::bigint
  FROM bookings_seat
 WHERE item_id IS NOT NULL"""


@contextmanager
def one_moment():
    """Every read inside sees the database as it was at the first one; no lock is taken and nothing can be written.

    Inside a transaction of the caller's, it is that transaction which decides both.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def read():
    """`Everything` in the current salon's diary. One query."""
    statements = (CLOCK, PEOPLE, RESOURCES, BOOKINGS, ITEMS, OCCUPANCY, SESSIONS, SEATS)
    [[clock]], people, resources, bookings, items, occupancy, sessions, seats = rows.read(statements, {})
    visits = {row[0]: Visit(*row) for row in bookings}
    parts = {}
    for *row, start, end, price_cents, phases, before, after, needs in items:
        part = Part(*row, start, end, price_cents, _agreed(phases, before, after, needs, end - start))
        parts[part.id] = part
        visits[part.visit_id].parts.append(part)
    return Everything(
        clock=clock,
        owners={row[0]: Owner(*row) for row in (*people, *resources)},
        visits=visits,
        parts=parts,
        rows=[Row(*row) for row in occupancy],
        meetings={
            row[0]: Meeting(*row, start, end, scheduled, name, _agreed(phases, before, after, needs, end - start))
            for *row, start, end, scheduled, name, phases, before, after, needs in sessions
        },
        seats=[Seat(*row) for row in seats],
    )


# A salon has a few dozen ways to perform its services and thousands of bookings.
@lru_cache(maxsize=4096)
def _agreed(phases, before, after, resources, seconds):
    """A snapshot's phases, buffers and resources; one that names no phases (taken over from elsewhere) is one active phase."""
    found = [availability.Phase(each["kind"], each["minutes"]) for each in json.loads(phases or "null") or ()]
    found = found or [availability.Phase(availability.ACTIVE, max(1, seconds // 60))]
    return Agreed(
        tuple(found), int(before or 0), int(after or 0), tuple(UUID(pk) for pk in json.loads(resources or "[]"))
    )
