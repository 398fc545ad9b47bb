import re

import pytest
import requests
import stripe

CARD = {"number": "5555 5555 5555 4444", "expiry": "12 / 40", "cvc": "123", "name": "Ada", "postal_code": ""}


def open_portal(platform, customer, **more):
    return platform.stripe.billing_portal.sessions.create(
        {"customer": customer, "return_url": "https://shop.test/billing", **more}
    )


def read(session, rest=""):
    return requests.get(session.url + rest, timeout=20).text


def press(session, rest, **form):
    return requests.post(session.url + rest, data=form, timeout=20, allow_redirects=False)


def test_portal_shows_plan_card_and_invoices(platform):
    subscription = platform.subscribe(trial_period_days=14)
    page = read(open_portal(platform, subscription.customer))

    invoice = platform.stripe.invoices.retrieve(subscription.latest_invoice)
    assert "1 × Plan" in page
    assert "$11.99 per month" in page
    assert "Free trial until" in page
    assert "Visa ending in 4242" in page
    assert invoice.hosted_invoice_url in page
    assert 'href="https://shop.test/billing"' in page
    assert "<script" not in page


def test_plan_is_canceled_and_kept_by_buttons(simulator, platform):
    subscription = platform.subscribe()
    session = open_portal(platform, subscription.customer)
    asked = read(session, f"/cancel/{subscription.id}")
    canceled = press(session, f"/cancel/{subscription.id}")
    leaving = platform.stripe.subscriptions.retrieve(subscription.id)
    offered = read(session)
    press(session, f"/keep/{subscription.id}")

    assert "Your plan will end on" in asked
    assert (canceled.status_code, canceled.headers["Location"]) == (303, session.url)
    assert (leaving.cancel_at_period_end, leaving.status) == (True, "active")
    assert "Don&#x27;t cancel" in offered
    assert platform.stripe.subscriptions.retrieve(subscription.id).cancel_at_period_end is False
    assert platform.events("customer.subscription.updated") == ["customer.subscription.updated"] * 2


def test_new_card_pays_what_comes(simulator, platform):
    subscription = platform.subscribe()
    own = platform.stripe.payment_methods.attach("pm_card_visa", {"customer": subscription.customer})
    platform.stripe.subscriptions.update(subscription.id, {"default_payment_method": own.id})
    session = open_portal(platform, subscription.customer)
    declined = press(session, "/card", **CARD | {"number": "4000 0000 0000 0002"})
    saved = press(session, "/card", **CARD)

    customer = platform.stripe.customers.retrieve(
        subscription.customer, {"expand": ["invoice_settings.default_payment_method"]}
    )
    assert (declined.status_code, saved.status_code) == (402, 303)
    assert "Your card was declined." in declined.text
    assert customer.invoice_settings.default_payment_method.card.last4 == "4444"
    assert (
        platform.stripe.subscriptions.retrieve(subscription.id).default_payment_method
        == customer.invoice_settings.default_payment_method.id
    )
    assert "Mastercard ending in 4444" in read(session)


def test_card_that_wants_authentication_passes_by_the_bank(platform):
    customer = platform.customer(card=None)
    session = open_portal(platform, customer)
    bank = press(session, "/card", **CARD | {"number": "4000 0025 0000 3155"}).headers["Location"]
    secret = re.search(r'name="client_secret" value="(\w+)"', requests.get(bank, timeout=20).text).group(1)
    back = requests.post(bank, data={"client_secret": secret, "outcome": "complete"}, timeout=20, allow_redirects=False)
    home = requests.get(back.headers["Location"], timeout=20)

    assert home.url == session.url
    assert "Visa ending in 3155" in home.text


def test_deep_link_goes_straight_to_the_card_and_back_to_the_shop(platform):
    customer = platform.customer()
    after = {"type": "redirect", "redirect": {"return_url": "https://shop.test/thanks"}}
    session = open_portal(platform, customer, flow_data={"type": "payment_method_update", "after_completion": after})

    assert "Update your card" in read(session)
    assert press(session, "/card", **CARD).headers["Location"] == "https://shop.test/thanks"


def test_configuration_decides_what_is_offered(platform):
    subscription = platform.subscribe()
    configuration = platform.stripe.billing_portal.configurations.create(
        {
            "features": {
                "invoice_history": {"enabled": False},
                "payment_method_update": {"enabled": True},
                "subscription_cancel": {"enabled": True, "mode": "immediately"},
            },
            "business_profile": {"headline": "Tithi"},
        }
    )
    session = open_portal(platform, subscription.customer, configuration=configuration.id)
    page = read(session)
    press(session, f"/cancel/{subscription.id}")

    assert "Not shown here." in page
    assert "<h1>Tithi</h1>" in page
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "canceled"


def test_nothing_is_done_to_another_customers_plan(platform):
    mine, other = platform.subscribe(), platform.subscribe()
    session = open_portal(platform, mine.customer)
    answers = [press(session, f"/{verb}/{other.id}").status_code for verb in ("cancel", "keep", "resume")]

    assert answers == [402, 402, 402]
    assert other.id not in read(session)
    assert platform.stripe.subscriptions.retrieve(other.id).cancel_at_period_end is False


def test_link_works_for_five_minutes_and_an_hour_after_each_visit(simulator, platform):
    customer = platform.customer()
    visited, forgotten = open_portal(platform, customer), open_portal(platform, customer)
    read(visited)
    platform.wait(hours=0.9)
    read(visited)
    platform.wait(hours=0.9)

    assert requests.get(visited.url, timeout=20).status_code == 200
    assert requests.get(forgotten.url, timeout=20).status_code == 404


def test_portal_needs_a_customer(platform):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform.stripe.billing_portal.sessions.create({"customer": "cus_nobody"})

    assert refusal.value.code == "resource_missing"


def test_plan_that_paused_without_a_card_is_resumed_with_one(simulator, platform):
    subscription = platform.subscribe(
        card=None, trial_period_days=7, trial_settings={"end_behavior": {"missing_payment_method": "pause"}}
    )
    platform.wait(days=8)
    session = open_portal(platform, subscription.customer)
    paused = read(session)
    press(session, f"/resume/{subscription.id}")
    without = platform.stripe.subscriptions.retrieve(subscription.id).status
    press(session, "/card", **CARD)
    press(session, f"/resume/{subscription.id}")

    assert "Paused: a card is needed." in paused
    assert without == "paused"
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert len(platform.invoices(subscription.id)) == 2
    assert simulator.ledger() == [("capture", 1_199, 0)]
