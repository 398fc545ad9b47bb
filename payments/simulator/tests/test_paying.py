import pytest
import stripe

DAY = 24 * 3600


def test_saved_card_is_charged_off_session_with_the_platforms_share(simulator, salon):
    intent = salon.hold(10_000, application_fee_amount=100, metadata={"booking_id": "7"})
    captured = salon.stripe.payment_intents.capture(intent.id, {"expand": ["latest_charge.balance_transaction"]})

    charge = captured.latest_charge
    assert (intent.status, intent.amount_capturable, captured.status, captured.amount_received) == (
        "requires_capture",
        10_000,
        "succeeded",
        10_000,
    )
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (290 + 30 + 100, 9_580)
    assert simulator.ledger(salon.account) == [("authorization", 10_000, 0), ("capture", 10_000, 100)]
    assert [row["metadata"] for row in simulator.look("/ledger")] == [{"booking_id": "7"}] * 2
    fee = simulator.client().application_fees.retrieve(charge.application_fee)
    assert (fee.amount, fee.account, fee.charge) == (100, salon.account, charge.id)


def test_hold_tells_when_it_ends_and_ends_then(simulator, salon):
    intent = salon.hold()
    charge = salon.stripe.charges.retrieve(intent.latest_charge)
    lasts = charge.payment_method_details.card.capture_before - charge.created

    simulator.control("/clock", advance_seconds=lasts - 60)
    before = salon.stripe.payment_intents.retrieve(intent.id).status
    simulator.control("/clock", advance_seconds=61)
    after = salon.stripe.payment_intents.retrieve(intent.id)

    assert lasts == 4 * DAY + 18 * 3600
    assert (before, after.status, after.cancellation_reason) == ("requires_capture", "canceled", "automatic")
    assert simulator.ledger() == [("authorization", 10_000, 0), ("release", 10_000, 0)]


def test_hold_of_another_brand_lasts_seven_days(salon):
    charge = salon.stripe.charges.retrieve(salon.hold(card="pm_card_mastercard").latest_charge)

    assert charge.payment_method_details.card.capture_before - charge.created == 7 * DAY


def test_partial_capture_releases_the_rest(simulator, salon):
    intent = salon.hold(10_000, application_fee_amount=100)
    salon.stripe.payment_intents.capture(
        intent.id, {"amount_to_capture": 3_000, "application_fee_amount": 30, "final_capture": True}
    )

    charge = salon.stripe.charges.retrieve(intent.latest_charge)
    assert (charge.amount, charge.amount_captured, charge.amount_refunded, charge.refunded) == (
        10_000,
        3_000,
        7_000,
        False,
    )
    assert simulator.ledger() == [("authorization", 10_000, 0), ("capture", 3_000, 30), ("release", 7_000, 0)]


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"amount_to_capture": 10_001}, "amount_to_capture"),
        ({"amount_to_capture": 0}, "amount_to_capture"),
        ({"final_capture": False}, "final_capture"),
        ({"application_fee_amount": 10_001}, "application_fee_amount"),
    ],
)
def test_impossible_captures_move_nothing(simulator, salon, params, param):
    intent = salon.hold(10_000)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.capture(intent.id, params)

    assert refusal.value.param == param
    assert simulator.ledger() == [("authorization", 10_000, 0)]


def test_second_capture_is_refused_with_the_intent(simulator, salon):
    intent = salon.paid()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.capture(intent.id)

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.error.payment_intent.status == "succeeded"
    assert [kind for kind, _, _ in simulator.ledger()] == ["authorization", "capture"]


def test_canceled_hold_is_released(simulator, salon):
    intent = salon.stripe.payment_intents.cancel(salon.hold().id, {"cancellation_reason": "requested_by_customer"})

    charge = salon.stripe.charges.retrieve(intent.latest_charge, {"expand": ["refunds"]})
    assert (intent.status, intent.amount_capturable, charge.captured, charge.refunded) == ("canceled", 0, False, True)
    assert [refund.balance_transaction for refund in charge.refunds.data] == [None]
    assert simulator.ledger() == [("authorization", 10_000, 0), ("release", 10_000, 0)]


