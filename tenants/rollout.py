"""New migrations for salons that exist: planned once, replayed per schema, one bad salon never stops the rest."""

import time

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython
from django.utils import timezone
from django_tenants.utils import schema_context

from tenants import template
from tenants.models import Business, BusinessStatus, RolloutStatus, SchemaRollout

logger = structlog.get_logger("tithi.rollout")

LOCK_TIMEOUT = "3s"
TRIES = 3


def pending():
    """{Business: [migration keys]} for every salon that lacks some of this code's migrations. Call in `public`."""
    wanted = _ordered_keys()
    lacking = {}
    for business in Business.objects.exclude(status=BusinessStatus.CANCELED).order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT app, name FROM "{business.schema_name}".django_migrations')
            applied = set(cursor.fetchall())
        if missing := [key for key in wanted if key not in applied]:
            lacking[business] = missing
    return lacking


def run(*, sleep=time.sleep):
    """Bring every salon up to date; returns the ones that could not be, each with the error. Call in `public`."""
    plans, failed = {}, {}
    for business, keys in pending().items():
        try:
            for key in keys:
                if key not in plans:
                    plans[key] = _sql(key, business.schema_name)
                _apply(business, key, plans[key], sleep)
        except DatabaseError as exc:
            logger.error("rollout_failed", salon=business.schema_name, error=str(exc))
            failed[business] = exc
    return failed


def _ordered_keys():
    loader = MigrationLoader(None)
    labels = template.tenant_labels()
    seen = {}
    for leaf in sorted(key for key in loader.graph.leaf_nodes() if key[0] in labels):
        for key in loader.graph.forwards_plan(leaf):
            if key[0] in labels:
                seen[key] = True
    return list(seen)


def _sql(key, schema_name):
    """The migration's statements, or None where it runs Python and has to be executed for real."""
    loader = MigrationLoader(None)
    migration = loader.disk_migrations[key]
    if any(isinstance(operation, RunPython) for operation in migration.operations):
        return None
    with schema_context(schema_name), connection.schema_editor(collect_sql=True, atomic=True) as editor:
        migration.apply(loader.project_state(key, at_end=False), editor, collect_sql=True)
    return "\n".join(line for line in editor.collected_sql if not line.startswith("--"))


def _apply(business, key, sql, sleep):
    row, _ = SchemaRollout.objects.get_or_create(business=business, app_label=key[0], migration=key[1])
    for attempt in range(1, TRIES + 1):
        row.attempts += 1
        try:
            _replay(business.schema_name, key, sql)
        except DatabaseError as exc:
            row.status, row.error = RolloutStatus.FAILED, str(exc)[:2000]
            row.save()
            if attempt == TRIES:
                raise
            sleep(0.2 * 2**attempt)
        else:
            row.status, row.error = RolloutStatus.DONE, ""
            row.save()
            return


def _replay(schema_name, key, sql):
    with schema_context(schema_name), transaction.atomic(), connection.cursor() as cursor:
        # A salon at work must not queue behind our wait for its table.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        if sql is None:
            executor = MigrationExecutor(connection)
            executor.migrate([key])
            return
        if sql:
            cursor.execute(sql)
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", [*key, timezone.now()])
