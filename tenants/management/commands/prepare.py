from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tenants import grants, template

LOCK = 0x7072657061726521


class Command(BaseCommand):
    requires_system_checks = []  # they load every URL and view; `make lint` runs them
    help = "Bring the database up to date: shared tables, the salon template, every salon, the demo salons once."

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_false", dest="demo", help="Leave the demo salons out.")

    def handle(self, *, demo=True, verbosity=1, **options):
        with _alone():
            self._prepare(demo, verbosity)

    def _prepare(self, demo, verbosity):
        connection.set_schema_to_public()
        if self._is_behind():
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=max(verbosity - 1, 0))
            connection.set_schema_to_public()
        template.build()
        call_command("migrate_salons", verbosity=verbosity)
        for schema_name in ("public", *grants.missing()):
            grants.apply(schema_name)
        if demo and settings.LOCAL and "load_demo" in get_commands():
            call_command("load_demo", verbosity=verbosity)

    def _is_behind(self):
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone():
    """One `prepare` at a time: two servers started together would both run the first migration.

    The lock is held by a connection of its own, since migrating closes the usual one.
    """
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    finally:
        holder.close()
