from django.core.management import CommandError
from django.core.management.base import BaseCommand

from tenants import rollout


class Command(BaseCommand):
    requires_system_checks = []  # they load every URL and view; `make lint` runs them
    help = "Replay pending migrations in every salon's schema; goes on past a salon that fails and names it at the end."

    def handle(self, **options):
        failed = rollout.run()
        for business, error in failed.items():
            self.stderr.write(f"{business.slug} ({business.schema_name}): {error}")
        if failed:
            raise CommandError(f"{len(failed)} salon(s) could not be brought up to date.")
