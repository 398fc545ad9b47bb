"""Stripe writes an invoice for every pack that is paid: it proves the payment, too, and the buyer finds it again."""

import itertools
import json

import pytest
from django.db import transaction
from django.utils import timezone
from djstripe.models import Invoice

from payments.credits import services
from payments.credits.models import CreditEntry, CreditPurchase, Profile
from payments.credits.tests.conftest import pay
from payments.webhooks.models import StripeEvent
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PROOFS = ("checkout.session.completed", "invoice.paid")
AROUND = ("payment_intent.succeeded", "invoice.created", "invoice.finalized", *PROOFS, "invoice.payment_succeeded")


@pytest.fixture
def no_letters_twice():
    """Let an event that was received before be received anew: the inbox itself would stop a repeat."""
    return lambda: StripeEvent.objects.all().delete()


def end():
    purchase = CreditPurchase.objects.values("status", "checkout_session_id", "invoice_id", "payment_intent_id").get()
    return purchase, Profile.objects.get().credits, CreditEntry.objects.filter(kind="purchase").count()


def test_a_paid_pack_knows_its_invoice(buy, local_stripe):
    purchase, url = buy("small")
    pay(url)

    found = services.settle(purchase_id=purchase.pk, now=timezone.now())

    invoice = local_stripe.client(None).invoices.retrieve(found.invoice_id)
    assert (invoice.status, invoice.total, invoice.currency) == ("paid", 500, "usd")
    assert invoice.metadata.to_dict() == {"credit_purchase": str(purchase.pk)}
    assert [line.description for line in invoice.lines.data] == ["500 credits"]


@pytest.mark.parametrize(
    "order", sorted(set(itertools.permutations(PROOFS * 2)) | set(itertools.permutations(PROOFS))), ids="+".join
)
def test_whichever_proof_comes_first_credits_once(buy, delivered, receive, no_letters_twice, order):
    purchase, url = buy()
    pay(url)
    letters = dict(zip(PROOFS, delivered(*PROOFS), strict=True))

    for kind in order:
        assert receive(letters[kind]) == "processed"
        assert end()[1:] == (3000, 1)
        no_letters_twice()

    found = services.settle(purchase_id=purchase.pk, now=timezone.now())
    told = json.loads(letters["checkout.session.completed"][0])["data"]["object"]
    assert end()[0] == {
        "status": "paid",
        "checkout_session_id": told["id"],
        "invoice_id": told["invoice"],
        "payment_intent_id": told["payment_intent"],
    }
    assert found.invoice_id.startswith("in_")


def test_all_that_stripe_sends_around_a_payment_ends_alike_in_every_order(buy, delivered, receive, no_letters_twice):
    _, url = buy()
    pay(url)
    letters, ends = delivered(*AROUND), set()

    for order in itertools.islice(itertools.permutations(letters), 0, None, 45):
        savepoint = transaction.savepoint()
        for letter in order:
            assert receive(letter) == "processed"
        ends.add(repr(end()))
        assert Invoice.objects.get().stripe_data["status"] == "paid"
        transaction.savepoint_rollback(savepoint)

    assert len(ends) == 1, ends
    assert "3000, 1)" in ends.pop()


def test_an_invoice_alone_is_proof_enough_and_the_page_is_learnt_later(buy, local_stripe, delivered, receive):
    local_stripe.fault("lost_answer", "checkout/sessions$")
    with pytest.raises(services.CheckoutUnavailable):
        buy()
    [session] = local_stripe.client(None).checkout.sessions.list({"limit": 5})
    pay(session.url)
    completed, paid = delivered(*PROOFS)

    receive(paid)
    assert (end()[0]["checkout_session_id"], end()[1:]) == (None, (3000, 1))

    receive(completed)
    assert (end()[0]["checkout_session_id"], end()[1:]) == (session.id, (3000, 1))


