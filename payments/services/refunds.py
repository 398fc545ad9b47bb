"""Refund: money back to the card, and to the gift card where that paid."""

from django.db import transaction

from payments import amounts
from payments.models import ActionKind, GiftCardOrder, OrderStatus, PaymentStatus, RefundType
from payments.services import driving, orders_back, pressing
from payments.services.errors import AmountRefused, Disputed, NothingToRefund, PaidElsewhere
from tenants.money import Money


def refund(*, business, booking, key, by, now, amount_cents=None, reason="", refund_type=""):
    """Give back `amount_cents`, by default all that is left, the platform's fee in proportion included.

    The card gets its money first, then the gift card. `refund_type` no_show_fee_only gives back what a no-show cost.
    Returns the MoneyAction: succeeded, abandoned where Stripe refused, or still open where it gave no answer. Pressed
    again with the same `key` it returns the same action. Raises NothingToRefund, AmountRefused (a card moves money in
    steps of its currency), PaidElsewhere, Disputed, ActionInProgress, KeyMismatch; nothing is written then.
    """
    action, fresh = _write(
        booking=booking, key=key, by=by, amount_cents=amount_cents, reason=reason, refund_type=refund_type
    )
    return driving.drive(action) if fresh else action


@transaction.atomic
def _write(*, booking, key, by, amount_cents, reason, refund_type):
    booking = pressing.locked_booking(booking)
    asked = [refund_type] if refund_type == RefundType.NO_SHOW_FEE_ONLY else []
    params_hash = pressing.digest(ActionKind.REFUND, booking.pk, amount_cents, *asked, *pressing.said(reason))
    if found := pressing.earlier(key, by, params_hash):
        return found, False
    pressing.refuse_open(booking=booking)
    payment = booking.payments.select_for_update(no_key=True).filter(is_current=True).first()
    to_card, to_gift = _parts(payment, amount_cents, refund_type)
    action = pressing.write_action(
        by=by,
        key=key,
        booking=booking,
        payment=payment,
        kind=ActionKind.REFUND,
        params_hash=params_hash,
        amount_cents=to_card,
        gift_cents=to_gift,
        application_fee_cents=payment.application_fee_cents,
        currency_code=payment.currency_code,
        stripe_account_id=payment.provider_account_id,
        payment_intent_id=payment.provider_payment_id,
        refund_type=refund_type,
        reason=reason[:500],
    )
    return action, True


def _parts(payment, amount_cents, refund_type):
    """(to the card, to the gift card) of what is asked for, or why not."""
    if payment is None:
        raise NothingToRefund
    if payment.status in (PaymentStatus.DISPUTED, PaymentStatus.LOST):
        raise Disputed
    left = payment.refundable.cents
    if payment.cash_cents and not left:
        raise PaidElsewhere
    if refund_type == RefundType.NO_SHOW_FEE_ONLY:
        if not payment.no_show_fee_cents:
            raise NothingToRefund("No no-show fee was charged for this booking.")
        amount_cents = min(left, payment.no_show_fee_cents)
    amount_cents = left if amount_cents is None else amount_cents
    if not 0 < amount_cents <= left:
        raise NothingToRefund(f"At most {payment.refundable} can be refunded.")
    to_card, to_gift = amounts.refund_split(amount_cents=amount_cents, card_left_cents=payment.net_captured.cents)
    rest = to_card % amounts.step(payment.currency_code)
    if rest and not refund_type:
        step = Money(amounts.step(payment.currency_code), payment.currency_code)
        raise AmountRefused(f"Money goes back to a card in steps of {step}. Give back a little more or less.")
    return to_card - rest, to_gift


def refund_order(*, order, key, by, now, reason=""):
    """Give the money for a gift card back: what was not spent of it, and the card ends. See `refund`.

    Of a package it is the visits nobody has used or booked, each worth its share of the price.
    """
    action, fresh = _write_order(order=order, key=key, by=by, now=now, reason=reason)
    return driving.drive(action) if fresh else action


@transaction.atomic
def _write_order(*, order, key, by, now, reason):
    order = GiftCardOrder.objects.select_for_update(of=("self",), no_key=True).select_related("card").get(pk=order.pk)
    params_hash = pressing.digest(ActionKind.REFUND, order.pk)
    if found := pressing.earlier(key, by, params_hash):
        return found, False
    pressing.refuse_open(order=order)
    if order.status != OrderStatus.PAID:
        raise NothingToRefund("There is nothing left to refund of this gift card.")
    if order.disputes.filter(closed_at=None).exists():
        raise Disputed
    # Taken out now: what is on its way back to the buyer cannot be spent meanwhile.
    left = orders_back.take_back(order=order, by=by, now=now, reason="The sale is refunded.")
    if not left:
        raise NothingToRefund("This gift card has been spent.")
    action = pressing.write_action(
        by=by,
        key=key,
        order=order,
        kind=ActionKind.REFUND,
        params_hash=params_hash,
        amount_cents=left,
        application_fee_cents=order.application_fee_cents,
        currency_code=order.currency_code,
        stripe_account_id=order.stripe_account_id,
        payment_intent_id=order.payment_intent_id,
        reason=reason[:500],
    )
    return action, True
