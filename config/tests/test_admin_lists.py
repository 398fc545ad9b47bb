"""Lists and pages of a salon's admin ask the database as often for ten rows as for one, whatever is listed."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services
from bookings.models import (
    Break,
    Closure,
    OpeningHours,
    Resource,
    ServiceCategory,
    ServiceTeamAssignment,
    SpecialOpening,
)
from bookings.tests.factories import at, make_customer, make_member, make_service
from bookings.tests.figures import visited
from config.admin import site
from giftcards.tests.making import make_card, make_offer
from memberships.models import Membership, MembershipPlan
from messaging.models import Message
from payments.models import CardHold, Dispute, GiftCardOrder, LedgerEntry, MoneyAction, Payment, Refund, SavedCard
from reviews.models import Review
from tenants.tests.api import NO_STATIC, cheap_passwords
from webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
NOW = timezone.now()
FIRST = date(2026, 3, 2)
USD = {"currency_code": "USD"}
CLASS = {"allow_group_booking": True, "max_group_size": 3}


class Making:
    """A method a model: the nth row of it, with whatever it stands beside."""

    def __init__(self, business):
        self.business = business

    def visit(self, n):
        service, member = make_service(f"Cut {n}"), make_member(f"Ann {n}")
        return visited(self.business, service, member, FIRST + timedelta(days=n), who=f"Anna {n}")

    def review(self, n):
        return Review.objects.create(booking=self.visit(n), stars=5, written_at=NOW, changed_at=NOW)

    def payment(self, n):
        visit = self.visit(n)
        return Payment.objects.create(booking=visit, customer=visit.customer, amount_cents=5000, **USD)

    def order(self, n):
        return GiftCardOrder.objects.create(
            card=make_card(5000),
            form_key=f"f{n}",
            status="paid",
            amount_cents=5000,
            captured_cents=5000,
            buyer_name=f"Otto {n}",
            buyer_email="otto@example.com",
            **USD,
        )

    def package(self, n):
        return make_offer(self.service(n))

    def membership(self, n):
        plan = MembershipPlan.objects.create(name=f"Monthly {n}", price_cents=4500, included_visits=1, **USD)
        customer = make_customer(f"Anna {n}", f"anna{n}@example.com")
        return Membership.objects.create(
            form_key=f"m{n}",
            plan=plan,
            plan_name=plan.name,
            customer=customer,
            name=customer.display_name,
            email=customer.email,
            price_cents=4500,
            included_visits=1,
            consented_at=NOW,
            due_at=NOW,
            created_at=NOW,
            **USD,
        )

    def action(self, n):
        payment = self.payment(n)
        return MoneyAction.objects.create(
            booking=payment.booking,
            payment=payment,
            kind="refund",
            client_key=f"k{n}",
            amount_cents=1,
            state="succeeded",
            **USD,
        )

    def refund(self, n):
        action = self.action(n)
        about = {"payment": action.payment, "booking": action.booking}
        return Refund.objects.create(action=action, amount_cents=1, refund_type="partial", **about)

    def entry(self, n):
        action = self.action(n)
        about = {"payment": action.payment, "booking": action.booking, "action": action}
        return LedgerEntry.objects.create(kind="refund", stripe_id=f"re_{n}", amount_cents=1, at=NOW, **about, **USD)

    def member(self, n):
        member = make_member(f"Ann {n}", performs=[make_service(f"Cut {n}")])
        member.time_blocks.create(starts_at=NOW, ends_at=NOW + timedelta(hours=1))
        return member

    def service(self, n):
        service = make_service(f"Cut {n}", category=ServiceCategory.objects.create(name=f"Hair {n}"))
        ServiceTeamAssignment.objects.create(service=service, team_member=make_member(f"Ann {n}"))
        return service

    def session(self, n):
        service = make_service(f"Class {n}", shared_session=True, **CLASS)
        member, start = make_member(f"Ann {n}", performs=[service]), at(self.business, days=n + 1)
        return services.open_session(
            business=self.business, service=service, team_member=member, start=start, by=SYSTEM, now=NOW
        )

    def endpoint(self, n):
        return WebhookEndpoint.objects.create(url=f"https://hooks.example/{n}", events=["booking.created"])

    def delivery(self, n):
        event = WebhookEvent.objects.create(type="ping", occurred_at=NOW)
        return WebhookDelivery.objects.create(event=event, endpoint=self.endpoint(n), due_at=NOW)

    def category(self, n):
        category = ServiceCategory.objects.create(name=f"Hair {n}")
        make_service(f"Cut {n}", category=category)
        return category

    def resource(self, n):
        resource = Resource.objects.create(name=f"Chair {n}")
        make_service(f"Cut {n}").resources.add(resource)
        return resource

    def hours(self, n):
        return OpeningHours.objects.create(day_of_week=n % 7 + 1, start_min=540 + n, end_min=1020)

    def pause(self, n):
        return Break.objects.create(day_of_week=n % 7 + 1, start_min=720 + n, end_min=750 + n)

    def message(self, n):
        about = {"kind": "confirmation", "recipient": "anna@example.com", "text": "Hello", "subject": "Hello"}
        return Message.objects.create(dedupe_key=f"m{n}", due_at=NOW, **about)

    def trail(self, n):
        about = {"subject_type": "bookings.customer", "subject_id": f"{n}", "before": {"a": 1}, "after": {"a": 2}}
        return AuditEntry.objects.create(at=NOW, action="customer.changed", actor_label="Ann", **about)


#: model → what makes a row of it
TABLE = {
    "audit.auditentry": Making.trail,
    "bookings.booking": Making.visit,
    "bookings.break": Making.pause,
    "bookings.closure": lambda making, n: Closure.objects.create(start_date=FIRST, end_date=FIRST),
    "bookings.customer": lambda making, n: make_customer(f"Anna {n}", f"anna{n}@example.com"),
    "bookings.groupsession": Making.session,
    "bookings.openinghours": Making.hours,
    "bookings.resource": Making.resource,
    "bookings.service": Making.service,
    "bookings.servicecategory": Making.category,
    "bookings.specialopening": lambda making, n: SpecialOpening.objects.create(
        date=FIRST + timedelta(days=n), shifts=[]
    ),
    "bookings.teammember": Making.member,
    "giftcards.giftcard": lambda making, n: make_card(5000),
    "giftcards.package": Making.package,
    "memberships.membership": Making.membership,
    "messaging.message": Making.message,
    "payments.cardhold": lambda making, n: CardHold.objects.create(
        booking=making.visit(n), amount_cents=1, state="failed", **USD
    ),
    "payments.dispute": lambda making, n: Dispute.objects.create(
        stripe_id=f"du_{n}", payment=making.payment(n), amount_cents=1, opened_at=NOW, **USD
    ),
    "payments.giftcardorder": Making.order,
    "payments.ledgerentry": Making.entry,
    "payments.moneyaction": Making.action,
    "payments.payment": Making.payment,
    "payments.refund": Making.refund,
    "payments.savedcard": lambda making, n: SavedCard.objects.create(
        customer=make_customer(f"Anna {n}", f"anna{n}@example.com"), payment_method_id=f"pm_{n}", consented_at=NOW
    ),
    "reviews.review": Making.review,
    "webhooks.webhookdelivery": Making.delivery,
    "webhooks.webhookendpoint": Making.endpoint,
}
#: There is one, and no list of it.
ONLY_ONE = {"tenants.business"}


def test_every_list_is_here():
    assert set(TABLE) | ONLY_ONE == {model._meta.label_lower for model in site._registry}


def queries_of(client, path):
    with CaptureQueriesContext(connection) as sent:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(sent)


@pytest.mark.parametrize("label", TABLE)
def test_a_list_and_a_page_cost_the_same_whatever_there_is(label, salon, owner, client_for):
    make = TABLE[label]
    making, client = Making(salon), client_for(salon, owner)
    page = f"/admin/{label.replace('.', '/')}/"
    first = make(making, 0)
    for path in (page, f"{page}{first.pk}/change/"):
        client.get(path)  # what a process reads once

    one = queries_of(client, page), queries_of(client, f"{page}{first.pk}/change/")
    for number in range(1, 10):
        make(making, number)
    ten = queries_of(client, page), queries_of(client, f"{page}{first.pk}/change/")

    assert ten == one
