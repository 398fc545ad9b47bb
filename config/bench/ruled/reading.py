"""What the least work reads: every rule and the diary of one service's people, in one message."""

import json
from datetime import UTC, datetime, time, timedelta

from django.db import connection

#: Visits are shorter than this, and the database looks this far back for those that still run.
LOOK_BACK = timedelta(hours=36)
TEAM = "SELECT team_member_id FROM bookings_serviceteamassignment WHERE service_id = %(service)s"
CHAIRS = "SELECT resource_id FROM bookings_service_resources WHERE service_id = %(service)s"
# ruff: noqa: S608 -- constants only
STATEMENTS = {
    "team": """
SELECT member.id, coalesce(own.price_cents, %(price)s), coalesce(own.duration_min, %(minutes)s),
       greatest(member.buffer_time_minutes, %(after)s), member.max_concurrent_bookings
  FROM bookings_serviceteamassignment AS own JOIN bookings_teammember AS member ON member.id = own.team_member_id
 WHERE own.service_id = %(service)s AND member.is_active
 ORDER BY member.sort_order, member.first_name, member.id""",
    "weeks": f"""
SELECT team_member_id, service_id, day_of_week, start_min, end_min FROM bookings_teammemberavailability
 WHERE team_member_id IN ({TEAM}) AND (service_id IS NULL OR service_id = %(service)s) ORDER BY start_min""",
    "special_days": f"""
SELECT team_member_id, date, shifts, open_anyway FROM bookings_specialday
 WHERE team_member_id IN ({TEAM}) AND date BETWEEN %(first)s AND %(last)s""",
    "breaks": f"""
SELECT team_member_id, day_of_week, start_min, end_min FROM bookings_break
 WHERE team_member_id IN ({TEAM}) OR team_member_id IS NULL""",
    "blocks": f"""
SELECT coalesce(team_member_id, resource_id), extract(epoch FROM starts_at)::bigint, extract(epoch FROM ends_at)::bigint
  FROM bookings_timeblock
 WHERE (team_member_id IN ({TEAM}) OR resource_id IN ({CHAIRS})) AND ends_at > %(low)s AND starts_at < %(high)s""",
    "busy": f"""
SELECT coalesce(team_member_id, resource_id), lane, array_agg(extract(epoch FROM starts_at)::bigint ORDER BY starts_at),
       array_agg(extract(epoch FROM ends_at)::bigint ORDER BY starts_at)
  FROM bookings_occupancy
 WHERE (team_member_id IN ({TEAM}) OR resource_id IN ({CHAIRS})) AND starts_at >= %(low)s AND starts_at < %(high)s
   AND (expires_at IS NULL OR expires_at > %(now)s)
 GROUP BY 1, 2""",
    "chairs": f"SELECT id, quantity FROM bookings_resource WHERE id IN ({CHAIRS})",
    "hours": "SELECT day_of_week, start_min, end_min FROM bookings_openinghours ORDER BY start_min",
    "special_hours": "SELECT date, shifts FROM bookings_specialopening WHERE date BETWEEN %(first)s AND %(last)s",
    "service_hours": """
SELECT day_of_week, start_min, end_min FROM bookings_servicehours WHERE service_id = %(service)s ORDER BY start_min""",
    "closures": """
SELECT start_date, end_date FROM bookings_closure WHERE start_date <= %(last)s AND end_date >= %(first)s""",
}


def read(service, first, last, now):
    """{name of the statement: its rows}"""
    params = {
        "service": service.pk,
        "price": service.price_cents,
        "minutes": service.duration_min,
        "after": service.buffer_after_min,
        "first": first,
        "last": last,
        "low": datetime.combine(first, time(), UTC) - LOOK_BACK,
        "high": datetime.combine(last, time(), UTC) + LOOK_BACK,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(";".join(STATEMENTS.values()), params)
        found = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
    return dict(zip(STATEMENTS, found, strict=True))


def shifts(text):
    return [tuple(shift) for shift in json.loads(text)]


def grouped(rows):
    """(key, …) rows as {key: rows without it}."""
    groups = {}
    for key, *rest in rows:
        groups.setdefault(key, []).append(rest)
    return groups