@pytest.mark.parametrize("pack", ["small", "large"])
def test_an_invoice_of_another_purchase_proves_nothing(buy, pack):
    unpaid, _ = buy(pack)
    paid, url = buy("small")
    pay(url)
    invoice_id = services.settle(purchase_id=paid.pk, now=timezone.now()).invoice_id

    found = services.settle(purchase_id=unpaid.pk, invoice_id=invoice_id, now=timezone.now())

    assert (found.status, found.invoice_id, Profile.objects.get().credits) == ("created", "", 1500)


@pytest.mark.parametrize("proof", ["page_id", "invoice_id"])
def test_another_amount_proves_nothing(buy, local_stripe, proof):
    purchase, _ = buy("large")
    dollar = {"currency": "usd", "unit_amount": 100, "product_data": {"name": "Credits"}}
    named = {"metadata": {"credit_purchase": str(purchase.pk)}}
    sessions = local_stripe.client(None).checkout.sessions
    session = sessions.create(
        {
            "mode": "payment",
            "success_url": "https://tithi.example/",
            "line_items": [{"price_data": dollar, "quantity": 1}],
            "invoice_creation": {"enabled": True, "invoice_data": named},
            **named,
        }
    )
    pay(session.url)
    proofs = {"page_id": session.id, "invoice_id": sessions.retrieve(session.id).invoice}

    found = services.settle(purchase_id=purchase.pk, now=timezone.now(), **{proof: proofs[proof]})

    assert (found.status, found.invoice_id, Profile.objects.get().credits) == ("created", "", 1000)


def test_a_page_that_ran_out_comes_signed_and_is_noted(buy, local_stripe, delivered, receive):
    buy()
    local_stripe.control("/clock", advance_seconds=25 * 3600)
    [expired] = delivered("checkout.session.expired")

    assert receive(expired) == "processed"

    assert (CreditPurchase.objects.get().status, Profile.objects.get().credits) == ("expired", 1000)


@pytest.fixture
def browser(client_for, person):
    return client_for(None, person)


@pytest.fixture
def bought(buy):
    purchase, url = buy("small")
    pay(url)
    return services.settle(purchase_id=purchase.pk, now=timezone.now())


def test_the_credits_page_links_the_invoice(browser, bought, local_stripe):
    path = f"/credits/{bought.pk}/invoice/"
    assert f'href="{path}"' in browser.get("/credits/").content.decode()

    away = browser.get(path)

    invoice = local_stripe.client(None).invoices.retrieve(bought.invoice_id)
    assert (away.status_code, away.url) == (302, invoice.hosted_invoice_url)


def test_a_purchase_without_an_invoice_links_none(browser, bought):
    CreditPurchase.objects.update(invoice_id="")

    assert "/invoice/" not in browser.get("/credits/").content.decode()
    assert browser.get(f"/credits/{bought.pk}/invoice/").status_code == 404


def test_the_credits_page_says_what_was_returned_and_why_credits_went(browser, bought, local_stripe):
    local_stripe.client(None).refunds.create({"payment_intent": bought.payment_intent_id, "amount": 250})
    services.refresh_money_back(purchase=bought, now=timezone.now())

    page = browser.get("/credits/").content.decode()

    assert "$2.50 returned" in page
    assert "Taken back: The payment was refunded." in page
    assert "<h1>1,250 credits</h1>" in page


def test_the_invoice_of_somebody_else_does_not_exist(bought, client_for, owner):
    assert client_for(None, owner).get(f"/credits/{bought.pk}/invoice/").status_code == 404


def test_without_stripe_the_invoice_waits(browser, bought, no_answer):
    page = browser.get(f"/credits/{bought.pk}/invoice/", follow=True).content.decode()

    assert "The invoice cannot be shown right now" in page


def test_the_page_reads_as_often_for_one_purchase_as_for_three(browser, buy, django_assert_num_queries):
    def read_with(purchases):
        while CreditPurchase.objects.filter(status="paid").count() < purchases:
            purchase, url = buy("small")
            pay(url)
            services.settle(purchase_id=purchase.pk, now=timezone.now())
        with django_assert_num_queries(5):
            assert browser.get("/credits/").content.decode().count("/invoice/") == purchases

    read_with(1)
    read_with(3)
