from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context, tenant_context

from bookings import words
from feeds import services
from tenants.models import Business


class Command(BaseCommand):
    help = (
        "Encrypt the addresses of all salons' calendars with the first of CALENDAR_KEYS; after that the others may go. "
        "Exits with 1 where one could not be opened with any of them."
    )

    def handle(self, **options):
        with schema_context("public"):
            businesses = list(Business.objects.order_by("slug"))
        sealed, lost = 0, 0
        for business in businesses:
            with tenant_context(business):
                done = services.seal_again()
            sealed, lost = sealed + done.sealed, lost + done.lost
            if done.lost:
                self.stderr.write(
                    f"{business.slug}: {words.count(done.lost, 'address', 'addresses')} cannot be opened."
                )
        self.stdout.write(f"Sealed with the first key: {words.count(sealed, 'address', 'addresses')}.")
        if lost:
            raise CommandError("Keep the keys they were sealed with, or have the calendars added again.")
