from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe


def test_refund_parts_and_their_fees_add_up_to_the_whole(simulator, salon):
    intent = salon.paid(10_001, application_fee_amount=100)

    for amount in (3_333, 3_333, 3_335):
        salon.stripe.refunds.create(
            {
                "payment_intent": intent.id,
                "amount": amount,
                "refund_application_fee": True,
                "metadata": {"part": str(amount)},
            }
        )

    charge = salon.stripe.charges.retrieve(intent.latest_charge)
    fee = simulator.client().application_fees.retrieve(charge.application_fee)
    assert (charge.amount_refunded, charge.refunded) == (10_001, True)
    assert (fee.amount_refunded, fee.refunded, sum(part.amount for part in fee.refunds.data)) == (100, True, 100)
    assert simulator.ledger()[2:] == [("refund", 3_333, 33), ("refund", 3_333, 34), ("refund", 3_335, 33)]


def test_refund_without_the_fee_leaves_it_with_the_platform(simulator, salon):
    intent = salon.paid(10_000, application_fee_amount=100)
    refund = salon.stripe.refunds.create(
        {"payment_intent": intent.id, "reason": "requested_by_customer"}, {"idempotency_key": "r"}
    )

    assert (refund.amount, refund.reason, refund.status) == (10_000, "requested_by_customer", "succeeded")
    assert simulator.ledger()[-1] == ("refund", 10_000, 0)
    assert simulator.client().application_fees.list().data[0].amount_refunded == 0


def test_fee_of_a_part_capture_returns_in_proportion_to_what_was_captured(simulator, salon):
    intent = salon.hold(10_000, application_fee_amount=100)
    salon.stripe.payment_intents.capture(intent.id, {"amount_to_capture": 3_000, "application_fee_amount": 30})
    salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000, "refund_application_fee": True})
    salon.stripe.refunds.create({"payment_intent": intent.id, "refund_application_fee": True})

    assert simulator.ledger()[-2:] == [("refund", 1_000, 10), ("refund", 2_000, 20)]


def test_platform_refunds_part_of_its_fee_by_itself(simulator, salon):
    intent = salon.paid(10_000, application_fee_amount=100)
    platform = simulator.client()
    fee = platform.application_fees.list({"charge": intent.latest_charge}).data[0]
    platform.application_fees.refunds.create(fee.id, {"amount": 40})

    with pytest.raises(stripe.InvalidRequestError):
        platform.application_fees.refunds.create(fee.id, {"amount": 61})

    assert platform.application_fees.retrieve(fee.id).amount_refunded == 40


@pytest.mark.parametrize(
    ("earlier", "amount", "code"),
    [
        (None, 10_001, None),
        (4_000, 6_001, None),
        (10_000, 1, "charge_already_refunded"),
        (None, 0, "parameter_invalid_integer"),
    ],
)
def test_refund_beyond_what_is_left_is_refused(simulator, salon, earlier, amount, code):
    intent = salon.paid(10_000)
    if earlier:
        salon.stripe.refunds.create({"payment_intent": intent.id, "amount": earlier})

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.refunds.create({"payment_intent": intent.id, "amount": amount})

    assert refusal.value.code == code
    assert sum(row[1] for row in simulator.ledger() if row[0] == "refund") == (earlier or 0)


def test_refund_reaches_the_released_part_of_no_charge(simulator, salon):
    intent = salon.hold(10_000)
    salon.stripe.payment_intents.capture(intent.id, {"amount_to_capture": 3_000})

    with pytest.raises(stripe.InvalidRequestError):
        salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 3_001})
    refund = salon.stripe.refunds.create({"payment_intent": intent.id})

    assert refund.amount == 3_000


def test_twenty_concurrent_refunds_never_exceed_the_charge(simulator, salon):
    intent = salon.paid(10_000, application_fee_amount=100)

    def refund(_):
        try:
            salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 700, "refund_application_fee": True})
        except stripe.InvalidRequestError:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(refund, range(20)))

    assert done.count(True) == 14
    assert salon.stripe.charges.retrieve(intent.latest_charge).amount_refunded == 9_800
    assert sum(fee for kind, _, fee in simulator.ledger() if kind == "refund") == 98


def test_uncaptured_hold_is_canceled_not_refunded(simulator, salon):
    intent = salon.hold()

    with pytest.raises(stripe.InvalidRequestError, match="must cancel the PaymentIntent"):
        salon.stripe.refunds.create({"payment_intent": intent.id})

    assert simulator.ledger() == [("authorization", 10_000, 0)]


