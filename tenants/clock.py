"""One clock for all web servers, the database's, and the time zones there are."""

import zoneinfo
from functools import cache

from django.db import connection


def database_now():
    """The instant at the database, also within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@cache
def zone_names():
    """The IANA time zones of this machine. Their files are read once: that takes long, and every checkout asks."""
    return frozenset(zoneinfo.available_timezones())
