import pytest
import stripe

DECLINES = (
    ("4000000000000002", "card_declined", "generic_decline"),
    ("4000000000009995", "card_declined", "insufficient_funds"),
    ("4000000000009979", "card_declined", "stolen_card"),
    ("4000000000009987", "card_declined", "lost_card"),
    ("4000000000006975", "card_declined", "card_velocity_exceeded"),
    ("4000000000000069", "expired_card", "expired_card"),
    ("4000000000000127", "incorrect_cvc", "incorrect_cvc"),
    ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
    ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("pm_card_chargeDeclinedProcessingError", "processing_error", "processing_error"),
)


def method_for(salon, card):
    if card.startswith("pm_"):
        return card
    return salon.stripe.payment_methods.create(
        {"type": "card", "card": {"number": card, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}
    ).id


@pytest.mark.parametrize(("card", "code", "decline_code"), DECLINES)
def test_declining_card_is_not_saved(simulator, salon, card, code, decline_code):
    customer = salon.stripe.customers.create({})
    intent = salon.stripe.setup_intents.create({"customer": customer.id, "payment_method_types": ["card"]})

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.setup_intents.confirm(intent.id, {"payment_method": method_for(salon, card)})

    assert (decline.value.code, decline.value.error.decline_code, decline.value.http_status) == (
        code,
        decline_code,
        402,
    )
    assert decline.value.error.setup_intent.status == "requires_payment_method"
    assert salon.stripe.setup_intents.retrieve(intent.id).last_setup_error.code == code
    assert salon.stripe.payment_methods.list({"customer": customer.id}).data == []
    assert simulator.event_types(salon.account)[-1] == "setup_intent.setup_failed"


@pytest.mark.parametrize(("card", "code", "decline_code"), DECLINES)
def test_declining_card_does_not_pay(simulator, salon, card, code, decline_code):
    intent = salon.stripe.payment_intents.create({"amount": 5_000, "currency": "usd", "payment_method_types": ["card"]})

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.confirm(intent.id, {"payment_method": method_for(salon, card)})

    kept = salon.stripe.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert (decline.value.code, decline.value.error.decline_code) == (code, decline_code)
    assert (kept.status, kept.last_payment_error.decline_code, kept.payment_method) == (
        "requires_payment_method",
        decline_code,
        None,
    )
    assert (kept.latest_charge.status, kept.latest_charge.failure_code) == ("failed", code)
    assert simulator.ledger() == []


@pytest.mark.parametrize("card", ["4000000000000341", "pm_card_chargeCustomerFail"])
def test_card_that_saves_but_does_not_pay(simulator, salon, card):
    with pytest.raises(stripe.CardError) as decline:
        salon.hold(card=method_for(salon, card))

    assert decline.value.error.payment_intent.status == "requires_payment_method"
    assert simulator.ledger() == []


@pytest.mark.parametrize(
    ("number", "brand"),
    [("4242424242424242", "visa"), ("5555555555554444", "mastercard"), ("378282246310005", "amex")],
)
def test_typed_card_shows_its_brand_and_last_digits(salon, number, brand):
    card = {"number": number, "exp_month": 7, "exp_year": 2041, "cvc": "1234" if brand == "amex" else "123"}
    method = salon.stripe.payment_methods.create({"type": "card", "card": card})

    assert (method.card.brand, method.card.last4, method.card.exp_month, method.card.exp_year) == (
        brand,
        number[-4:],
        7,
        2041,
    )


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", "4242424242424241", "incorrect_number"),
        ("number", "4111111111111111", "card_declined"),
        ("exp_month", 13, "invalid_expiry_month"),
        ("exp_year", 2001, "invalid_expiry_year"),
        ("cvc", "12", "invalid_cvc"),
    ],
)
def test_mistyped_or_real_card_is_refused(salon, field, value, code):
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2040, "cvc": "123"} | {field: value}

    with pytest.raises(stripe.CardError) as refusal:
        salon.stripe.payment_methods.create({"type": "card", "card": card})

    assert refusal.value.code == code


def test_token_makes_a_payment_method(salon):
    method = salon.stripe.payment_methods.create({"type": "card", "card": {"token": "tok_mastercard"}})

    assert (method.card.brand, method.card.last4) == ("mastercard", "4444")


def test_card_that_always_authenticates_fails_off_session_and_pays_on_session(simulator, salon):
    customer = salon.stripe.customers.create({})
    method = salon.stripe.payment_methods.attach("pm_card_authenticationRequired", {"customer": customer.id})
    intent = salon.stripe.payment_intents.create(
        {
            "amount": 5_000,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": method.id,
            "payment_method_types": ["card"],
        }
    )

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.confirm(intent.id, {"off_session": True})
    again = salon.stripe.payment_intents.confirm(
        intent.id, {"payment_method": method.id, "return_url": "https://shop.test/back"}
    )
    simulator.control("/authentications", intent=intent.id)

    assert (decline.value.code, decline.value.error.decline_code) == (
        "authentication_required",
        "authentication_required",
    )
    assert decline.value.error.payment_intent.last_payment_error.payment_method.id == method.id
    assert (again.status, again.next_action.type) == ("requires_action", "redirect_to_url")
    assert salon.stripe.payment_intents.retrieve(intent.id).status == "succeeded"
    assert simulator.ledger() == [("capture", 5_000, 0)]


