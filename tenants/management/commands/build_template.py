from django.core.management.base import BaseCommand
from django.db import connection

from tenants import template


class Command(BaseCommand):
    requires_system_checks = []  # they load every URL and view; `make lint` runs them
    help = "Make the SQL that new salons' schemas are replayed from, unless it is there for these migrations."

    def handle(self, **options):
        connection.set_schema_to_public()
        made = template.build()
        self.stdout.write(f"Template {template.digest()[:12]}: {'built' if made else 'already there'}.")
