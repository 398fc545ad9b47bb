import pytest
import stripe


def behind(platform, card="pm_card_chargeCustomerFail"):
    """A subscription whose first renewal has just failed."""
    subscription = platform.subscribe()
    platform.give_card(subscription.customer, card)
    ends = subscription["items"].data[0].current_period_end
    platform.simulator.control("/clock", set=ends + 3_600)
    return platform.stripe.subscriptions.retrieve(subscription.id)


def latest(platform, subscription):
    return platform.stripe.invoices.retrieve(
        platform.stripe.subscriptions.retrieve(subscription.id).latest_invoice,
        {"expand": ["payments.data.payment.payment_intent"]},
    )


def test_failed_renewal_leaves_the_invoice_open_and_the_subscription_past_due(simulator, platform):
    subscription = behind(platform)
    invoice = latest(platform, subscription)

    assert subscription.status == "past_due"
    assert (invoice.status, invoice.attempt_count, invoice.amount_remaining) == ("open", 1, 1_199)
    assert invoice.next_payment_attempt == invoice.status_transitions.finalized_at + 3 * 24 * 3600
    intent = invoice.payments.data[0].payment.payment_intent
    assert (intent.status, intent.last_payment_error.decline_code) == ("requires_payment_method", "generic_decline")
    assert platform.events("invoice.payment_f") == ["invoice.payment_failed"]
    assert platform.stripe.customers.retrieve(subscription.customer).delinquent is True
    assert simulator.ledger() == [("capture", 1_199, 0)]


@pytest.mark.parametrize("outcome", ["cancel", "unpaid", "past_due"])
def test_retries_end_as_the_account_is_set(simulator, platform, outcome):
    simulator.control("/billing", when_exhausted=outcome, retry_after_days=[1, 2])
    subscription = behind(platform)
    counts = []
    for days in (1, 2):
        platform.wait(days=days)
        invoice = latest(platform, subscription)
        counts.append((invoice.attempt_count, invoice.next_payment_attempt is None))

    ended = platform.stripe.subscriptions.retrieve(subscription.id)
    assert counts == [(2, False), (3, True)]
    assert (ended.status, latest(platform, subscription).status) == (
        "canceled" if outcome == "cancel" else outcome,
        "open",
    )
    assert ended.cancellation_details.reason == ("payment_failed" if outcome == "cancel" else None)
    assert platform.events("invoice.payment_failed") == ["invoice.payment_failed"] * 3
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_new_card_is_charged_at_the_next_retry(simulator, platform):
    subscription = behind(platform)
    platform.give_card(subscription.customer, "pm_card_visa")
    platform.wait(days=3)

    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert latest(platform, subscription).status == "paid"
    assert platform.stripe.customers.retrieve(subscription.customer).delinquent is False
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_invoice_is_paid_by_hand_once(simulator, platform):
    subscription = behind(platform)
    invoice = latest(platform, subscription)

    with pytest.raises(stripe.CardError):
        platform.stripe.invoices.pay(invoice.id)
    after_hand = latest(platform, subscription)
    card = platform.stripe.payment_methods.attach("pm_card_mastercard", {"customer": subscription.customer})
    paid = platform.stripe.invoices.pay(invoice.id, {"payment_method": card.id})
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        platform.stripe.invoices.pay(invoice.id)
    platform.wait(days=14)

    assert (after_hand.attempt_count, after_hand.next_payment_attempt) == (1, invoice.next_payment_attempt)
    assert (paid.status, platform.stripe.subscriptions.retrieve(subscription.id).status) == ("paid", "active")
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_invoice_paid_in_another_way_moves_nothing(simulator, platform):
    subscription = behind(platform)
    paid = platform.stripe.invoices.pay(subscription.latest_invoice, {"paid_out_of_band": True})

    assert (paid.status, paid.amount_paid) == ("paid", 0)
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_renewal_that_wants_authentication_waits_for_its_customer(simulator, platform):
    subscription = behind(platform, card="pm_card_authenticationRequired")
    intent = latest(platform, subscription).payments.data[0].payment.payment_intent
    simulator.control("/authentications", intent=intent.id)

    assert (subscription.status, intent.status) == ("past_due", "requires_action")
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert platform.events("invoice.p")[-4:] == [
        "invoice.payment_action_required",
        "invoice.payment_failed",
        "invoice.paid",
        "invoice.payment_succeeded",
    ]
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_void_invoice_cannot_be_paid_any_more(simulator, platform):
    subscription = behind(platform)
    intent = latest(platform, subscription).payments.data[0].payment.payment_intent
    void = platform.stripe.invoices.void_invoice(subscription.latest_invoice)

    with pytest.raises(stripe.InvalidRequestError):
        platform.stripe.invoices.pay(void.id)
    with pytest.raises(stripe.InvalidRequestError):
        platform.stripe.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (void.status, void.next_payment_attempt) == ("void", None)
    assert platform.stripe.payment_intents.retrieve(intent.id).status == "canceled"
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_unpaid_subscription_makes_drafts_and_comes_back_with_its_latest_invoice(simulator, platform):
    simulator.control("/billing", when_exhausted="unpaid", retry_after_days=[])
    subscription = behind(platform)
    platform.wait(days=32)
    draft = latest(platform, subscription)
    platform.give_card(subscription.customer, "pm_card_visa")
    platform.stripe.invoices.pay(draft.id)

    assert (subscription.status, draft.status, draft.auto_advance) == ("unpaid", "draft", False)
    assert platform.stripe.subscriptions.retrieve(subscription.id).status == "active"
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_payment_intent_of_an_invoice_is_not_canceled_by_itself(platform):
    subscription = behind(platform)
    intent = latest(platform, subscription).payments.data[0].payment.payment_intent

    with pytest.raises(stripe.InvalidRequestError, match="void the invoice"):
        platform.stripe.payment_intents.cancel(intent.id)


