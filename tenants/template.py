"""A salon's empty schema as plain SQL, made once per set of migrations and replayed for each new salon.

Running the migrations takes seconds per salon and takes locks; cloning a schema renames its constraints, so that a
later migration fails on clones only. Replaying statements read from the catalogue of one migrated schema is exact,
atomic and takes a tenth of a second. See docs/decisions/0002-template-sql.md.
"""

import json
import secrets
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


class TemplateOutdated(RuntimeError):
    """There is no template for the migrations this code has: run `manage.py prepare`."""


def tenant_labels():
    """Labels of the apps whose tables live in salons' schemas."""
    return {config.label for config in apps.get_app_configs() if config.name in settings.TENANT_APPS}


def digest():
    """Names the migrations of the salons' apps: their contents, and the Django that turns them into SQL."""
    parts = sha256(django.__version__.encode())
    loader = MigrationLoader(None)
    for key in sorted(loader.disk_migrations):
        if key[0] in tenant_labels():
            module = import_module(type(loader.disk_migrations[key]).__module__)
            parts.update(repr(key).encode() + Path(module.__file__).read_bytes())
    return parts.hexdigest()


def statements():
    """The template's SQL for today's migrations. Raises TemplateOutdated."""
    row = SchemaTemplate.objects.filter(digest=digest()).first()
    if row is None:
        raise TemplateOutdated("No template for these migrations: run `manage.py prepare`.")
    return row.sql


def build():
    """Make the template unless it is there; returns whether it was made. Call in `public`."""
    wanted = digest()
    if SchemaTemplate.objects.filter(digest=wanted).exists():
        return False
    scratch = f"t_template_{secrets.token_hex(6)}"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{scratch}"')
    try:
        _migrate(scratch)
        sql = _read(scratch)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{scratch}" CASCADE')
    SchemaTemplate.objects.get_or_create(digest=wanted, defaults={"sql": sql})
    return True


def _migrate(schema):
    """Run the salons' migrations in `schema`; everybody else's are recorded, not run."""
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
        labels = tenant_labels()
        with transaction.atomic():
            for app, name in executor.loader.disk_migrations:
                if app not in labels:
                    executor.recorder.record_applied(app, name)
        executor = MigrationExecutor(connection)
        executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key[0] in labels])


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
 ORDER BY c.relname
"""
UNKNOWN = """
SELECT c.relkind, c.relname FROM pg_class c
 WHERE c.relnamespace = %s::regnamespace AND c.relkind NOT IN ('r', 'i', 'S')
UNION ALL
SELECT 't', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal
"""


def _read(schema):
    """The schema's contents as one SQL text that names no schema."""
    with schema_context(schema), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNKNOWN, [schema, schema])
        if strange := cursor.fetchall():
            raise NotImplementedError(f"the template cannot hold {strange}")
        cursor.execute(COLUMNS, [schema])
        lines = [_table(table, columns) for table, columns in cursor.fetchall()]
        cursor.execute(CONSTRAINTS, [schema])
        keys, foreign = [], []
        for table, name, definition in cursor.fetchall():
            line = f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition};'
            (foreign if definition.startswith("FOREIGN KEY") else keys).append(line)
        cursor.execute(INDEXES, [schema])
        indexes = [f"{row[0].replace(f' ON {schema}.', ' ON ', 1)};" for row in cursor.fetchall()]
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        applied = ", ".join(f"('{app}', '{name}', now())" for app, name in cursor.fetchall())
    rows = f"INSERT INTO django_migrations (app, name, applied) VALUES {applied};"
    sql = "\n".join([*lines, *keys, *indexes, *foreign, rows])
    if schema in sql:
        raise NotImplementedError("the template still names its scratch schema")
    return sql


def _table(table, columns):
    columns = json.loads(columns) if isinstance(columns, str) else columns
    body = ", ".join(_column(*column) for column in columns)
    return f'CREATE TABLE "{table}" ({body});'


def _column(name, kind, not_null, identity, default):
    parts = [f'"{name}"', kind]
    if identity:
        parts.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    if default:
        parts.append(f"DEFAULT {default}")
    if not_null:
        parts.append("NOT NULL")
    return " ".join(parts)
