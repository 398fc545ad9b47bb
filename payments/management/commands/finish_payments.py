from django.core.management.base import BaseCommand
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from payments import services
from tenants.models import Business


class Command(BaseCommand):
    help = "Drive every money action and hold that has been waiting for more than a minute, as the sweep does."

    def handle(self, **options):
        with schema_context("public"):
            salons = list(Business.objects.select_related("billing").order_by("slug"))
        for salon in salons:
            with tenant_context(salon):
                driven = sum(
                    sweep(now=timezone.now())
                    for sweep in (services.finish_open_actions, services.finish_open_holds, services.look_again)
                )
            if driven:
                self.stdout.write(f"{salon.slug}: {driven} driven")