def test_automatic_capture_takes_money_at_once(simulator, salon):
    customer, method = salon.saved_card()
    intent = salon.stripe.payment_intents.create(
        {
            "amount": 5_000,
            "currency": "usd",
            "customer": customer,
            "payment_method": method,
            "confirm": True,
            "off_session": True,
            "payment_method_types": ["card"],
        }
    )

    assert (intent.status, intent.amount_received) == ("succeeded", 5_000)
    assert simulator.ledger() == [("capture", 5_000, 0)]


def test_application_fee_is_for_connected_accounts_only(simulator):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        simulator.client().payment_intents.create({"amount": 5_000, "currency": "usd", "application_fee_amount": 50})

    assert refusal.value.param == "application_fee_amount"


@pytest.mark.parametrize(
    ("amount", "code"), [(0, "parameter_invalid_integer"), (49, "amount_too_small"), (100_000_000, "amount_too_large")]
)
def test_amount_outside_the_currencys_bounds_is_refused(salon, amount, code):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.create({"amount": amount, "currency": "usd"})

    assert (refusal.value.code, refusal.value.param) == (code, "amount")


def test_confirming_needs_a_return_url_when_redirects_are_possible(salon):
    customer, method = salon.saved_card()
    intent = salon.stripe.payment_intents.create(
        {"amount": 5_000, "currency": "usd", "customer": customer, "payment_method": method}
    )

    with pytest.raises(stripe.InvalidRequestError, match="return_url"):
        salon.stripe.payment_intents.confirm(intent.id, {"off_session": True})

    confirmed = salon.stripe.payment_intents.confirm(
        intent.id, {"off_session": True, "return_url": "https://shop.test/done"}
    )
    assert confirmed.status == "succeeded"


def test_card_of_one_customer_does_not_pay_for_another(simulator, salon):
    _, method = salon.saved_card()
    other, _ = salon.saved_card()

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.create(
            {"amount": 5_000, "currency": "usd", "customer": other, "payment_method": method}
        )

    assert refusal.value.param == "payment_method"
    assert simulator.ledger() == []


def test_updated_amount_is_what_is_charged(simulator, salon):
    customer, method = salon.saved_card()
    intent = salon.stripe.payment_intents.create(
        {"amount": 5_000, "currency": "usd", "customer": customer, "payment_method_types": ["card"]}
    )
    salon.stripe.payment_intents.update(
        intent.id, {"amount": 6_000, "payment_method": method, "metadata": {"booking_id": "9"}}
    )
    salon.stripe.payment_intents.confirm(intent.id, {"off_session": True})

    assert simulator.ledger() == [("capture", 6_000, 0)]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.update(intent.id, {"amount": 7_000})
    assert refusal.value.code == "payment_intent_unexpected_state"


def test_balance_is_the_sum_of_what_moved(simulator, salon):
    intent = salon.paid(10_000, application_fee_amount=100)
    salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000})

    pending = salon.stripe.balance.retrieve().pending[0].amount
    simulator.control("/clock", advance_seconds=3 * DAY)
    balance = salon.stripe.balance.retrieve()

    assert pending == 10_000 - 320 - 100 - 1_000
    assert (balance.pending[0].amount, balance.available[0].amount) == (0, pending)
    assert simulator.client().balance.retrieve().available[0].amount == 100


