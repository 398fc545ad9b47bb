"""The same questions for the local Stripe and, with a test key in the environment, for the real one. See `probing`."""

import pytest
import stripe

from .probing import name_of, target_for, targets

pytestmark = pytest.mark.stripe_probe


@pytest.fixture(params=targets(), ids=name_of)
def target(request, simulator):
    return target_for(request.param, simulator)


@pytest.fixture(params=[each for each in targets() if not each[1]], ids=name_of)
def platform_target(request, simulator):
    return target_for(request.param, simulator)


def test_saved_card_is_held_off_session_and_captured_in_part(target):
    intent = target.held(2_000, **target.share(20))
    captured = target.stripe.payment_intents.capture(
        intent.id, {"amount_to_capture": 1_500, **target.share(15), "expand": ["latest_charge.balance_transaction"]}
    )

    charge = captured.latest_charge
    assert (intent.status, intent.amount_capturable, intent.latest_charge.captured) == (
        "requires_capture",
        2_000,
        False,
    )
    assert intent.latest_charge.payment_method_details.card.capture_before > intent.latest_charge.created
    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 1_500, 0)
    assert (charge.amount, charge.amount_captured, charge.amount_refunded, charge.refunded) == (
        2_000,
        1_500,
        500,
        False,
    )
    assert charge.balance_transaction.amount == 1_500
    assert captured.metadata.probe == "yes"


def test_hold_is_let_go(target):
    canceled = target.stripe.payment_intents.cancel(
        target.held().id, {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    )

    assert (canceled.status, canceled.cancellation_reason, canceled.amount_capturable) == ("canceled", "abandoned", 0)
    assert (canceled.latest_charge.captured, canceled.latest_charge.refunded) == (False, True)


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("pm_card_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    ],
)
def test_decline_says_why_and_leaves_the_intent_open(target, card, code, decline_code):
    intent = target.stripe.payment_intents.create(
        {"amount": 2_000, "currency": "usd", "payment_method_types": ["card"], "capture_method": "manual"}
    )

    with pytest.raises(stripe.CardError) as decline:
        target.stripe.payment_intents.confirm(intent.id, {"payment_method": card})

    kept = target.stripe.payment_intents.retrieve(intent.id)
    assert (decline.value.http_status, decline.value.code) == (402, code)
    assert decline.value.error.decline_code in (decline_code, None)  # some codes speak for themselves
    assert decline.value.error.payment_intent.id == intent.id
    assert (kept.status, kept.last_payment_error.code, kept.payment_method) == ("requires_payment_method", code, None)


def test_card_that_saves_but_does_not_pay(target):
    intent = target.intent(card="pm_card_chargeCustomerFail")

    with pytest.raises(stripe.CardError) as decline:
        target.stripe.payment_intents.confirm(intent.id, {"off_session": True})

    assert decline.value.code == "card_declined"
    assert target.stripe.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_card_that_wants_its_customer_is_declined_off_session_and_asks_on_session(target):
    customer = target.stripe.customers.create({}).id
    method = target.stripe.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer}).id
    intent = target.intent(saved=(customer, method))

    with pytest.raises(stripe.CardError) as decline:
        target.stripe.payment_intents.confirm(intent.id, {"off_session": True})
    left = target.stripe.payment_intents.retrieve(intent.id).status
    again = target.stripe.payment_intents.confirm(intent.id, {"payment_method": method})

    assert decline.value.code == "authentication_required"
    assert decline.value.error.payment_intent.last_payment_error.payment_method.id == method
    assert left == "requires_payment_method"
    assert (again.status, again.next_action.type) == ("requires_action", "use_stripe_sdk")


def test_another_card_pays_the_intent_that_was_declined(target):
    customer, _ = saved = target.saved_card("pm_card_chargeCustomerFail")
    intent = target.intent(saved=saved)
    with pytest.raises(stripe.CardError):
        target.stripe.payment_intents.confirm(intent.id, {"off_session": True})
    other = target.stripe.payment_methods.attach("pm_card_mastercard", {"customer": customer}).id

    assert target.stripe.payment_intents.confirm(intent.id, {"payment_method": other}).status == "requires_capture"


