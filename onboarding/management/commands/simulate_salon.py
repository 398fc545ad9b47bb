from datetime import date, timedelta
from time import perf_counter

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from onboarding.demo import stripe
from onboarding.simulation import acting, judging, life, salon
from payments.gateway import GatewayError
from tenants.errors import DomainError
from tenants.models import Business

DAYS = 28
MOST_PEOPLE, MOST_MONTHS = 60, 24


class Command(BaseCommand):
    help = (
        "Let months of a salon's life go by, made up from a seed, through the real services on a moving clock; then check "
        "that every visit, every minute and every cent is explained. Local environment only."
    )

    def add_arguments(self, parser):
        parser.add_argument("slug", help="The salon; a new one is opened where there is none of this name.")
        parser.add_argument("--people", type=int, default=10, help="How many work in a new salon.")
        parser.add_argument("--months", type=int, default=1, help="Of four weeks each.")
        parser.add_argument("--seed", default="1", help="The same seed is the same life.")
        parser.add_argument(
            "--start", type=date.fromisoformat, help="The first local date; by default the months end today."
        )
        parser.add_argument("--zone", default="America/New_York", help="The time zone of a new salon.")
        parser.add_argument("--demand", type=float, default=life.DEMAND, help="Wishes per person on an ordinary day.")
        parser.add_argument("--quiet", action="store_true", help="Demonstration data: nobody is written to.")
        parser.add_argument(
            "--cash", action="store_true", help="Nobody leaves a card, also where the local Stripe runs."
        )

    def handle(self, *, slug, people, months, seed, start, zone, demand, quiet, cash, **options):
        self._refuse(people, months)
        now = timezone.now()
        connection.set_schema_to_public()
        business = self._salon(slug, people, zone, now, connect=not (quiet or cash))
        today = now.astimezone(business.zone).date()
        first = start or today - timedelta(days=DAYS * months - 1)
        last = first + timedelta(days=DAYS * months - 1)
        with tenant_context(business):
            shape = acting.shape_of(business=business, seed=seed, first=first, last=last, demand=demand)
            began = perf_counter()
            with acting.not_waiting_for_the_disk():
                counts = acting.live(business=business, shape=shape, until=now, quiet=quiet, cash=cash)
            took = perf_counter() - began
            faults = judging.faults(business=business, now=now, at_stripe=business.billing.charges_enabled)
        for name, number in sorted(counts.items()):
            self.stdout.write(f"{number:>7,}  {name}")
        self.stdout.write(f"{business.name} lived from {first} to {last} in {took:.1f} s: {business.url}/dashboard/")
        if faults:
            raise CommandError("\n".join([f"{len(faults)} faults:", *faults[:20]]))

    def _refuse(self, people, months):
        if not (settings.LOCAL or settings.TESTING):
            raise CommandError("Made-up visits belong on a developer's machine only.")
        if not (1 <= people <= MOST_PEOPLE and 1 <= months <= MOST_MONTHS):
            raise CommandError(f"From 1 to {MOST_PEOPLE} people, and from 1 to {MOST_MONTHS} months.")

    def _salon(self, slug, people, zone, now, *, connect):
        business = Business.objects.filter(slug=slug).first()
        if business is None:
            try:
                business = salon.open_salon(slug=slug, people=people, zone=zone, now=now)
            except DomainError as exc:
                raise CommandError(str(exc)) from exc
            connection.set_schema_to_public()
            if connect:
                self._connect(business)
        return Business.objects.select_related("billing").get(pk=business.pk)

    def _connect(self, business):
        """Without Stripe the salon works all the same: customers pay there."""
        if not stripe.stripe_is_local():
            return
        try:
            stripe.connect(business)
        except (GatewayError, DomainError, OSError) as exc:
            self.stderr.write(f"No card payments, Stripe did not answer ({exc}).")