@pytest.mark.parametrize("card", ["4000002500003155", "4000000000003220", "pm_card_authenticationRequiredOnSetup"])
def test_card_authenticated_at_setup_pays_off_session(simulator, salon, card):
    customer = salon.stripe.customers.create({})
    setup = salon.stripe.setup_intents.create({"customer": customer.id, "payment_method_types": ["card"]})
    waiting = salon.stripe.setup_intents.confirm(setup.id, {"payment_method": method_for(salon, card)})
    simulator.control("/authentications", intent=setup.id)
    done = salon.stripe.setup_intents.retrieve(setup.id)
    paid = salon.stripe.payment_intents.create(
        {
            "amount": 5_000,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": done.payment_method,
            "payment_method_types": ["card"],
            "confirm": True,
            "off_session": True,
        }
    )

    assert (waiting.status, waiting.next_action.type, done.status, paid.status) == (
        "requires_action",
        "use_stripe_sdk",
        "succeeded",
        "succeeded",
    )


def test_card_saved_without_its_authentication_is_declined_off_session(simulator, salon):
    customer = salon.stripe.customers.create({})
    method = salon.stripe.payment_methods.attach("pm_card_authenticationRequiredOnSetup", {"customer": customer.id})

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.create(
            {
                "amount": 5_000,
                "currency": "usd",
                "customer": customer.id,
                "payment_method": method.id,
                "payment_method_types": ["card"],
                "confirm": True,
                "off_session": True,
            }
        )

    assert decline.value.code == "authentication_required"
    assert simulator.ledger() == []


def test_failed_authentication_saves_nothing(simulator, salon):
    customer = salon.stripe.customers.create({})
    intent = salon.stripe.setup_intents.create({"customer": customer.id, "payment_method_types": ["card"]})
    salon.stripe.setup_intents.confirm(intent.id, {"payment_method": "pm_card_threeDSecure2Required"})
    simulator.control("/authentications", intent=intent.id, outcome="fail")

    failed = salon.stripe.setup_intents.retrieve(intent.id)
    assert (failed.status, failed.last_setup_error.code) == (
        "requires_payment_method",
        "setup_intent_authentication_failure",
    )
    assert salon.stripe.payment_methods.list({"customer": customer.id}).data == []


def test_detached_card_cannot_be_used_again(simulator, salon):
    customer, method = salon.saved_card()
    salon.stripe.payment_methods.detach(method)

    with pytest.raises(stripe.InvalidRequestError, match="may not be used again"):
        salon.stripe.payment_methods.attach(method, {"customer": customer})


@pytest.mark.parametrize(
    ("card", "decline_code", "advice"),
    [
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "try_again_later"),
        ("pm_card_visa_chargeDeclinedStolenCard", "stolen_card", "do_not_try_again"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "confirm_card_data"),
        ("pm_card_radarBlock", "fraudulent", "do_not_try_again"),
    ],
)
def test_decline_comes_with_advice(salon, card, decline_code, advice):
    intent = salon.stripe.payment_intents.create({"amount": 5_000, "currency": "usd", "payment_method_types": ["card"]})

    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.confirm(intent.id, {"payment_method": card})

    assert (decline.value.error.decline_code, decline.value.error.advice_code) == (decline_code, advice)


def test_stripe_itself_blocks_what_is_too_risky(salon):
    with pytest.raises(stripe.CardError):
        salon.hold(card="pm_card_radarBlock")

    charge = salon.stripe.charges.list().data[0]
    assert (charge.outcome.type, charge.outcome.risk_level, charge.outcome.network_status) == (
        "blocked",
        "highest",
        "not_sent_to_network",
    )


def test_bank_of_a_saved_card_changes_its_mind(simulator, salon):
    customer, method = salon.saved_card()
    simulator.control("/cards", payment_method=method, declines="do_not_honor")

    def pay():
        return salon.stripe.payment_intents.create(
            {
                "amount": 5_000,
                "currency": "usd",
                "customer": customer,
                "payment_method": method,
                "payment_method_types": ["card"],
                "confirm": True,
                "off_session": True,
            }
        )

    with pytest.raises(stripe.CardError) as decline:
        pay()
    simulator.control("/cards", payment_method=method, declines=None)

    assert decline.value.error.decline_code == "do_not_honor"
    assert pay().status == "succeeded"


def test_card_pays_while_its_balance_lasts(simulator, salon):
    customer, method = salon.saved_card()
    simulator.control("/cards", payment_method=method, balance=8_000)
    params = {
        "amount": 5_000,
        "currency": "usd",
        "customer": customer,
        "payment_method": method,
        "payment_method_types": ["card"],
        "confirm": True,
    }
    first = salon.stripe.payment_intents.create(params)
    with pytest.raises(stripe.CardError) as decline:
        salon.stripe.payment_intents.create(params)
    salon.stripe.refunds.create({"payment_intent": first.id})

    assert decline.value.error.decline_code == "insufficient_funds"
    assert salon.stripe.payment_intents.create(params).status == "succeeded"


def test_shop_may_ask_for_authentication_that_the_bank_does_not(simulator, salon):
    customer, method = salon.saved_card()
    intent = salon.stripe.payment_intents.create(
        {
            "amount": 5_000,
            "currency": "usd",
            "customer": customer,
            "payment_method": method,
            "payment_method_types": ["card"],
            "payment_method_options": {"card": {"request_three_d_secure": "any"}},
            "confirm": True,
        }
    )
    simulator.control("/authentications", intent=intent.id)

    assert intent.status == "requires_action"
    assert salon.stripe.payment_intents.retrieve(intent.id).status == "succeeded"
    charge = salon.stripe.charges.retrieve(salon.stripe.payment_intents.retrieve(intent.id).latest_charge)
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
