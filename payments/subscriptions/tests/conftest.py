from datetime import UTC, datetime

import pytest
from django_tenants.utils import schema_context

from audit.actors import SYSTEM
from payments.subscriptions import services
from payments.tests.conftest import local_stripe, repoint, stripe_server
from payments.webhooks import platform
from tenants.models import Business, TenantBilling
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords", "local_stripe", "stripe_server"]


class Plan:
    """A salon's plan in tests: its verbs at Stripe's time, and Stripe seen from outside."""

    def __init__(self, business, local):
        self.business, self.local = business, local
        self.stripe = local.client(None)

    def now(self):
        return datetime.fromtimestamp(self.local.look("/health")["now"], UTC)

    def __getattr__(self, verb):
        """`plan.pause()`, `plan.cancel(at_period_end=False)`, …: the service of that name."""
        return lambda **more: getattr(services, verb)(business=self.business, by=SYSTEM, now=self.now(), **more)

    def refresh(self):
        return services.refresh(business=self.business, now=self.now())

    def catch_up(self):
        return services.catch_up(business=self.business, now=self.now())

    @property
    def billing(self):
        return TenantBilling.objects.get(business=self.business)

    @property
    def state(self):
        found = self.billing
        return f"{found.subscription_status} {found.pause_reason}".strip()

    @property
    def site(self):
        return Business.objects.get(pk=self.business.pk).status

    def wait(self, *, days=0, hours=0):
        self.local.control("/clock", advance_seconds=int((days * 24 + hours) * 3600))

    def give_card(self, card="pm_card_visa"):
        """The owner leaves a card on Stripe's page; nobody has told us yet. The page's id."""
        page = services.open_card_page(
            business=self.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=False
        )
        self.fill(page.id, card)
        return page.id

    def fill(self, page_id, card="pm_card_visa"):
        session = self.stripe.checkout.sessions.retrieve(page_id)
        intent = self.stripe.setup_intents.confirm(
            session.setup_intent, {"payment_method": card, "return_url": "https://t.example/"}
        )
        if intent.status == "requires_action":
            self.local.control("/authentications", intent=intent.id, outcome="complete")

    def card(self, card="pm_card_visa"):
        """A card is on file."""
        self.accept_card(page_id=self.give_card(card))

    def subscriptions(self):
        return [each.status for each in self.stripe.subscriptions.list({"status": "all", "limit": 100})]

    def taken(self):
        """Every amount Stripe has taken on the platform's account."""
        platforms = self.local.look("/health")["platform"]
        return [row["amount"] for row in self.local.look("/ledger", account=platforms) if row["kind"] == "capture"]

    def happened(self):
        """The platform's events, oldest first."""
        return self.local.look("/events", account=self.local.look("/health")["platform"])

    def tell(self, happened=None):
        """Deliver events, by default all of them."""
        with schema_context("public"):
            for event in self.happened() if happened is None else happened:
                platform.handle(kind=event["type"], data=event["data"]["object"])


@pytest.fixture
def plan(salon, local_stripe):
    """Rosa's plan, not begun."""
    return Plan(salon, local_stripe)


@pytest.fixture
def other_plan(other_salon, local_stripe):
    return Plan(other_salon, local_stripe)


@pytest.fixture
def paying(plan):
    """Rosa's plan, paid by card."""
    plan.start_trial()
    plan.card()
    plan.activate()
    return plan


@pytest.fixture
def no_answer(settings, local_stripe):
    """Nobody answers at Stripe's address."""

    def go_away():
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
        repoint()

    return go_away


@pytest.fixture
def clock_of(monkeypatch):
    """`clock_of(plan)`: events, tasks and pages live at Stripe's time, too."""

    def follow(plan):
        monkeypatch.setattr("django.utils.timezone.now", plan.now)

    return follow
