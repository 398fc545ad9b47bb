import re

import pytest
import requests

CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 40", "cvc": "123", "name": "Ada", "postal_code": "10115"}


def new_session(salon, **more):
    params = {
        "success_url": "https://shop.test/ok?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.test/back",
        **more,
    }
    return salon.stripe.checkout.sessions.create(params)


def send(session, **card):
    return requests.post(session.url, data=CARD | card, timeout=5, allow_redirects=False)


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
    page = requests.get(session.url, timeout=5)
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
    form = requests.get(bank, timeout=5).text
    secret = re.search(r'name="client_secret" value="(\w+)"', form).group(1)

    refused = requests.post(bank, data={"client_secret": secret, "outcome": "fail"}, timeout=5)
    bank = send(session, number="4000002500003155").headers["Location"]
    accepted = requests.post(
        bank, data={"client_secret": secret, "outcome": "complete"}, timeout=5, allow_redirects=False
    )
    done = requests.get(accepted.headers["Location"], timeout=5, allow_redirects=False)

    assert "unable to authenticate" in refused.text
    assert done.headers["Location"] == f"https://shop.test/ok?session={session.id}"
    assert salon.stripe.checkout.sessions.retrieve(session.id).status == "complete"


def test_bank_page_needs_the_secret(simulator, salon):
    session = setup_session(salon)
    bank = send(session, number="4000002500003155").headers["Location"].partition("?")[0]

    answer = requests.post(bank, data={"client_secret": "guess", "outcome": "complete"}, timeout=5)

    assert answer.status_code == 404
    assert salon.stripe.setup_intents.retrieve(session.setup_intent).status == "requires_action"


def test_payment_page_takes_the_total_once(simulator, salon):
    session = payment_session(salon)
    page = requests.get(session.url, timeout=5).text
    first, second = send(session), send(session)

    done = salon.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "line_items"]})
    assert "Pay $50.00" in page
    assert "2 × Gift card" in page
    assert (first.status_code, second.status_code) == (303, 200)
    assert (done.payment_status, done.amount_total, done.payment_intent.amount_received) == ("paid", 5_000, 5_000)
    assert [(item.description, item.quantity) for item in done.line_items.data] == [("Gift card", 2)]
    assert simulator.ledger() == [("capture", 5_000, 50)]


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

    page = requests.get(setup_session(salon).url, timeout=5).text

    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert "<b>" not in page
