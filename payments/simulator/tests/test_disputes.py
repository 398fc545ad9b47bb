import pytest
import stripe

DAY = 24 * 3600


def disputed(salon, card="pm_card_createDispute"):
    """The dispute that a card's payment brings."""
    intent = salon.paid(card=card)
    return salon.stripe.disputes.list({"payment_intent": intent.id}).data[0], intent


@pytest.mark.parametrize(
    ("card", "reason"),
    [("pm_card_createDispute", "fraudulent"), ("pm_card_createDisputeProductNotReceived", "product_not_received")],
)
def test_card_disputes_what_was_captured(simulator, salon, card, reason):
    held = salon.hold(card=card)
    before = salon.stripe.disputes.list().data
    salon.stripe.payment_intents.capture(held.id, {"amount_to_capture": 4_000})

    [dispute] = salon.stripe.disputes.list({"payment_intent": held.id}).data
    assert before == []
    assert (dispute.reason, dispute.amount, dispute.status) == (reason, 4_000, "needs_response")
    assert simulator.ledger()[-1] == ("dispute", 4_000, 0)
    assert salon.stripe.charges.retrieve(held.latest_charge).disputed is True


def test_evidence_is_kept_until_it_is_submitted(simulator, salon):
    dispute, _ = disputed(salon)
    draft = salon.stripe.disputes.update(
        dispute.id, {"evidence": {"product_description": "A haircut"}, "submit": False}
    )
    sent = salon.stripe.disputes.update(
        dispute.id, {"evidence": {"service_date": "2026-11-01"}, "submit": True, "metadata": {"booking_id": "7"}}
    )

    assert (draft.status, draft.evidence_details.has_evidence, draft.evidence_details.submission_count) == (
        "needs_response",
        True,
        0,
    )
    assert (sent.status, sent.evidence_details.submission_count) == ("under_review", 1)
    assert (sent.evidence.product_description, sent.evidence.service_date) == ("A haircut", "2026-11-01")
    assert sent.metadata.booking_id == "7"
    assert simulator.event_types(salon.account)[-2:] == ["charge.dispute.updated"] * 2


@pytest.mark.parametrize(
    ("words", "status", "last_event"),
    [
        ("winning_evidence", "won", "charge.dispute.funds_reinstated"),
        ("losing_evidence", "lost", "charge.dispute.closed"),
    ],
)
def test_magic_words_decide(simulator, salon, words, status, last_event):
    dispute, _ = disputed(salon)
    decided = salon.stripe.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}})

    assert decided.status == status
    assert simulator.event_types(salon.account)[-1] == last_event
    assert [row[0] for row in simulator.ledger()][2:] == ["dispute", "dispute_won"][: 1 + (status == "won")]
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.disputes.update(dispute.id, {"evidence": {"product_description": "Too late"}})
    assert refusal.value.code == "dispute_closed"


def test_won_charge_may_be_refunded_a_lost_one_not(simulator, salon):
    won, won_intent = disputed(salon)
    lost, lost_intent = disputed(salon)
    simulator.control(f"/disputes/{won.id}/close", status="won")
    salon.stripe.disputes.close(lost.id)

    assert salon.stripe.refunds.create({"payment_intent": won_intent.id}).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.refunds.create({"payment_intent": lost_intent.id})
    assert refusal.value.code == "charge_disputed"


def test_inquiry_takes_no_money_and_ends_without_a_winner(simulator, salon):
    dispute, intent = disputed(salon, "pm_card_createDisputeInquiry")
    ledger = simulator.ledger()
    answered = salon.stripe.disputes.update(dispute.id, {"evidence": {"product_description": "A haircut"}})
    salon.stripe.refunds.create({"payment_intent": intent.id, "amount": 1_000})
    simulator.control(f"/disputes/{dispute.id}/close", status="warning_closed")

    assert (dispute.status, dispute.is_charge_refundable, dispute.payment_method_details.card.case_type) == (
        "warning_needs_response",
        True,
        "inquiry",
    )
    assert answered.status == "warning_under_review"
    assert [row[0] for row in ledger] == ["authorization", "capture"]
    assert salon.stripe.disputes.retrieve(dispute.id).status == "warning_closed"
    assert "charge.dispute.funds_withdrawn" not in simulator.event_types(salon.account)


def test_who_does_not_answer_in_time_loses(simulator, salon):
    dispute, _ = disputed(salon)
    simulator.control("/clock", advance_seconds=7 * DAY)

    late = salon.stripe.disputes.retrieve(dispute.id)
    assert (late.status, late.evidence_details.past_due) == ("lost", True)


def test_part_of_a_charge_is_disputed(simulator, salon):
    intent = salon.paid()
    simulator.control("/disputes", charge=intent.latest_charge, amount=2_500, reason="product_unacceptable")

    assert simulator.ledger()[-1] == ("dispute", 2_500, 0)
    assert salon.stripe.balance.retrieve().pending[0].amount == 10_000 - 320 - 2_500 - 1_500


def test_evidence_has_a_limit(salon):
    dispute, _ = disputed(salon)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        salon.stripe.disputes.update(dispute.id, {"evidence": {"uncategorized_text": "x" * 150_001}})

    assert refusal.value.param == "evidence"
