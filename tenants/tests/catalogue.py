"""What a schema holds, in words that do not name it: two equal schemas give equal lists."""

import re

from django.db import connection

#: PostgreSQL spells `IN (…)` with other casts and brackets once it has read its own text; that is not a difference.
SPELLING = re.compile(r"::(character varying|text)(\[\])?|[()\s]")

QUERIES = (
    # columns in their order (one that was dropped leaves a number free), with sequences behind identities
    """SELECT table_name, column_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), data_type,
              udt_name, character_maximum_length, numeric_precision, is_nullable, column_default, is_identity,
              identity_generation, collation_name, is_generated,
              pg_get_serial_sequence(format('%%I.%%I', table_schema, table_name), column_name)
         FROM information_schema.columns WHERE table_schema = %(schema)s ORDER BY 1, 3""",
    """SELECT conrelid::regclass::text, conname, contype, pg_get_constraintdef(oid), condeferrable, condeferred, convalidated
         FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace AND contype <> 'n' ORDER BY 1, 2""",
    """SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s ORDER BY 1, 2""",
    """SELECT relname, relkind, relpersistence, reloptions::text FROM pg_class
        WHERE relnamespace = %(schema)s::regnamespace ORDER BY 1""",
    """SELECT sequencename, data_type::text, start_value, increment_by, max_value, cycle FROM pg_sequences
        WHERE schemaname = %(schema)s ORDER BY 1""",
    """SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE relnamespace = %(schema)s::regnamespace AND NOT tgisinternal ORDER BY 1""",
)


def describe(schema):
    """Every column, constraint, index, relation, sequence and trigger, and the migrations recorded."""
    found = []
    with connection.cursor() as cursor:
        for query in QUERIES:
            cursor.execute(query, {"schema": schema})
            found += [tuple(_nameless(value, schema) for value in row) for row in cursor.fetchall()]
        cursor.execute(f'SELECT app, name FROM "{schema}".django_migrations ORDER BY 1, 2')
        return found + cursor.fetchall()


def _nameless(value, schema):
    return SPELLING.sub("", value.replace(schema, "")) if isinstance(value, str) else value
