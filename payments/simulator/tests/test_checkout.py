import re

import pytest
import requests
import stripe

CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123", "name": "Ada", "postal_code": "10115"}


def new_session(salon, **more):
    params = {
        "success_url": "https://shop.test/ok?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.test/back",
        **more,
    }
    return salon.stripe.checkout.sessions.create(params)


def send(session, **card):
    return requests.post(session.url, data=CARD | card, timeout=20, allow_redirects=False)


def setup_session(salon):
    customer = salon.stripe.customers.create({"email": "client@example.test"})
    return new_session(
        salon,
        mode="setup",
        customer=customer.id,
        payment_method_types=["card"],
        setup_intent_data={"metadata": {"hold": "7"}},
    )


def payment_session(salon, **intent_data):
    item = {
        "price_data": {"currency": "usd", "unit_amount": 2_500, "product_data": {"name": "Gift card"}},
        "quantity": 2,
    }
    return new_session(
        salon, mode="payment", line_items=[item], payment_intent_data={"application_fee_amount": 50, **intent_data}
    )


def test_setup_page_saves_a_card_without_any_script(simulator, salon):
    session = setup_session(salon)
    page = requests.get(session.url, timeout=20)
    answer = send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id, {"expand": ["setup_intent.payment_method"]})
    assert "<script" not in page.text
    assert (answer.status_code, answer.headers["Location"]) == (303, f"https://shop.test/ok?session={session.id}")
    assert (done.status, done.setup_intent.status, done.setup_intent.usage) == ("complete", "succeeded", "off_session")
    assert (done.setup_intent.payment_method.customer, done.setup_intent.payment_method.billing_details.name) == (
        session.customer,
        "Ada",
    )
    assert done.setup_intent.metadata.to_dict() == {"hold": "7"}
    assert simulator.event_types(salon.account)[-1] == "checkout.session.completed"
    assert simulator.ledger() == []


def test_declined_card_leaves_the_page_open(simulator, salon):
    session = setup_session(salon)
    declined = send(session, number="4000000000000002")
    mistyped = send(session, expiry="nonsense")

    assert (declined.status_code, mistyped.status_code) == (402, 402)
    assert "Your card was declined." in declined.text
    assert 'value="Ada"' in declined.text
    assert "4000000000000002" not in declined.text
    assert salon.stripe.checkout.sessions.retrieve(session.id).status == "open"
    assert send(session).status_code == 303


def test_bank_page_stands_between_form_and_shop(simulator, salon):
    session = setup_session(salon)
    bank = send(session, number="4000002500003155").headers["Location"]
    form = requests.get(bank, timeout=20).text
    secret = re.search(r'name="client_secret" value="(\w+)"', form).group(1)

    refused = requests.post(bank, data={"client_secret": secret, "outcome": "fail"}, timeout=20)
    bank = send(session, number="4000002500003155").headers["Location"]
    accepted = requests.post(
        bank, data={"client_secret": secret, "outcome": "complete"}, timeout=20, allow_redirects=False
    )
    done = requests.get(accepted.headers["Location"], timeout=20, allow_redirects=False)

    assert "unable to authenticate" in refused.text
    assert done.headers["Location"] == f"https://shop.test/ok?session={session.id}"
    assert salon.stripe.checkout.sessions.retrieve(session.id).status == "complete"


def test_bank_page_needs_the_secret(simulator, salon):
    session = setup_session(salon)
    bank = send(session, number="4000002500003155").headers["Location"].partition("?")[0]

    answer = requests.post(bank, data={"client_secret": "guess", "outcome": "complete"}, timeout=20)

    assert answer.status_code == 404
    assert salon.stripe.setup_intents.retrieve(session.setup_intent).status == "requires_action"


def test_payment_page_takes_the_total_once(simulator, salon):
    session = payment_session(salon)
    page = requests.get(session.url, timeout=20).text
    first, second = send(session), send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "line_items"]})
    assert "Pay $50.00" in page
    assert "2 × Gift card" in page
    assert (first.status_code, second.status_code) == (303, 200)
    assert (done.payment_status, done.amount_total, done.payment_intent.amount_received) == ("paid", 5_000, 5_000)
    assert [(item.description, item.quantity) for item in done.line_items.data] == [("Gift card", 2)]
    assert simulator.ledger() == [("capture", 5_000, 50)]


def invoiced_session(salon, **more):
    item = {
        "price_data": {"currency": "usd", "unit_amount": 900, "product_data": {"name": "500 credits"}},
        "quantity": 2,
    }
    asked = {"enabled": True, "invoice_data": {"metadata": {"purchase": "7"}, "footer": "Thank you"}}
    return new_session(salon, mode="payment", line_items=[item], invoice_creation=asked, **more)


