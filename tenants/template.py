"""A salon's empty schema as plain SQL, made once per set of migrations and replayed for each new salon.

Running the migrations takes seconds per salon and takes locks; cloning a schema renames its constraints, so that a
later migration fails on clones only. Replaying statements read from the catalogue of one migrated schema is exact,
atomic and takes a tenth of a second. See docs/decisions/0002-template-sql.md.
"""

import secrets
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django_tenants.utils import schema_context

from tenants.models import SchemaTemplate

LOCK = 0x74656D706C617465


class TemplateOutdated(RuntimeError):
    """There is no template for the migrations this code has: run `manage.py prepare`."""


class TemplateCannotHold(RuntimeError):
    """The migrations made something that the template would lose: teach `tenants.template` to read it."""


def tenant_labels():
    """Labels of the apps whose tables live in salons' schemas."""
    return {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}


@cache
def digest():
    """Names the salons' migrations: their files, the Django that turns them into SQL, and the reader below."""
    parts = sha256(django.__version__.encode() + Path(__file__).read_bytes())
    migrations = MigrationLoader(None).disk_migrations
    for key in sorted(migrations):
        if key[0] in tenant_labels():
            module = import_module(type(migrations[key]).__module__)
            parts.update(repr(key).encode() + Path(module.__file__).read_bytes())
    return parts.hexdigest()


def statements():
    """The template's SQL for today's migrations. Raises TemplateOutdated. Call in `public`."""
    row = SchemaTemplate.objects.filter(digest=digest()).first()
    if row is None:
        raise TemplateOutdated("No template for these migrations: run `manage.py prepare`.")
    return row.sql


@transaction.atomic
def build():
    """Make the template unless it is there; returns whether it was made. Call in `public`.

    One transaction: a killed build leaves no scratch schema, a second one waits and finds the work done.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if SchemaTemplate.objects.filter(digest=digest()).exists():
        return False
    scratch = f"t_template_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{scratch}"')
        migrate(scratch)
        sql = _read(scratch)
        cursor.execute(f'DROP SCHEMA "{scratch}" CASCADE')
    SchemaTemplate.objects.create(digest=digest(), sql=sql)
    return True


def migrate(schema):
    """Run the salons' migrations in an existing `schema`; everybody else's are recorded there, not run."""
    with schema_context(schema), transaction.atomic():
        record_shared(MigrationExecutor(connection))
        executor = MigrationExecutor(connection)
        executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] in tenant_labels()])


def record_shared(executor):
    """Note the shared apps' migrations as applied in the schema chosen: there is nothing for them to do in it."""
    executor.recorder.ensure_schema()
    applied = executor.recorder.applied_migrations()
    for app, name in sorted(executor.loader.disk_migrations):
        if app not in tenant_labels() and (app, name) not in applied:
            executor.recorder.record_applied(app, name)


COLUMNS = """
SELECT c.relname,
       json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                                 pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
  FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
 GROUP BY c.relname ORDER BY c.relname
"""
CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
 WHERE k.connamespace = %s::regnamespace AND k.contype IN ('p', 'u', 'c', 'x', 'f')
 ORDER BY k.contype = 'f', c.relname, k.conname
"""
INDEXES = """
SELECT pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE c.relnamespace = %s::regnamespace
   AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
 ORDER BY i.indexrelid::regclass::text
"""
#: Everything the queries above do not read.
UNREAD = """
SELECT 'relation', relname FROM pg_class
 WHERE relnamespace = %(schema)s::regnamespace AND (relkind NOT IN ('r', 'i', 'S') OR reloptions IS NOT NULL)
UNION ALL
SELECT 'free-standing sequence', relname FROM pg_class c
 WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'S'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'i')
UNION ALL
SELECT 'trigger', tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'column', a.attname FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r' JOIN pg_type t ON t.oid = a.atttypid
 WHERE c.relnamespace = %(schema)s::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
   AND (a.attgenerated <> '' OR a.attcollation <> t.typcollation)
UNION ALL
SELECT 'function', proname FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'type', typname FROM pg_type WHERE typnamespace = %(schema)s::regnamespace AND typtype NOT IN ('b', 'c')
UNION ALL
SELECT 'comment', d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
 WHERE c.relnamespace = %(schema)s::regnamespace
"""


def _read(schema):
    """The schema's contents as one SQL text that names no schema. Raises TemplateCannotHold."""
    with schema_context(schema), connection.cursor() as cursor:
        _refuse_unread(cursor, schema)
        lines = [_table(*row) for row in _rows(cursor, COLUMNS, schema)]
        lines += [
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition};'
            for table, name, definition in _rows(cursor, CONSTRAINTS, schema)
        ]
        lines += [f"{line.replace(f' ON {schema}.', ' ON ', 1)};" for (line,) in _rows(cursor, INDEXES, schema)]
        cursor.execute(
            "SELECT string_agg(format('(%L, %L, now())', app, name), ', ' ORDER BY id) FROM django_migrations"
        )
        rows = cursor.fetchone()[0]
        lines.append(f"INSERT INTO django_migrations (app, name, applied) VALUES {rows};")  # noqa: S608 -- quoted above
    sql = "\n".join(lines)
    if schema in sql:
        raise TemplateCannotHold("something names the scratch schema")
    return sql


def _refuse_unread(cursor, schema):
    cursor.execute(UNREAD, {"schema": schema})
    unread = [" ".join(row) for row in cursor.fetchall()]
    for table in connection.introspection.table_names(cursor):
        cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')  # noqa: S608 -- from the catalogue
        if table != "django_migrations" and cursor.fetchone()[0]:
            unread.append(f"rows of {table}")
    if unread:
        raise TemplateCannotHold(", ".join(unread))


def _rows(cursor, query, schema):
    cursor.execute(query, [schema])
    return cursor.fetchall()


def _table(table, columns):
    return f'CREATE TABLE "{table}" ({", ".join(_column(*column) for column in columns)});'


def _column(name, kind, not_null, identity, default):
    parts = [f'"{name}"', kind]
    if identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    if default:
        parts.append(f"DEFAULT {default}")
    if not_null:
        parts.append("NOT NULL")
    return " ".join(parts)
