"""Puts the test database back after tests that commit: their rows go, the salons stay."""

from django.db import connection, transaction

from tenants.db.creation import KEPT

#: What migrations wrote; no test changes it.
UNTOUCHED = (
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "tenants_schematemplate",
    "djstripe_djstripemodel",
)


def restore():
    """Empty every table, drop salons that tests have opened, put the kept rows back."""
    connection.set_schema_to_public()
    with transaction.atomic(), connection.cursor() as cursor:
        # A connection that a test forgot to close would block us for ever.
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        _drop_strays(cursor)
        dirty = [f"public.{table}" for table in KEPT] + _filled(cursor)
        cursor.execute(f"TRUNCATE {', '.join(dirty)} CASCADE")
        for table in KEPT:
            cursor.execute(f"INSERT INTO public.{table} SELECT * FROM pristine.{table}")  # noqa: S608 -- our names


def _drop_strays(cursor):
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'"
        " AND nspname NOT IN (SELECT schema_name FROM pristine.tenants_business)"
    )
    for (schema,) in cursor.fetchall():
        cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')


def _filled(cursor):
    """Tables with rows: asking is cheaper than truncating a hundred empty ones."""
    cursor.execute(
        "SELECT schemaname, tablename FROM pg_tables"
        " WHERE (schemaname = 'public' OR schemaname LIKE 't\\_%%') AND NOT tablename = ANY(%s)",
        [[*KEPT, *UNTOUCHED]],
    )
    names = [f'"{schema}"."{table}"' for schema, table in cursor.fetchall()]
    questions = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)  # noqa: S608 -- our names
    cursor.execute(" UNION ALL ".join(questions))
    return [name for (name,) in cursor.fetchall()]
