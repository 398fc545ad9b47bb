from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from payments import gateway
from payments.services import reconciling
from tenants.models import Business
from tenants.money import Money


class Command(BaseCommand):
    help = (
        "Compare every salon's ledger with Stripe, both ways; cancel intents nobody needs. Exits 1 on any difference."
    )

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", help="Salons to look at; all of them where none is named.")
        parser.add_argument("--days", type=int, default=35, help="How far to look back.")

    def handle(self, *, slugs, days, **options):
        with schema_context("public"):
            salons = (
                Business.objects.select_related("billing").exclude(billing__stripe_account_id=None).order_by("slug")
            )
            salons = list(salons.filter(slug__in=slugs) if slugs else salons)
        if len(salons) < len(set(slugs)):
            raise CommandError("Not every salon named is there and connected with Stripe.")
        differences = sum(self._salon(salon, days) for salon in salons)
        if differences:
            raise CommandError(f"{differences} differences.", returncode=1)
        self.stdout.write(self.style.SUCCESS(f"{len(salons)} salons agree with Stripe."))

    def _salon(self, salon, days):
        with tenant_context(salon):
            try:
                report = reconciling.reconcile(business=salon, now=timezone.now(), days=days)
            except gateway.GatewayError as exc:
                self.stdout.write(f"{salon.slug}: Stripe did not answer: {exc}")
                return 1
        for found in report.differences:
            self.stdout.write(f"{salon.slug}: {found.kind} {found.stripe_id}: {found.text}")
        for intent in report.orphans:
            self.stdout.write(f"{salon.slug}: cancelled {intent}, which no press stands behind")
        for currency, (captured, refunded, fees) in sorted(report.totals.items()):
            captured, refunded, fees = (Money(cents, currency) for cents in (captured, refunded, fees))
            self.stdout.write(f"{salon.slug}: captured {captured}, refunded {refunded}, platform fee {fees}")
        return len(report.differences)