def test_payment_leaves_a_paid_invoice(simulator, salon):
    customer = salon.stripe.customers.create({"email": "ada@example.test", "name": "Ada"})
    session = invoiced_session(salon, customer=customer.id)
    assert (session.invoice, session.invoice_creation.enabled) == (None, True)
    before = len(simulator.event_types(salon.account))
    send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id)
    invoice = salon.stripe.invoices.retrieve(done.invoice, {"expand": ["payments"]})
    assert (invoice.status, invoice.billing_reason, invoice.parent) == ("paid", "manual", None)
    assert (invoice.total, invoice.amount_due, invoice.amount_paid, invoice.amount_remaining) == (
        1_800,
        1_800,
        1_800,
        0,
    )
    assert (invoice.customer, invoice.customer_email) == (customer.id, "ada@example.test")
    assert (invoice.metadata.to_dict(), invoice.footer) == ({"purchase": "7"}, "Thank you")
    assert invoice.number == f"{customer.invoice_prefix}-0001"
    [line] = invoice.lines.data
    assert (line.description, line.quantity, line.amount) == ("500 credits", 2, 1_800)
    assert salon.stripe.invoice_items.retrieve(line.parent.invoice_item_details.invoice_item).invoice == invoice.id
    [payment] = invoice.payments.data
    assert (payment.status, payment.payment.payment_intent) == ("paid", done.payment_intent)
    about_invoices = [kind for kind in simulator.event_types(salon.account)[before:] if kind.startswith("invoice.")]
    assert about_invoices == ["invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_succeeded"]
    assert simulator.ledger() == [("capture", 1_800, 0)]
    assert [row["invoice"] for row in simulator.look("/ledger")] == [invoice.id]


def test_paid_invoice_has_a_page_and_takes_no_more_money(simulator, salon):
    session = invoiced_session(salon, customer=salon.stripe.customers.create({"email": "ada@example.test"}).id)
    send(session)
    invoice_id = salon.stripe.checkout.sessions.retrieve(session.id).invoice

    page = requests.get(salon.stripe.invoices.retrieve(invoice_id).hosted_invoice_url, timeout=20)
    assert (page.status_code, "500 credits" in page.text, "Paid" in page.text, "<form" in page.text) == (
        200, True, True, False,
    )  # fmt: skip
    for refused in (salon.stripe.invoices.pay, salon.stripe.invoices.void_invoice):
        with pytest.raises(stripe.InvalidRequestError):
            refused(invoice_id)
    assert simulator.ledger() == [("capture", 1_800, 0)]


def test_declined_card_leaves_no_invoice(simulator, salon):
    session = invoiced_session(salon)
    send(session, number="4000000000000002")

    assert list(salon.stripe.invoices.list()) == []
    assert [kind for kind in simulator.event_types(salon.account) if kind.startswith("invoice")] == []
    send(session)
    [invoice] = salon.stripe.invoices.list()
    assert invoice.customer == salon.stripe.checkout.sessions.retrieve(session.id).customer


def test_payment_without_the_wish_leaves_no_invoice(salon):
    session = payment_session(salon)
    send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id)
    assert (done.invoice, done.invoice_creation.enabled) == (None, False)
    assert list(salon.stripe.invoices.list()) == []


def test_only_payments_may_wish_for_an_invoice(salon):
    with pytest.raises(stripe.InvalidRequestError, match="when `mode` is set to `payment`"):
        new_session(salon, mode="setup", currency="usd", invoice_creation={"enabled": True})


def test_invoice_parameters_that_stripe_does_not_have_are_refused(salon):
    with pytest.raises(stripe.InvalidRequestError, match="invoice_data"):
        new_session(salon, mode="payment", invoice_creation={"enabled": True, "invoice_data": {"memo": "x"}})


def test_session_expands_what_synchronisers_ask_for(salon):
    expand = ["line_items", "total_details.breakdown", "line_items.data.discounts"]
    session = salon.stripe.checkout.sessions.retrieve(payment_session(salon).id, {"expand": expand})

    assert session.total_details.breakdown.to_dict() == {"discounts": [], "taxes": []}
    assert [item.discounts for item in session.line_items.data] == [[]]


def test_payment_page_holds_with_manual_capture(simulator, salon):
    session = payment_session(salon, capture_method="manual")
    send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id)
    assert (done.status, done.payment_status) == ("complete", "unpaid")
    assert simulator.ledger() == [("authorization", 5_000, 0)]


@pytest.mark.parametrize("by", ["call", "clock"])
def test_expired_session_takes_no_card(simulator, salon, by):
    session = setup_session(salon)
    if by == "call":
        salon.stripe.checkout.sessions.expire(session.id)
    else:
        simulator.control("/clock", advance_seconds=24 * 3600 + 1)

    answer = send(session)

    assert "expired" in answer.text
    assert salon.stripe.checkout.sessions.retrieve(session.id).status == "expired"
    assert salon.stripe.setup_intents.retrieve(session.setup_intent).status == "requires_payment_method"
    assert simulator.event_types(salon.account)[-1] == "checkout.session.expired"


def test_page_shows_a_salons_name_as_text(simulator, salon):
    simulator.client().accounts.update(salon.account, {"business_profile": {"name": "<b>Ada</b>"}})

    page = requests.get(setup_session(salon).url, timeout=20).text

    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert "<b>" not in page
