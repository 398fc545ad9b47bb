"""What stands in a schema's tables."""

from django.db import connection


def rows_of(schema, *tables):
    """table → all its rows as one text; of every table of the schema where none is named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        found = {}
        for table in tables or [name for (name,) in cursor.fetchall()]:
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM \"{schema}\".\"{table}\" AS t")
            found[table] = cursor.fetchone()[0]
    return found
