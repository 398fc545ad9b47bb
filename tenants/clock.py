"""One clock for all web servers, the database's; the time zones there are; and how far anything may reach."""

import zoneinfo
from datetime import UTC, datetime
from functools import cache

from django.db import connection

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def is_in_reach(instant):
    """Whether what came from outside lies where there are days before and after, and years that every library can write."""
    return FIRST <= instant < LAST


def is_day_in_reach(day):
    """The same of a local date."""
    return FIRST.date() <= day < LAST.date()


def database_now():
    """The instant at the database, also within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@cache
def zone_names():
    """The IANA time zones of this machine. Their files are read once: that takes long, and every checkout asks."""
    return frozenset(zoneinfo.available_timezones())