def test_same_key_answers_the_same_and_refuses_another_question(target):
    key = {"idempotency_key": f"probe-{target.stripe.customers.create({}).id}"}
    first = target.stripe.customers.create({"name": "Ada"}, key)
    second = target.stripe.customers.create({"name": "Ada"}, key)

    with pytest.raises(stripe.IdempotencyError) as refusal:
        target.stripe.customers.create({"name": "Bea"}, key)

    assert (second.id, refusal.value.http_status) == (first.id, 400)
    assert second.last_response.headers["Idempotent-Replayed"] == "true"


def test_decline_is_kept_by_its_key(target):
    intent = target.intent(card="pm_card_chargeCustomerFail")
    key = {"idempotency_key": f"probe-{intent.id}"}
    declines = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as decline:
            target.stripe.payment_intents.confirm(intent.id, {"off_session": True}, key)
        declines.append(decline.value)

    assert declines[1].headers["Idempotent-Replayed"] == "true"
    assert declines[0].error.charge == declines[1].error.charge


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 10, "currency": "usd"}, "amount_too_small", None),
        ({"amount": 2_000, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": 2_000, "currency": "usd", "customer": "cus_nobody"}, "resource_missing", "customer"),
        ({"amount": 2_000}, "parameter_missing", "currency"),
        ({"amount": "much", "currency": "usd"}, "parameter_invalid_integer", "amount"),
    ],
)
def test_wrong_question_is_refused_by_name(target, params, code, param):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        target.stripe.payment_intents.create(params)

    assert (refusal.value.http_status, refusal.value.code) == (400, code)
    assert param in (None, refusal.value.param)


@pytest.mark.parametrize("verb", ["capture", "cancel", "confirm"])
def test_finished_payment_stays_finished(target, verb):
    intent = target.stripe.payment_intents.capture(target.held().id)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        getattr(target.stripe.payment_intents, verb)(intent.id)

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.error.payment_intent.status == "succeeded"


def test_refunds_add_up_and_no_further(target):
    intent = target.held(**target.share(20))
    target.stripe.payment_intents.capture(intent.id)
    share = {"refund_application_fee": True} if target.connected else {}
    parts = [
        target.stripe.refunds.create(
            {"payment_intent": intent.id, "amount": amount, "reason": "requested_by_customer", **share}
        )
        for amount in (500, 1_500)
    ]

    charge = target.stripe.charges.retrieve(intent.latest_charge.id)
    listed = target.stripe.refunds.list({"payment_intent": intent.id}).data
    assert [(part.status, part.amount) for part in parts] == [("succeeded", 500), ("succeeded", 1_500)]
    assert (charge.amount_refunded, charge.refunded) == (2_000, True)
    assert {refund.id for refund in listed} == {part.id for part in parts}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        target.stripe.refunds.create({"payment_intent": intent.id})
    assert refusal.value.code == "charge_already_refunded"


def test_hold_is_not_refunded(target):
    intent = target.held()

    with pytest.raises(stripe.InvalidRequestError):
        target.stripe.refunds.create({"payment_intent": intent.id})

    assert target.stripe.payment_intents.retrieve(intent.id).status == "requires_capture"


def test_card_is_set_up_for_later(target):
    customer, method = target.saved_card()

    saved = target.stripe.payment_methods.list({"customer": customer, "type": "card"}).data
    assert [(each.id, each.card.brand, each.card.last4) for each in saved] == [(method, "visa", "4242")]
    target.stripe.payment_methods.detach(method)
    with pytest.raises(stripe.InvalidRequestError):
        target.stripe.payment_methods.attach(method, {"customer": customer})


