"""A pack is paid on Stripe's page; its credits are added once, whoever says it first and however often."""

import itertools
import threading

import pytest
from django.db import connection
from django.utils import timezone

from payments.credits import events, services
from payments.credits.models import CreditEntry, CreditPurchase, Profile
from payments.credits.tests.conftest import URLS, pay, send
from payments.webhooks import platform


def settle(purchase):
    return services.settle(purchase_id=purchase.pk, now=timezone.now())


def balance():
    return Profile.objects.get().credits


def happened(local_stripe):
    """The platform's own events that are about a purchase, oldest first."""
    platforms = local_stripe.look("/health")["platform"]
    return [event for event in local_stripe.look("/events", account=platforms) if event["type"] in events.HANDLERS]


def tell(event):
    platform.handle(kind=event["type"], data=event["data"]["object"])


def test_an_open_page_adds_nothing(buy):
    purchase, url = buy()

    assert settle(purchase).status == "created"
    assert (url != "", balance()) == (True, 1000)


def test_a_paid_page_adds_its_credits_once(buy, local_stripe):
    purchase, url = buy()
    assert pay(url) == f"https://tithi.example/credits/{purchase.pk}/"

    found = [settle(purchase) for _ in range(3)][-1]

    assert (found.status, balance()) == ("paid", 3000)
    assert found.payment_intent_id.startswith("pi_")
    entry = CreditEntry.objects.get(kind="purchase")
    assert (entry.amount_signed, entry.balance_after, entry.reference) == (2000, 3000, str(purchase.pk))
    [moved] = [row for row in local_stripe.look("/ledger") if row["kind"] == "capture"]
    assert (moved["amount"], moved["currency"], moved["application_fee"]) == (1800, "usd", 0)


def test_events_in_any_order_and_number_end_the_same(buy, local_stripe):
    _, url = buy()
    pay(url)
    about = happened(local_stripe)

    for order in itertools.permutations(about):
        for event in (*order, *order):
            tell(event)

    assert (balance(), CreditEntry.objects.filter(kind="purchase").count()) == (3000, 1)
    assert CreditPurchase.objects.get().status == "paid"


@pytest.mark.django_db(transaction=True)
def test_the_browser_and_twelve_events_at_once_add_once(buy, local_stripe):
    purchase, url = buy()
    pay(url)
    [event] = [event for event in happened(local_stripe) if event["type"] == "checkout.session.completed"]
    barrier = threading.Barrier(13)

    def act(number):
        barrier.wait(timeout=20)
        try:
            tell(event) if number else settle(purchase)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[number]) for number in range(13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (balance(), CreditEntry.objects.filter(kind="purchase").count()) == (3000, 1)


def test_a_page_that_ran_out_is_noted(buy, local_stripe):
    buy()
    local_stripe.control("/clock", advance_seconds=25 * 3600)
    [event] = happened(local_stripe)
    assert event["type"] == "checkout.session.expired"

    tell(event)

    assert (CreditPurchase.objects.get().status, balance()) == ("expired", 1000)


def test_a_declined_payment_is_noted_and_may_still_be_paid(buy, local_stripe):
    purchase, url = buy()
    declined = {"id": "in_1", "object": "invoice", "metadata": {"credit_purchase": str(purchase.pk)}}
    platform.handle(kind="invoice.payment_failed", data=declined)
    assert CreditPurchase.objects.get().status == "failed"

    pay(url)

    assert (settle(purchase).status, balance()) == ("paid", 3000)
    platform.handle(kind="invoice.payment_failed", data=declined)
    assert CreditPurchase.objects.get().status == "paid"


def test_a_card_declined_on_the_page_is_noted_and_a_page_that_ran_out_after_it_too(buy, local_stripe):
    _, url = buy()
    assert send(url, number="4000 0000 0000 0002").status_code == 402
    [declined] = happened(local_stripe)
    tell(declined)
    assert (declined["type"], CreditPurchase.objects.get().status) == ("payment_intent.payment_failed", "failed")

    local_stripe.control("/clock", advance_seconds=25 * 3600)
    for event in happened(local_stripe)[::-1] * 2:
        tell(event)

    assert (CreditPurchase.objects.get().status, balance()) == ("expired", 1000)


def test_a_page_whose_answer_was_lost_can_still_be_paid(buy, local_stripe):
    local_stripe.fault("lost_answer", "checkout/sessions$")
    with pytest.raises(services.CheckoutUnavailable):
        buy()
    purchase = CreditPurchase.objects.get()
    assert purchase.checkout_session_id is None

    [session] = local_stripe.client(None).checkout.sessions.list({"limit": 5})
    pay(session.url)
    for event in happened(local_stripe):
        tell(event)

    assert (balance(), CreditPurchase.objects.get().checkout_session_id) == (3000, session.id)


def test_a_page_made_for_something_else_adds_nothing(buy, local_stripe):
    """Somebody points a dear purchase at the page of a cheap one that was paid."""
    dear, _ = buy("large")
    cheap, url = buy("small")
    pay(url)
    cheap.refresh_from_db()

    found = services.settle(purchase_id=dear.pk, page_id=cheap.checkout_session_id, now=timezone.now())

    assert (found.status, balance()) == ("created", 1000)


@pytest.mark.parametrize("metadata", [None, {}, {"credit_purchase": "rubbish"}, {"credit_purchase": "0" * 32}])
def test_events_about_nothing_of_ours_are_left_alone(db, local_stripe, metadata):
    for kind in events.HANDLERS:
        platform.handle(kind=kind, data={"id": "cs_1", "metadata": metadata})

    assert CreditPurchase.objects.count() == 0


def test_the_same_customer_buys_again(buy, person, local_stripe):
    buy()
    buy()

    customers = list(local_stripe.client(None).customers.list({"limit": 5}))
    assert [customer.id for customer in customers] == [Profile.objects.get(user=person).stripe_customer_id]
    assert customers[0].email == "paula@example.com"


def test_a_pack_that_is_not_sold_opens_no_page(person, profile, local_stripe):
    with pytest.raises(services.UnknownPack):
        services.start_purchase(user=person, pack="free", **URLS)

    assert (CreditPurchase.objects.count(), local_stripe.calls("/v1/checkout/sessions")) == (0, 0)
