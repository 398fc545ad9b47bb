"""The sale of a gift card given back. Its unspent rest was taken out of it by the press already."""

from audit.actors import SYSTEM
from giftcards import services as giftcards
from payments import amounts, receipts
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


def unspent_cents(order):
    """What a refund of the sale would give back now: never more than is left of what was captured."""
    card = order.card
    return _movable(order, _worth_of(order, card.visits_left) if order.package_id else card.balance_cents)


def take_back(*, order, by, now, reason):
    """End the card and take out what is left of it, in the caller's transaction; returns the cents that can go back.

    The card is locked by it: what is on its way back can be spent by nobody, and what was spent first is not given back.
    """
    if order.package_id:
        visits = giftcards.take_back(card=order.card, by=by, now=now, reason=reason)
        rest = _worth_of(order, visits)
    else:
        rest = giftcards.disable(card=order.card, by=by, now=now, reason=reason)
    return _movable(order, rest)


def _movable(order, cents):
    """As much of it as is left of what was captured, in amounts that Stripe can move."""
    cents = min(order.captured_cents - order.refunded_cents, cents)
    return cents - cents % amounts.step(order.currency_code)


def _worth_of(order, visits):
    """What so many visits of a package were sold for, rounded down: all of them are never worth more than was paid."""
    return order.captured_cents * visits // order.package_visits


def _visits_for(order, cents):
    """How many visits were worth these cents: what `_worth_of` was asked for, as a visit costs a cent or more."""
    return -(-cents * order.package_visits // order.captured_cents)


def refunded(*, action, found, now):
    """Write a refunded sale down, in the caller's transaction. Repeated, it changes nothing (Overtaken)."""
    order = GiftCardOrder.objects.select_for_update(no_key=True).get(pk=action.order_id)
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
    reason, by = "The refund of the sale was refused.", receipts.actor_of(action)
    _good_again(order, action.amount_cents, by=by, now=now, reason=reason, action_id=action.pk)


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


def refund_failed(*, order, found, now):
    """The bank sent the money back: it was sold after all, and the card is good again. The caller holds the order's row.

    Where nobody had heard of the refund, it is written down with its end. A card that a dispute has ended stays ended.
    """
    heard = LedgerEntry.objects.filter(kind=LedgerKind.REFUND, stripe_id=found.id).exists()
    if not (heard or found.moved):
        return
    entry_is_new(order=order, found=found, now=now)
    new = recording.write_entry(
        kind=LedgerKind.REFUND_FAILED,
        stripe_id=found.id,
        at=now,
        amount_cents=found.amount_cents,
        application_fee_cents=0,
        order=order,
        stripe_account_id=order.stripe_account_id,
        payment_intent_id=order.payment_intent_id,
        currency_code=order.currency_code,
    )
    if not new:
        return
    order.refunded_cents -= found.amount_cents
    order.status = OrderStatus.PAID
    order.save(update_fields=["refunded_cents", "status"])
    Refund.objects.filter(action__refund_id=found.id).update(status=RefundStatus.FAILED)
    if heard and not order.disputes.exclude(status=DisputeStatus.WON).exists():
        _good_again(order, found.amount_cents, by=SYSTEM, now=now, reason="The bank sent the refund back.")


def _good_again(order, cents, *, by, now, reason, action_id=None):
    """Put back what was taken out for a refund, as far as it is not back already."""
    if order.package_id:
        visits = _visits_for(order, cents)
        giftcards.hand_back(card=order.card, visits=visits, by=by, now=now, reason=reason, action_id=action_id)
        return
    cents = min(cents, giftcards.room_cents(order.card))
    giftcards.enable(card=order.card, cents=cents, by=by, now=now, reason=reason, action_id=action_id)