def test_declined_card_is_not_set_up(target):
    customer = target.stripe.customers.create({}).id
    intent = target.stripe.setup_intents.create({"customer": customer, "payment_method_types": ["card"]})

    with pytest.raises(stripe.CardError) as decline:
        target.stripe.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa_chargeDeclined"})

    assert decline.value.error.setup_intent.status == "requires_payment_method"
    assert target.stripe.payment_methods.list({"customer": customer}).data == []


def test_list_is_read_page_by_page(target):
    customer = target.stripe.customers.create({}).id
    made = [
        target.stripe.payment_intents.create({"amount": 2_000 + step, "currency": "usd", "customer": customer}).id
        for step in range(3)
    ]

    first = target.stripe.payment_intents.list({"customer": customer, "limit": 2})
    everything = [intent.id for intent in first.auto_paging_iter()]
    assert (len(first.data), first.has_more) == (2, True)
    assert sorted(everything) == sorted(made)


def test_payment_is_told_by_events(target):
    intent = target.held()
    target.stripe.payment_intents.capture(intent.id)

    event = target.event("payment_intent.succeeded", intent.id)
    assert (event.data.object.status, event.data.object.amount_received) == ("succeeded", 2_000)
    assert event.data.object.metadata.probe == "yes"


def test_subscription_is_paid_and_active(platform_target):
    subscription = platform_target.subscribe(expand=["latest_invoice.payments.data.payment.payment_intent"])

    invoice, item = subscription.latest_invoice, subscription["items"].data[0]
    payment = invoice.payments.data[0]
    assert (subscription.status, subscription.collection_method) == ("active", "charge_automatically")
    assert (invoice.status, invoice.billing_reason, invoice.amount_paid, invoice.amount_remaining) == (
        "paid",
        "subscription_create",
        1_199,
        0,
    )
    assert invoice.parent.subscription_details.subscription == subscription.id
    assert invoice.lines.data[0].parent.subscription_item_details.subscription_item == item.id
    assert (payment.status, payment.payment.payment_intent.status) == ("paid", "succeeded")
    assert invoice.hosted_invoice_url.startswith("http")
    assert item.current_period_end > item.current_period_start
    platform_target.stripe.subscriptions.cancel(subscription.id)


def test_trial_asks_for_nothing_yet(platform_target):
    subscription = platform_target.subscribe(
        card=None, trial_period_days=14, metadata={"tenant": "probe"}, expand=["latest_invoice"]
    )

    assert (subscription.status, subscription.metadata.tenant) == ("trialing", "probe")
    assert subscription.trial_end - subscription.trial_start == 14 * 24 * 3600
    assert (subscription.latest_invoice.status, subscription.latest_invoice.amount_due) == ("paid", 0)
    ended = platform_target.stripe.subscriptions.cancel(subscription.id)
    assert (ended.status, ended.cancellation_details.reason) == ("canceled", "cancellation_requested")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform_target.stripe.subscriptions.cancel(subscription.id)
    assert refusal.value.code == "resource_missing"


def test_incomplete_subscription_waits_for_its_first_payment(platform_target):
    subscription = platform_target.subscribe(
        card=None, payment_behavior="default_incomplete", expand=["latest_invoice.confirmation_secret"]
    )

    assert (subscription.status, subscription.latest_invoice.status) == ("incomplete", "open")
    secret = subscription.latest_invoice.confirmation_secret
    assert (secret.type, secret.client_secret[:3]) == ("payment_intent", "pi_")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        platform_target.subscribe(card=None)
    assert refusal.value.code == "resource_missing"


def test_subscription_that_must_be_paid_at_once_is_not_made_otherwise(platform_target):
    with pytest.raises(stripe.CardError) as decline:
        platform_target.subscribe(card="pm_card_chargeCustomerFail", payment_behavior="error_if_incomplete")

    assert decline.value.code == "card_declined"


