from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context

from payments.webhooks import services
from payments.webhooks.models import EventStatus, StripeEvent


class Command(BaseCommand):
    help = "Process stored Stripe events again: by id, or all that failed or were put aside. Safe: handlers read Stripe anew."

    def add_arguments(self, parser):
        parser.add_argument("event_ids", nargs="*")
        parser.add_argument("--failed", action="store_true", help="Those that were given up.")
        parser.add_argument("--quarantined", action="store_true", help="Those whose account no salon had.")
        parser.add_argument("--since", help="Processed ones received since this ISO instant, too.")

    def handle(self, *, event_ids, failed, quarantined, since, **options):
        with schema_context("public"):
            chosen = StripeEvent.objects.filter(pk__in=event_ids)
            if failed:
                chosen |= StripeEvent.objects.filter(status=EventStatus.FAILED)
            if quarantined:
                chosen |= StripeEvent.objects.filter(status=EventStatus.QUARANTINED)
            if since:
                chosen |= StripeEvent.objects.filter(received_at__gte=since)
            ids = list(chosen.order_by("received_at").values_list("pk", flat=True))
        if len(set(event_ids) - set(ids)):
            raise CommandError("Not every event named is stored here.")
        broken = sum(not self._again(event_id) for event_id in ids)
        self.stdout.write(f"{len(ids) - broken} of {len(ids)} events processed.")
        if broken:
            raise CommandError("Some events failed again.", returncode=1)

    def _again(self, event_id):
        try:
            services.replay(event_id=event_id)
        except Exception as exc:  # noqa: BLE001 -- the outer edge: one bad event must not stop the others
            self.stdout.write(f"{event_id}: {exc!r}")
            return False
        return True