def test_invoices_are_listed_by_what_they_are(platform):
    subscription = behind(platform)
    other = platform.subscribe()

    def ids(**params):
        return [found.id for found in platform.stripe.invoices.list(params)]

    assert ids(subscription=other.id) == [other.latest_invoice]
    assert ids(customer=subscription.customer, status="open") == [subscription.latest_invoice]
    assert len(ids(status="paid")) == 2
    payments = platform.stripe.invoice_payments.list({"invoice": subscription.latest_invoice}).data
    assert [(each.status, each.amount_requested) for each in payments] == [("open", 1_199)]
    assert platform.stripe.invoices.line_items.list(subscription.latest_invoice).data[0].amount == 1_199


def test_small_amount_is_left_for_the_next_invoice(simulator, platform):
    platform.price = platform.new_price(30)
    subscription = platform.subscribe()
    owed = platform.stripe.customers.retrieve(subscription.customer).balance
    platform.wait(days=32)

    assert owed == 30
    assert platform.invoices(subscription.id) == [
        ("subscription_create", "paid", 0, 0),
        ("subscription_cycle", "paid", 60, 60),
    ]
    assert simulator.ledger() == [("capture", 60, 0)]


def test_draft_kept_by_a_pause_goes_on_when_told_to(simulator, platform):
    subscription = platform.subscribe()
    platform.stripe.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "keep_as_draft"}})
    platform.wait(days=32)
    draft = latest(platform, subscription)
    platform.stripe.invoices.update(draft.id, {"auto_advance": True})
    platform.wait(hours=1)

    assert (draft.status, latest(platform, subscription).status) == ("draft", "paid")
    assert simulator.ledger() == [("capture", 1_199, 0)] * 2


def test_invoice_opened_by_hand_is_charged_an_hour_later(simulator, platform):
    subscription = platform.subscribe(trial_period_days=7)
    platform.wait(days=7)
    opened = platform.stripe.invoices.finalize_invoice(latest(platform, subscription).id)
    platform.wait(hours=1)

    assert (opened.status, opened.attempted, latest(platform, subscription).status) == ("open", False, "paid")
    assert simulator.ledger() == [("capture", 1_199, 0)]


def test_customer_may_be_made_with_a_default_card(simulator, platform):
    customer = platform.stripe.customers.create(
        {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    )
    subscription = platform.stripe.subscriptions.create({"customer": customer.id, "items": [{"price": platform.price}]})

    assert subscription.status == "active"
    with pytest.raises(stripe.CardError):
        platform.stripe.customers.create({"payment_method": "pm_card_chargeDeclined"})
    assert len(platform.stripe.customers.list().data) == 1