def test_subscription_is_paused_and_its_end_planned(platform_target):
    subscription = platform_target.subscribe()
    update = platform_target.stripe.subscriptions.update
    paused = update(subscription.id, {"pause_collection": {"behavior": "void"}})
    going_on = update(subscription.id, {"pause_collection": ""})
    leaving = update(subscription.id, {"cancel_at_period_end": True})
    staying = update(subscription.id, {"cancel_at_period_end": False})

    assert (paused.status, paused.pause_collection.behavior, going_on.pause_collection) == ("active", "void", None)
    assert leaving.cancel_at == leaving["items"].data[0].current_period_end
    assert (leaving.status, staying.cancel_at) == ("active", None)
    platform_target.stripe.subscriptions.cancel(subscription.id)


def test_trial_ends_now_with_an_invoice(platform_target):
    subscription = platform_target.subscribe(trial_period_days=14)
    ended = platform_target.stripe.subscriptions.update(
        subscription.id, {"trial_end": "now", "expand": ["latest_invoice"]}
    )

    assert ended.status == "active"
    assert (ended.latest_invoice.status, ended.latest_invoice.amount_paid) == ("paid", 1_199)
    platform_target.stripe.subscriptions.cancel(subscription.id)


def test_portal_opens_for_a_customer(platform_target):
    customer = platform_target.stripe.customers.create({}).id
    configuration = platform_target.stripe.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}, "payment_method_update": {"enabled": True}}}
    )
    session = platform_target.stripe.billing_portal.sessions.create(
        {"customer": customer, "configuration": configuration.id, "return_url": "https://example.com/billing"}
    )

    assert session.url.startswith("http")
    assert (session.customer, session.return_url) == (customer, "https://example.com/billing")


URLS = {"success_url": "https://example.com/ok", "cancel_url": "https://example.com/back"}


def test_checkout_opens_for_a_card(target):
    customer = target.stripe.customers.create({}).id
    session = target.stripe.checkout.sessions.create(
        {"mode": "setup", "customer": customer, "payment_method_types": ["card"], **URLS}
    )

    assert (session.status, session.payment_status, session.customer) == ("open", "no_payment_required", customer)
    assert session.setup_intent.startswith("seti_")
    assert session.url.startswith("http")


def test_checkout_opens_for_a_payment_and_expires(target):
    item = {"price_data": {"currency": "usd", "unit_amount": 2_500, "product_data": {"name": "Gift card"}}}
    session = target.stripe.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [item | {"quantity": 2}],
            "client_reference_id": "probe",
            "customer_creation": "always",
            "payment_intent_data": {"metadata": {"probe": "yes"}, **target.share(50)},
            **URLS,
        }
    )
    expired = target.stripe.checkout.sessions.expire(session.id)

    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 5_000)
    assert (session.client_reference_id, session.customer_creation) == ("probe", "always")
    assert (expired.status, expired.url) == ("expired", None)


def test_checkout_opens_for_a_subscription(platform_target):
    session = platform_target.stripe.checkout.sessions.create(
        {
            "mode": "subscription",
            "line_items": [{"price": platform_target.price(), "quantity": 1}],
            "subscription_data": {"trial_period_days": 14, "metadata": {"tenant": "probe"}},
            "payment_method_collection": "always",
            **URLS,
        }
    )

    assert (session.mode, session.status, session.subscription, session.customer) == (
        "subscription",
        "open",
        None,
        None,
    )
    assert (session.amount_total, session.payment_method_collection) == (0, "always")


def test_account_is_onboarded_by_a_link(platform_target):
    accounts = platform_target.stripe.accounts
    account = accounts.create(
        {
            "type": "express",
            "country": "US",
            "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
        }
    )
    link = platform_target.stripe.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "return_url": "https://example.com/done",
            "refresh_url": "https://example.com/again",
        }
    )

    assert (account.charges_enabled, account.details_submitted, account.type) == (False, False, "express")
    assert account.requirements.currently_due != []
    assert link.url.startswith("http")
    with pytest.raises(stripe.InvalidRequestError):
        accounts.login_links.create(account.id)
    assert accounts.delete(account.id).deleted is True
