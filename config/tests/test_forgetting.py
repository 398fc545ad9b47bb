"""A customer who is forgotten stands in no column of the salon's schema, whichever app wrote it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings import services as diary
from bookings.basket import Basket
from bookings.models import Booking
from bookings.services import customers
from bookings.tests.conftest import ann, cut
from bookings.tests.factories import at, make_booking, make_customer, make_member, make_past_visit, make_service
from giftcards.models import GiftCard
from giftcards.tests.making import make_card, reserve
from memberships.models import Membership, MembershipPlan
from payments import services as payments
from payments.models import GiftCardOrder, MoneyAction, OrderStatus
from payments.tests.conftest import account, local_stripe, stripe_server
from payments.tests.test_services_cards import keeping
from reviews import services as reviews
from waitlist import services as waitlist
from webhooks import services as webhooks
from webhooks.models import EventType, WebhookEvent

__all__ = ["account", "ann", "cut", "local_stripe", "stripe_server"]

WHO = diary.Details(
    name="Zebedee Quark",
    email="zebedee@quark.example",
    phone="+12125550163",
    special_requests="Zebedee Quark is allergic",
    marketing=True,
    for_name="Quark the younger",
)
TRACES = ("zebedee", "quark", "2125550163")
#: Tables that say of him what he wrote or others did, before he is forgotten.
TOLD = {
    "audit_auditentry",
    "bookings_booking",
    "bookings_customer",
    "bookings_customernote",
    "bookings_formercustomer",
    "giftcards_giftcard",
    "giftcards_giftcardentry",
    "memberships_membership",
    "messaging_message",
    "messaging_notice",
    "payments_giftcardorder",
    "payments_moneyaction",
    "waitlist_wish",
    "reviews_review",
    "webhooks_webhookevent",
}


def tables_that_say(words=TRACES):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [connection.schema_name])
        tables = [name for (name,) in cursor.fetchall()]
        return {table for table in tables if _says(cursor, table, words)}


def _says(cursor, table, words):
    cursor.execute(f'SELECT lower(row_to_json(t)::text) FROM "{table}" t')
    return any(word in text for (text,) in cursor.fetchall() for word in words)


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def zebedee(salon, cut, ann, account, by):
    """Somebody every app has written down something about."""
    now = timezone.now()
    webhooks.add_endpoint(business=salon, url="https://example.com/hook", events=list(EventType.values), by=by, now=now)
    booking = make_past_visit(keeping(salon, cut, account, details=WHO))
    payments.complete(business=salon, booking=booking, key="press", by=by, now=now)
    MoneyAction.objects.update(reason="Zebedee Quark asked for it")
    customer = booking.customer
    customers.change_customer(customer=customer, fields={"notes": "Zebedee likes 7N"}, by=by, now=now)
    customers.add_note(customer=customer, text="Mr Quark called from 2125550163", by=by, now=now)
    customers.merge_customers(customer=customer, other=make_customer("Zeb Quark", "zeb@quark.example"), by=by, now=now)
    _gifts(salon, booking, by)
    today = now.date()
    waitlist.join(
        business=salon, basket=Basket.of(cut), person=WHO, first=today, last=today + timedelta(days=2), now=now
    )
    _membership(salon, customer, now)
    said = {"stars": 4, "text": "Zebedee Quark was happy", "is_named": True}
    review = reviews.write(booking=booking, **said, by=actors.customer(WHO.name), now=now)
    reviews.answer(review=review, text="Thank you, Mr Quark", seen=1, by=by, now=now)
    return customer


def _membership(salon, customer, now):
    """One that has ended: while it runs, nobody is forgotten."""
    plan = MembershipPlan.objects.create(name="Monthly cut", price_cents=4500, included_visits=1, currency_code="USD")
    Membership.objects.create(
        form_key="form",
        plan=plan,
        plan_name=plan.name,
        customer=customer,
        name=WHO.name,
        email=WHO.email,
        state="cancelled",
        price_cents=4500,
        included_visits=1,
        currency_code="USD",
        consented_at=now,
        consent_address="203.0.113.9",
        ended_at=now,
        due_at=now,
        created_at=now,
    )


def _gifts(salon, booking, by):
    given = make_card(recipient_name="Zebedee", recipient_email=WHO.email, message="For you, Zebedee", by=by)
    GiftCard.objects.filter(pk=given.pk).update(delivered_at=timezone.now())
    later = make_booking(salon, booking.items.get().service, at(salon, "13:00"), details=WHO)
    reserve(salon, later, make_card())
    diary.cancel_booking(business=salon, booking=later, by=actors.customer(WHO.name), now=timezone.now())
    bought = make_card(buyer_name=WHO.name)
    GiftCardOrder.objects.create(
        form_key="form",
        card=bought,
        status=OrderStatus.PAID,
        amount_cents=5000,
        currency_code="USD",
        buyer_name=WHO.name,
        buyer_email=WHO.email,
        stripe_account_id="acct_1",
        captured_cents=5000,
    )


def test_no_column_of_any_table_says_who_it_was(zebedee, by):
    before = tables_that_say()
    amounts = list(Booking.objects.order_by("pk").values_list("price_cents", "start_at", "status"))

    customers.erase_customer(customer=zebedee, by=by, now=timezone.now())

    assert before == TOLD
    assert tables_that_say() == set()
    assert list(Booking.objects.order_by("pk").values_list("price_cents", "start_at", "status")) == amounts
    assert WebhookEvent.objects.filter(payload={}).count() == 0
    assert AuditEntry.objects.filter(action="customer.erased").count() == 1


def test_a_name_and_an_address_of_before_stand_nowhere_either(salon, by):
    now = timezone.now()
    webhooks.add_endpoint(business=salon, url="https://example.com/hook", events=list(EventType.values), by=by, now=now)
    first = {"display_name": "Zebedee Quark", "email": WHO.email, "phone": WHO.phone}
    customer = customers.add_customer(fields=first, by=by, now=now)
    later = {"display_name": "Otto Hahn", "email": "otto@example.com", "phone": ""}
    customers.change_customer(customer=customer, fields=later, by=by, now=now)
    before = tables_that_say()

    customers.erase_customer(customer=customer, by=by, now=now)

    assert before == {"audit_auditentry", "webhooks_webhookevent"}
    assert tables_that_say((*TRACES, "otto", "hahn")) == set()


@pytest.mark.parametrize("text", ["zebedee quark", "quark", "Zebedee@", "(212) 555-0163"])
def test_what_was_looked_for_to_take_them_along_is_forgotten_too(text, salon, by):
    now = timezone.now()
    for record in (customers.record_export, diary.record_visits_export):
        record(business=salon, count=1, asked={"q": text, "sort": "last"}, by=by, now=now)
        record(business=salon, count=1, asked={"q": "Anna Berg"}, by=by, now=now)
    customer = make_customer(WHO.name, WHO.email, phone=WHO.phone)

    customers.erase_customer(customer=customer, by=by, now=now)

    kept = AuditEntry.objects.filter(action__endswith=".exported").values_list("after", flat=True)
    mine, others = {"count": 1, "q": "Erased customer", "sort": "last"}, {"count": 1, "q": "Anna Berg"}
    assert sorted(kept, key=len) == [others, others, mine, mine]


def test_where_one_app_still_needs_them_every_app_keeps_them(zebedee, by):
    GiftCardOrder.objects.update(status=OrderStatus.CREATED, card=None)

    with pytest.raises(customers.StillNeeded):
        customers.erase_customer(customer=zebedee, by=by, now=timezone.now())

    assert tables_that_say() == TOLD


def test_another_salon_keeps_what_it_knows(zebedee, other_salon, by):
    with tenant_context(other_salon):
        make_member(performs=[make_service()])
        make_customer(WHO.name, WHO.email)
        before = tables_that_say()

    customers.erase_customer(customer=zebedee, by=by, now=timezone.now())

    with tenant_context(other_salon):
        assert tables_that_say() == before == {"bookings_customer"}
