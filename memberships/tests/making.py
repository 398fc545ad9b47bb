"""A salon with a membership to join, at the local Stripe's time, and what its customers and their banks do."""

import itertools
from datetime import UTC, datetime

from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from audit.actors import SYSTEM
from memberships import rules, services
from memberships.models import Membership, MembershipGrant
from payments.services import events
from payments.webhooks import services as inbox
from payments.webhooks.models import StripeEvent

FAILS_LATER = "pm_card_chargeCustomerFail"
_keys = itertools.count()


class Club:
    """One salon's plan and its members; `services` at Stripe's time, and Stripe seen from outside."""

    def __init__(self, business, account, service, local, **plan):
        self.business, self.account, self.local = business, account, local
        fields = {
            "name": "Monthly cut",
            "description": "",
            "price_cents": 4500,
            "included_visits": 2,
            "is_active": True,
        }
        self.plan = services.add_plan(
            business=business, fields=fields | plan, services=[service], by=SYSTEM, now=self.now()
        )

    def now(self):
        return datetime.fromtimestamp(self.local.look("/health")["now"], UTC)

    def wait(self, *, days=0, hours=0):
        self.local.control("/clock", advance_seconds=int((days * 24 + hours) * 3600))

    def at(self, instant):
        self.local.control("/clock", set=int(instant.timestamp()))

    def agree(self, email="anna@example.com", name="Anna Berg", form_key=None, **more):
        """A membership that waits for its card."""
        consent = rules.consent(
            salon=self.business.name, price=self.plan.price, visits=2, services=["Cut"], day=self.now().date()
        )
        return services.join(
            business=self.business,
            plan=self.plan,
            name=name,
            email=email,
            consent=consent,
            form_key=form_key or f"form-{next(_keys)}",
            address="203.0.113.9",
            now=self.now(),
            **more,
        )

    def leave_card(self, membership, card="pm_card_visa"):
        """What its customer does on Stripe's page; nobody has told us yet. The page's id."""
        services.open_card_page(
            membership=membership,
            business=self.business,
            success_url="https://t.example/",
            cancel_url="https://t.example/",
        )
        page_id = Membership.objects.get(pk=membership.pk).card_page_id
        session = self.account.stripe.checkout.sessions.retrieve(page_id)
        intent = self.account.stripe.setup_intents.confirm(
            session.setup_intent, {"payment_method": card, "return_url": "https://t.example/"}
        )
        if intent.status == "requires_action":
            self.local.control("/authentications", intent=intent.id, outcome="complete")
        return page_id

    def accept(self, membership, page_id):
        return self.do("accept_card", membership, page_id=page_id)

    def join(self, card="pm_card_visa", **who):
        """A member whose first month is paid."""
        membership = self.agree(**who)
        return self.accept(membership, self.leave_card(membership, card))

    def do(self, verb, membership, **more):
        """`club.do("end_now", membership)`: the service of that name."""
        return getattr(services, verb)(membership=membership, business=self.business, by=SYSTEM, now=self.now(), **more)

    def read(self, membership):
        return services.refresh(membership=membership, business=self.business, now=self.now())

    def look_after(self):
        services.look_after(business=self.business, now=self.now())

    def fresh(self, membership):
        return Membership.objects.get(pk=membership.pk)

    def taken(self):
        """(kind, amount, fee) of every movement of money on the salon's account."""
        return self.account.ledger()

    def subscriptions(self):
        found = self.account.stripe.subscriptions.list({"status": "all", "limit": 100})
        return [each.status for each in found]

    def happened(self):
        """The account's events, oldest first."""
        return self.local.look("/events", account=self.account.id)

    def tell(self, happened=None):
        """Hand events to their handlers, by default all of them, in their order."""
        with tenant_context(self.business):
            for event in self.happened() if happened is None else happened:
                events.handle(business=self.business, kind=event["type"], data=event["data"]["object"])

    def through_the_inbox(self):
        """Store every event that was not stored yet, and process it as a worker does; those that failed."""
        with schema_context("public"):
            for event in self.happened():
                if inbox.receive(payload=event):
                    inbox.process(event_id=event["id"])
            return list(StripeEvent.objects.exclude(status="processed").values_list("type", "error"))


def ended_membership(business, service):
    """One that Stripe knows nothing of."""
    fields = {"name": "Yearly", "price_cents": 9900, "included_visits": 1}
    asked = {"by": SYSTEM, "now": timezone.now()}
    plan = services.add_plan(business=business, fields=fields, services=[service], **asked)
    return Membership.objects.create(
        plan=plan,
        plan_name=plan.name,
        price_cents=plan.price_cents,
        currency_code=plan.currency_code,
        included_visits=1,
        name="Olga Past",
        email="olga@example.com",
        state="cancelled",
        consented_at=asked["now"],
        began_at=asked["now"],
        ended_at=asked["now"],
        due_at=asked["now"],
        created_at=asked["now"],
    )


def grants(membership):
    return list(MembershipGrant.objects.filter(membership=membership).order_by("starts_at"))