def test_disputed_charge_is_not_refunded(simulator, salon):
    intent = salon.paid()
    dispute = simulator.control("/disputes", charge=intent.latest_charge)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.refunds.create({"payment_intent": intent.id})

    assert refusal.value.code == "charge_disputed"
    assert salon.stripe.disputes.retrieve(dispute["id"]).status == "needs_response"


@pytest.mark.parametrize(
    ("outcome", "movements", "last_event"),
    [
        ("won", [("dispute", 10_000, 0), ("dispute_won", 10_000, 0)], "charge.dispute.funds_reinstated"),
        ("lost", [("dispute", 10_000, 0)], "charge.dispute.closed"),
    ],
)
def test_dispute_takes_the_money_and_returns_it_when_won(simulator, salon, outcome, movements, last_event):
    intent = salon.paid()
    dispute = simulator.control("/disputes", charge=intent.latest_charge, reason="product_not_received")
    salon.stripe.disputes.update(dispute["id"], {"evidence": {"product_description": "A haircut"}})
    simulator.control(f"/disputes/{dispute['id']}/close", status=outcome)

    assert salon.stripe.disputes.retrieve(dispute["id"]).status == outcome
    assert simulator.ledger()[2:] == movements
    assert simulator.event_types(salon.account)[-1] == last_event
    assert "charge.dispute.created" in simulator.event_types(salon.account)


def test_pending_refund_succeeds_later(simulator, salon):
    intent = salon.paid(card="pm_card_pendingRefund")
    refund = salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 4_000})
    simulator.control("/clock", advance_seconds=60)

    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert salon.stripe.refunds.retrieve(refund.id).status == "succeeded"
    assert simulator.event_types(salon.account)[-2:] == ["refund.updated", "charge.refund.updated"]
    assert simulator.ledger()[2:] == [("refund", 4_000, 0)]


def test_failed_refund_brings_the_money_back(simulator, salon):
    intent = salon.paid(card="pm_card_refundFail", application_fee_amount=100)
    balance = salon.stripe.balance.retrieve().pending[0].amount
    refund = salon.stripe.refunds.create({"payment_intent": intent.id})
    simulator.control("/clock", advance_seconds=60)

    failed = salon.stripe.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    charge = salon.stripe.charges.retrieve(intent.latest_charge)
    assert (refund.status, failed.status, failed.failure_reason) == ("succeeded", "failed", "expired_or_canceled_card")
    assert failed.failure_balance_transaction.amount == 10_000
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert simulator.event_types(salon.account)[-3:] == ["refund.updated", "charge.refund.updated", "refund.failed"]
    assert simulator.ledger()[2:] == [("refund", 10_000, 0), ("refund_failed", 10_000, 0)]
    assert salon.stripe.balance.retrieve().pending[0].amount == balance
    assert salon.stripe.refunds.create({"payment_intent": intent.id}).amount == 10_000


def test_any_refund_fails_when_told_to(simulator, salon):
    intent = salon.paid()
    refund = salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    simulator.control(f"/refunds/{refund.id}/settle", status="failed", reason="lost_or_stolen_card")

    assert salon.stripe.refunds.retrieve(refund.id).failure_reason == "lost_or_stolen_card"
    assert salon.stripe.charges.retrieve(intent.latest_charge).amount_refunded == 0


def test_refund_says_why(salon):
    intent = salon.paid()
    refund = salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000, "reason": "fraudulent"})

    assert refund.reason == "fraudulent"
    assert salon.stripe.charges.retrieve(intent.latest_charge).fraud_details.user_report == "fraudulent"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000, "reason": "mood"})
    assert refusal.value.param == "reason"


def test_refunds_are_listed_by_payment_and_time(simulator, salon):
    one, other = salon.paid(), salon.paid()
    first = salon.stripe.refunds.create({"payment_intent": one.id, "amount": 1_000})
    simulator.control("/clock", advance_seconds=100)
    second = salon.stripe.refunds.create({"charge": other.latest_charge, "amount": 2_000})

    def ids(**params):
        return [refund.id for refund in salon.stripe.refunds.list(params)]

    assert ids() == [second.id, first.id]
    assert ids(payment_intent=one.id) == ids(created={"lt": second.created}) == [first.id]
    assert ids(charge=other.latest_charge) == ids(created={"gte": second.created}) == [second.id]
