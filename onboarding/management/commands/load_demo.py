from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from onboarding.demo import load, stripe
from onboarding.demo.salons import SALONS
from payments.gateway import GatewayError
from tenants.errors import DomainError


class Command(BaseCommand):
    help = "Open the demo salons luna and sol and an operator's account, once. Local environment only."

    def handle(self, *, verbosity=1, **options):
        if not (settings.LOCAL or settings.TESTING):
            raise CommandError("The demo salons and their well-known passwords belong on a developer's machine only.")
        connection.set_schema_to_public()
        load.load_operator()
        for demo in SALONS:
            connection.set_schema_to_public()
            business, made = load.load_salon(demo, now=timezone.now())
            connection.set_schema_to_public()
            self._connect(business)
            if made and verbosity:
                self.stdout.write(f"Opened {business.name} at {business.url}")

    def _connect(self, business):
        """Without Stripe the salon works all the same: customers pay there."""
        try:
            url = stripe.connect(business)
        except (GatewayError, DomainError, OSError) as exc:
            self.stderr.write(f"{business.slug}: no card payments, Stripe did not answer ({exc}).")
            return
        if url:
            self.stdout.write(f"{business.slug}: finish its Stripe account at {url}")
