"""One clock for all web servers: the database's."""

from django.db import connection


def database_now():
    """The instant at the database, also within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
