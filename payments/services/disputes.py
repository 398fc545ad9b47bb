"""A customer's bank takes a payment back: written down with its movements of money, and decided by the bank."""

from datetime import UTC, datetime

from django.db import transaction

from audit import services as audit
from audit.actors import SYSTEM
from payments import gateway, notices
from payments.models import Dispute, DisputeStatus, GiftCardOrder, LedgerKind, Payment, PaymentStatus
from payments.services import orders_back, recording, states
from payments.services.errors import AnswerNotSent, DisputeAnswered

#: Stripe's words → ours. A warning asks for information and takes no money.
STATUSES = {
    "needs_response": DisputeStatus.OPEN,
    "warning_needs_response": DisputeStatus.OPEN,
    "under_review": DisputeStatus.UNDER_REVIEW,
    "warning_under_review": DisputeStatus.UNDER_REVIEW,
    "won": DisputeStatus.WON,
    "warning_closed": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}
OUTCOMES = {DisputeStatus.WON: PaymentStatus.WON, DisputeStatus.LOST: PaymentStatus.LOST}


def refresh(*, account, dispute_id, now):
    """Read a dispute from Stripe and write down what it says now; repeats and order do not matter.

    A dispute about a charge that is not ours is left alone. Raises gateway.GatewayError.
    """
    found = gateway.retrieve_dispute(account=account, dispute_id=dispute_id)
    status = STATUSES.get(found.status)
    if status is None:
        return None
    with transaction.atomic():
        return _write(account, found, status, now)


def answer(*, dispute, texts, key, by, now):
    """Send the bank the salon's side: `texts` are Stripe's fields. The dispute is with the bank then; returns it.

    Raises DisputeAnswered where it waits for no answer, AnswerNotSent where Stripe took none.
    """
    dispute = Dispute.objects.select_related("payment__booking").get(pk=dispute.pk)
    if dispute.status != DisputeStatus.OPEN:
        raise DisputeAnswered
    account = dispute.payment.provider_account_id
    try:
        gateway.answer_dispute(account=account, dispute_id=dispute.pk, texts=texts, key=f"answer-{key}")
        answered = refresh(account=account, dispute_id=dispute.pk, now=now)
    except gateway.GatewayError as exc:
        raise AnswerNotSent from exc
    audit.record(
        actor=by,
        action="payment.dispute_answered",
        subject=dispute.payment.booking,
        at=now,
        after={"fields": sorted(texts)},
    )
    return answered


def _write(account, found, status, now):
    about = _about(account, found.payment_intent_id)
    if about is None:
        return None
    dispute, new = Dispute.objects.get_or_create(
        stripe_id=found.id,
        defaults=about
        | {
            "charge_id": found.charge_id,
            "reason": found.reason,
            "amount_cents": found.amount_cents,
            "currency_code": found.currency,
            "opened_at": datetime.fromtimestamp(found.created, UTC),
        },
    )
    if found.evidence_due:
        dispute.evidence_due_at = datetime.fromtimestamp(found.evidence_due, UTC)
    changed = new or dispute.status != status
    dispute.status = status
    if status in OUTCOMES and not dispute.closed_at:
        dispute.closed_at = now
    dispute.save()
    _move_money(dispute, found, account, now)
    if dispute.payment and not found.status.startswith("warning"):
        # A bank's question alone takes nothing, and is best answered by a refund: it freezes nothing either.
        states.raise_rank(dispute.payment, OUTCOMES.get(status, PaymentStatus.DISPUTED))
        dispute.payment.save(update_fields=["status"])
    if changed:
        _tell(dispute, now)
        notices.tell_of_dispute(dispute, now=now)
    return dispute


def _about(account, payment_intent_id):
    """The payment or the sale a charge of this account belongs to, locked."""
    payment = (
        Payment.objects.select_for_update(of=("self",), no_key=True)
        .filter(provider_payment_id=payment_intent_id, provider_account_id=account)
        .first()
    )
    if payment:
        return {"payment": payment}
    order = (
        GiftCardOrder.objects.select_for_update(of=("self",), no_key=True)
        .filter(payment_intent_id=payment_intent_id, stripe_account_id=account)
        .first()
    )
    return {"order": order} if order else None


def _move_money(dispute, found, account, now):
    """The bank takes the money at once where it is no mere warning, and gives it back when the salon wins."""
    movement = {
        "stripe_id": dispute.pk,
        "at": now,
        "amount_cents": dispute.amount_cents,
        "currency_code": dispute.currency_code,
        "stripe_account_id": account,
        "payment_intent_id": found.payment_intent_id,
        "payment": dispute.payment,
        "order": dispute.order,
        "booking_id": dispute.payment.booking_id if dispute.payment else None,
    }
    if found.withdrawn and recording.write_entry(kind=LedgerKind.DISPUTE, **movement) and dispute.order:
        # Whoever wants the money for a gift card back may not spend the card meanwhile.
        orders_back.take_back(order=dispute.order, by=SYSTEM, now=now, reason="The sale is disputed.")
    if found.reinstated:
        recording.write_entry(kind=LedgerKind.DISPUTE_WON, **movement)


def _tell(dispute, now):
    audit.record(
        actor=SYSTEM,
        action=f"payment.dispute_{dispute.status}",
        subject=dispute.payment.booking if dispute.payment else dispute.order,
        at=now,
        after={"amount_cents": dispute.amount_cents, "reason": dispute.reason},
    )
