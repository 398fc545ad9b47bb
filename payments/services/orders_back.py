"""The sale of a gift card given back. Its unspent rest was taken out of it by the press already."""

from audit.actors import SYSTEM
from giftcards import services as giftcards
from payments import receipts
from payments.models import (
    ActionState,
    DisputeStatus,
    GiftCardOrder,
    LedgerEntry,
    LedgerKind,
    OrderStatus,
    Refund,
    RefundStatus,
    RefundType,
)
from payments.services import recording, states


def refunded(*, action, found, now):
    """Write a refunded sale down, in the caller's transaction. Repeated, it changes nothing (Overtaken)."""
    order = GiftCardOrder.objects.select_for_update().get(pk=action.order_id)
    states.move(action, ActionState.SUCCEEDED, refund_id=found.id, last_error="")
    entry_is_new(order=order, found=found, now=now, action=action)
    whole = order.refunded_cents == order.captured_cents
    Refund.objects.create(
        order=order,
        action=action,
        amount_cents=found.amount_cents,
        reason=action.reason,
        refund_type=RefundType.FULL if whole else RefundType.PARTIAL,
        status=RefundStatus.PENDING if found.status == "pending" else RefundStatus.SUCCEEDED,
    )
    receipts.queue_order_refund(action=action, order=order, now=now)


def not_refunded(*, action, now):
    """Stripe refused: the card is good again for what was taken out of it. In the caller's transaction."""
    order = GiftCardOrder.objects.select_related("card").get(pk=action.order_id)
    giftcards.enable(
        card=order.card,
        cents=action.amount_cents,
        by=receipts.actor_of(action),
        now=now,
        reason="The refund of the sale was refused.",
        action_id=action.pk,
    )


def entry_is_new(*, order, found, now, action=None):
    """A refund of a sale in the ledger, once, with what came back of the platform's fee. The caller holds the order's row."""
    new = recording.write_entry(
        kind=LedgerKind.REFUND,
        stripe_id=found.id,
        at=now,
        amount_cents=found.amount_cents,
        application_fee_cents=recording.fee_back(
            found,
            fee_cents=order.application_fee_cents,
            captured_cents=order.captured_cents,
            refunded_before_cents=order.refunded_cents,
        ),
        order=order,
        action=action,
        stripe_account_id=order.stripe_account_id,
        payment_intent_id=order.payment_intent_id,
        currency_code=order.currency_code,
    )
    if new:
        order.refunded_cents += found.amount_cents
        if order.refunded_cents == order.captured_cents:
            order.status = OrderStatus.REFUNDED
        order.save(update_fields=["refunded_cents", "status"])
    elif action:
        LedgerEntry.objects.filter(kind=LedgerKind.REFUND, stripe_id=found.id, action=None).update(action=action)
    return new


def refund_failed(*, order, refund_id, now):
    """The bank sent the money back: it was sold after all, and the card is good again. The caller holds the order's row.

    A card that a dispute has ended stays ended.
    """
    entry = LedgerEntry.objects.filter(kind=LedgerKind.REFUND, stripe_id=refund_id, order=order).first()
    if entry is None:
        return
    new = recording.write_entry(
        kind=LedgerKind.REFUND_FAILED,
        stripe_id=refund_id,
        at=now,
        amount_cents=entry.amount_cents,
        application_fee_cents=0,
        order=order,
        action=entry.action,
        stripe_account_id=order.stripe_account_id,
        payment_intent_id=order.payment_intent_id,
        currency_code=order.currency_code,
    )
    if not new:
        return
    order.refunded_cents -= entry.amount_cents
    order.status = OrderStatus.PAID
    order.save(update_fields=["refunded_cents", "status"])
    Refund.objects.filter(action__refund_id=refund_id).update(status=RefundStatus.FAILED)
    if not order.disputes.exclude(status=DisputeStatus.WON).exists():
        giftcards.enable(
            card=order.card, cents=entry.amount_cents, by=SYSTEM, now=now, reason="The bank sent the refund back."
        )