@pytest.mark.parametrize(
    ("card", "status"),
    [
        (None, "requires_payment_method"),
        ("pm_card_visa", "requires_confirmation"),
        ("pm_card_authenticationRequired", "requires_action"),
        ("pm_card_visa", "requires_capture"),
    ],
)
def test_open_intent_is_canceled_in_every_state_and_then_stays_so(simulator, salon, card, status):
    params = {"amount": 5_000, "currency": "usd", "payment_method_types": ["card"], "capture_method": "manual"}
    confirm = status in ("requires_action", "requires_capture")
    intent = salon.stripe.payment_intents.create(
        params | ({"payment_method": card, "confirm": confirm} if card else {})
    )
    canceled = salon.stripe.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (intent.status, canceled.status, canceled.cancellation_reason) == (status, "canceled", "abandoned")
    for again in (salon.stripe.payment_intents.cancel, salon.stripe.payment_intents.confirm):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            again(intent.id)
        assert refusal.value.code == "payment_intent_unexpected_state"
    assert sum(amount for kind, amount, _ in simulator.ledger() if kind == "release") == (
        5_000 if status == "requires_capture" else 0
    )


def test_paid_intent_is_not_canceled(salon):
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.cancel(salon.paid().id)

    assert refusal.value.code == "payment_intent_unexpected_state"


def test_intents_are_listed_by_customer_and_time(simulator, salon):
    first = salon.hold()
    simulator.control("/clock", advance_seconds=100)
    second = salon.hold()

    def ids(**params):
        return [intent.id for intent in salon.stripe.payment_intents.list(params)]

    assert ids() == [second.id, first.id]
    assert ids(customer=first.customer) == ids(created={"lt": second.created}) == [first.id]
    assert [charge.payment_intent for charge in salon.stripe.charges.list({"created": {"gte": second.created}})] == [
        second.id
    ]


def test_setup_intents_are_listed_and_canceled(salon):
    customer = salon.stripe.customers.create({}).id
    intent = salon.stripe.setup_intents.create({"customer": customer})
    salon.saved_card()
    canceled = salon.stripe.setup_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert [found.id for found in salon.stripe.setup_intents.list({"customer": customer})] == [intent.id]
    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.setup_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert refusal.value.code == "setup_intent_unexpected_state"


def test_declined_card_that_wants_authentication_is_told_when_asked_alone(simulator, salon):
    intent = salon.stripe.payment_intents.create({"amount": 5_000, "currency": "usd", "payment_method_types": ["card"]})

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.confirm(
            intent.id, {"payment_method": "pm_card_authenticationRequired", "error_on_requires_action": True}
        )

    assert decline.value.code == "authentication_required"
    assert salon.stripe.payment_intents.retrieve(intent.id).status == "requires_payment_method"


def test_share_of_a_capture_may_differ_from_what_was_planned(simulator, salon):
    intent = salon.hold(10_000, application_fee_amount=100)
    captured = salon.stripe.payment_intents.capture(
        intent.id, {"amount_to_capture": 2_500, "application_fee_amount": 25}
    )

    fees = simulator.client().application_fees.list({"charge": intent.latest_charge}).data
    assert (captured.amount_received, captured.application_fee_amount) == (2_500, 25)
    assert [(fee.amount, fee.account) for fee in fees] == [(25, salon.account)]
    transactions = simulator.client().balance_transactions.list({"type": "application_fee"}).data
    assert [transaction.amount for transaction in transactions] == [25]


@pytest.mark.parametrize(
    ("currency", "amount", "code"),
    [
        ("jpy", 49, "amount_too_small"),
        ("jpy", 50, None),
        ("huf", 17_499, "amount_too_small"),
        ("gbp", 30, None),
        ("kwd", 1_001, "invalid_amount"),
        ("ugx", 1_050, "invalid_amount"),
    ],
)
def test_each_currency_has_its_own_least_amount(salon, currency, amount, code):
    params = {"amount": amount, "currency": currency}
    if code is None:
        assert salon.stripe.payment_intents.create(params).amount == amount
        return
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.payment_intents.create(params)

    assert refusal.value.code == code


def test_least_amount_is_told_in_the_currency(salon):
    with pytest.raises(stripe.InvalidRequestError, match=r"Amount must be at least £0\.30 gbp"):
        salon.stripe.payment_intents.create({"amount": 29, "currency": "gbp"})


def test_money_of_one_card_is_there_at_once(salon):
    salon.paid(5_000, card="pm_card_bypassPending")

    assert salon.stripe.balance.retrieve().available[0].amount == 5_000 - 175
