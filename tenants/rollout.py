"""New migrations for salons that exist: turned into SQL once, replayed per schema; a bad salon never stops the rest.

Every replay is one transaction with its row in the salon's `django_migrations`, so a killed rollout resumes where it
was. `SchemaRollout` says how far each salon came and why it went no further.
"""

import time

import structlog
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django_tenants.utils import schema_context

from tenants import grants, template
from tenants.models import Business, RolloutStatus, SchemaRollout

logger = structlog.get_logger("tithi.rollout")

LOCK_TIMEOUT = "3s"
TRIES = 3


def run(*, sleep=time.sleep):
    """Bring every salon up to date; returns {Business: error} for those that could not be."""
    failed = {}
    with schema_context("public"):
        plans = Plans()
        for business in Business.objects.order_by("pk"):
            try:
                _bring_up_to_date(business, plans, sleep)
            except Exception as exc:  # whatever is wrong with one salon, the others are served
                logger.exception("rollout_failed", salon=business.schema_name)
                failed[business] = exc
    return failed


class Plans:
    """The salons' migrations in order, each turned into SQL when first needed."""

    def __init__(self):
        self._loader = MigrationLoader(None)
        self._sql = {}
        labels = template.tenant_labels()
        graph = self._loader.graph
        plan = dict.fromkeys(key for leaf in sorted(graph.leaf_nodes()) for key in graph.forwards_plan(leaf))
        self.keys = [key for key in plan if key[0] in labels]

    def sql(self, key, schema_name):
        """The migration's statements as they are in `schema_name`, None where Python has to run."""
        if key not in self._sql:
            self._sql[key] = self._collect(key, schema_name)
        return self._sql[key]

    def _collect(self, key, schema_name):
        migration = self._loader.disk_migrations[key]
        if not _is_plain_sql(migration.operations):
            return None
        state = self._loader.project_state(key, at_end=False)
        with schema_context(schema_name), connection.schema_editor(collect_sql=True) as editor:
            migration.apply(state, editor, collect_sql=True)
        return "\n".join(line for line in editor.collected_sql if not line.startswith("--"))


def _is_plain_sql(operations):
    return all(
        operation.reduces_to_sql and _is_plain_sql(getattr(operation, "database_operations", ()))
        for operation in operations
    )


def _bring_up_to_date(business, plans, sleep):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'SELECT app, name FROM "{business.schema_name}".django_migrations')  # noqa: S608 -- ours
        applied = set(cursor.fetchall())
    for key in plans.keys:
        if key not in applied:
            _apply(business, key, plans.sql(key, business.schema_name), sleep)


def _apply(business, key, sql, sleep):
    row, _ = SchemaRollout.objects.get_or_create(business=business, app_label=key[0], migration=key[1])
    for attempt in range(1, TRIES + 1):
        row.attempts += 1
        try:
            _replay(business.schema_name, key, sql)
        except Exception as exc:
            row.status, row.error = RolloutStatus.FAILED, str(exc)[:2000]
            row.save()
            if attempt == TRIES or not isinstance(exc, OperationalError):
                raise
            sleep(0.2 * 2**attempt)  # a lock held by the salon's own work, or a deadlock with it: worth another try
        else:
            row.status, row.error = RolloutStatus.DONE, ""
            row.save()
            return


def _replay(schema_name, key, sql):
    with schema_context(schema_name), transaction.atomic(), connection.cursor() as cursor:
        # A salon at work must not queue behind our wait for its table.
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
        if sql is None:
            template.record_shared(MigrationExecutor(connection))
            MigrationExecutor(connection).migrate([key])
        else:
            if sql:
                cursor.execute(sql)
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", [*key, timezone.now()]
            )
        grants.apply(schema_name)
