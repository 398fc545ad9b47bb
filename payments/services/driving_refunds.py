"""Giving money back: look first, then refund; the gift card's part follows in the transaction that writes it down."""

from contextlib import suppress

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from giftcards import services as giftcards
from payments import gateway, receipts
from payments.models import ActionState, MoneyAction
from payments.services import driving_charges, orders_back, recording, states


def drive(action):
    """One leased refund. Raises GatewayError where Stripe gave no answer.

    A lost answer is found by the action's id in the refund's metadata. The key stays the same while Stripe is silent: a
    slower driver's call, still on its way, must not become a second refund. It changes only after Stripe itself has
    answered with a failure, which that key would repeat for a day.
    """
    if action.state == ActionState.PLANNED:
        states.move(action, ActionState.CREATING)
    if action.state == ActionState.CREATING:
        states.move(action, ActionState.CAPTURING)
    if not action.amount_cents:
        _refunded(action, None)
        return
    account = action.stripe_account_id
    found = None
    if action.attempts > 1:
        found = gateway.find_refund(account=account, payment_intent_id=action.payment_intent_id, action_id=action.pk)
    try:
        found = found or gateway.create_refund(
            account=account,
            payment_intent_id=action.payment_intent_id,
            amount_cents=action.amount_cents,
            with_fee=action.application_fee_cents > 0,
            metadata=driving_charges.metadata(action),
            key=f"refund-{action.pk}-{action.key_generation}",
        )
    except gateway.GatewayUnavailable as exc:
        if exc.answered:
            MoneyAction.objects.filter(pk=action.pk).update(key_generation=F("key_generation") + 1)
        raise
    except gateway.GatewayError as exc:
        _fail(action, exc)
        return
    if found.status in ("succeeded", "pending"):
        _refunded(action, found)
    else:
        _fail(action, gateway.GatewayError(f"The refund is {found.status}."))


@transaction.atomic
def _refunded(action, found):
    now = timezone.now()
    if action.order_id:
        orders_back.refunded(action=action, found=found, now=now)
        return
    payment = recording.locked_payment(action.payment_id)
    states.move(action, ActionState.SUCCEEDED, refund_id=found.id if found else None, last_error="")
    if found:
        recording.refunded(payment=payment, found=found, now=now, action=action)
    if action.gift_cents:
        giftcards.restore(
            booking=action.booking,
            cents=action.gift_cents,
            action_id=action.pk,
            now=now,
            by=receipts.actor_of(action),
        )
        payment.gift_restored_cents += action.gift_cents
    elif payment.discount_cents and not payment.refundable.cents:
        # Nothing is redeemed any more where an earlier refund, which the bank sent back, has given the use back.
        with suppress(giftcards.NothingReserved):
            giftcards.restore_percent_use(
                booking=action.booking, action_id=action.pk, now=now, by=receipts.actor_of(action)
            )
    recording.raise_by_refunds(payment)
    payment.save()
    action.payment = payment
    recording.note_refund(action=action, found=found, now=now)


@transaction.atomic
def _fail(action, exc):
    """A refused refund ends: nothing went back, and it may be asked for again."""
    states.move(action, ActionState.FAILED, ActionState.ABANDONED, last_error=f"{exc} ({exc.code})"[:1000])
    if action.order_id:
        orders_back.not_refunded(action=action, now=timezone.now())
