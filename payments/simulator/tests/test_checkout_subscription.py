import re

import pytest
import requests
import stripe

CARD = {
    "number": "4242 4242 4242 4242",
    "expiry": "12 / 40",
    "cvc": "123",
    "name": "Ada",
    "postal_code": "10115",
    "email": "ada@salon.test",
}


def new_session(platform, **more):
    params = {
        "mode": "subscription",
        "line_items": [{"price": platform.price, "quantity": 1}],
        "success_url": "https://shop.test/ok?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://shop.test/back",
        **more,
    }
    return platform.stripe.checkout.sessions.create(params)


def send(session, **card):
    return requests.post(session.url, data=CARD | card, timeout=20, allow_redirects=False)


def done(platform, session):
    return platform.stripe.checkout.sessions.retrieve(session.id, {"expand": ["subscription", "invoice", "customer"]})


def test_trial_begins_with_a_card_and_no_money(simulator, platform):
    session = new_session(
        platform,
        client_reference_id="salon-7",
        customer_email="owner@salon.test",
        metadata={"from": "billing page"},
        subscription_data={"trial_period_days": 14, "metadata": {"tenant": "ada"}},
    )
    page = requests.get(session.url, timeout=20).text
    answer = send(session)

    complete = done(platform, session)
    subscription = complete.subscription
    assert "free for 14 days, then $11.99 every month" in page
    assert "<script" not in page
    assert 'value="owner@salon.test"' in page
    assert answer.headers["Location"] == f"https://shop.test/ok?session={session.id}"
    assert (complete.status, complete.payment_status, complete.amount_total) == ("complete", "no_payment_required", 0)
    assert (complete.client_reference_id, complete.metadata.to_dict()) == ("salon-7", {"from": "billing page"})
    assert (subscription.status, subscription.metadata.to_dict()) == ("trialing", {"tenant": "ada"})
    assert complete.customer.email == "ada@salon.test"
    method = platform.stripe.payment_methods.retrieve(subscription.default_payment_method)
    assert (method.customer, method.billing_details.name) == (complete.customer.id, "Ada")
    assert platform.events("checkout", "customer.subscription") == [
        "customer.subscription.created",
        "checkout.session.completed",
    ]
    assert simulator.ledger() == []
    platform.wait(days=14, hours=2)
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_subscription_without_a_trial_is_paid_at_once(simulator, platform):
    session = new_session(platform, customer=platform.customer(card=None))
    declined = send(session, number="4000 0000 0000 9995")
    before = platform.stripe.subscriptions.list({"status": "all"}).data
    send(session)

    complete = done(platform, session)
    assert (declined.status_code, before) == (402, [])
    assert (complete.payment_status, complete.subscription.status) == ("paid", "active")
    assert (complete.invoice.status, complete.invoice.amount_paid) == ("paid", 1_199)
    assert simulator.ledger() == [("capture", 1_199, 0)]
    assert simulator.look("/ledger")[0]["invoice"] == complete.invoice.id


def test_bank_page_comes_before_the_subscription(simulator, platform):
    session = new_session(platform)
    bank = send(session, number="4000002760003184").headers["Location"]
    secret = re.search(r'name="client_secret" value="(\w+)"', requests.get(bank, timeout=20).text).group(1)
    waiting = done(platform, session)
    requests.post(bank, data={"client_secret": secret, "outcome": "complete"}, timeout=20, allow_redirects=False)

    assert (waiting.status, waiting.subscription, waiting.customer) == ("open", None, None)
    assert done(platform, session).subscription.status == "active"
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_trial_needs_no_card_when_none_is_asked(simulator, platform):
    session = new_session(
        platform,
        payment_method_collection="if_required",
        subscription_data={
            "trial_period_days": 7,
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        },
    )
    page = requests.get(session.url, timeout=20).text
    requests.post(session.url, data={"email": "ada@salon.test"}, timeout=20, allow_redirects=False)
    platform.wait(days=7)

    assert "Card number" not in page
    assert done(platform, session).subscription.status == "paused"
    assert simulator.ledger() == []


def test_payment_makes_a_customer_and_keeps_the_card_when_asked(simulator, salon):
    item = {"price_data": {"currency": "usd", "unit_amount": 5_000, "product_data": {"name": "Gift card"}}}
    session = salon.stripe.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [item | {"quantity": 1}],
            "success_url": "https://shop.test/ok",
            "customer_creation": "always",
            "payment_intent_data": {
                "application_fee_amount": 50,
                "metadata": {"gift": "7"},
                "setup_future_usage": "off_session",
            },
        }
    )
    send(session)

    complete = salon.stripe.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent", "customer"]})
    assert (complete.customer.email, complete.customer.name) == ("ada@salon.test", "Ada")
    assert complete.customer_details.email == "ada@salon.test"
    assert complete.payment_intent.metadata.to_dict() == {"gift": "7"}
    assert len(salon.stripe.payment_methods.list({"customer": complete.customer.id}).data) == 1
    assert simulator.ledger(salon.account) == [("capture", 5_000, 50)]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"payment_intent_data": {"metadata": {"a": "b"}}}, "payment_intent_data"),
        (
            {"subscription_data": {"description": "x", "proration_behavior": "none"}},
            "subscription_data[proration_behavior]",
        ),
        ({"mode": "payment"}, "line_items[0][price]"),
        ({"customer_creation": "always"}, "customer_creation"),
        ({"customer_email": "a@b.test", "customer": "cus_x"}, "customer_email"),
        ({"expires_at": 1}, "expires_at"),
    ],
)
def test_impossible_session_is_refused(platform, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        new_session(platform, **params)

    assert refusal.value.param == param


def test_too_small_a_payment_is_refused(salon):
    item = {"price_data": {"currency": "usd", "unit_amount": 49, "product_data": {"name": "Sticker"}}, "quantity": 1}

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.checkout.sessions.create(
            {"mode": "payment", "line_items": [item], "success_url": "https://shop.test/ok"}
        )

    assert refusal.value.code == "amount_too_small"
