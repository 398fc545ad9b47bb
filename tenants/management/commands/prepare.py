from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection

from tenants import rollout, services, template


class Command(BaseCommand):
    help = "Bring the database up to date: shared tables, the salon template, every salon, the demo salons once."

    def add_arguments(self, parser):
        parser.add_argument("--no-demo", action="store_false", dest="demo", help="Leave the demo salons out.")

    def handle(self, *, demo=True, verbosity=1, **options):
        connection.set_schema_to_public()
        call_command("migrate_schemas", shared=True, interactive=False, verbosity=max(verbosity - 1, 0))
        connection.set_schema_to_public()
        template.build()
        failed = rollout.run()
        self._grant()
        for business, error in failed.items():
            self.stderr.write(f"{business.slug} ({business.schema_name}): {error}")
        if failed:
            raise CommandError(f"{len(failed)} salon(s) could not be brought up to date.")
        if demo and settings.LOCAL and "load_demo" in get_commands():
            call_command("load_demo", verbosity=verbosity)

    def _grant(self):
        if settings.DATABASE_WEB_ROLE:
            with connection.cursor() as cursor:
                cursor.execute(services.grants("public"))
