"""What Stripe has moved, written down once: ledger, payment, trail and the customer's receipt in one transaction.

Everything here is called inside a transaction of the caller's, with the payment locked.
"""

from django.db.models import Q, Sum

from audit import services as audit
from payments import amounts, receipts, signals
from payments.models import (
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    RefundType,
)
from payments.services import states


def locked_payment(pk):
    """The payment, locked against everybody who writes it. Not its key, as with bookings: see `pressing.locked_booking`."""
    return Payment.objects.select_for_update(no_key=True).get(pk=pk)


def write_entry(*, kind, stripe_id, at, **fields):
    """One line of the ledger; whether it is new. The unique constraint makes a movement known by its Stripe id one line."""
    _, new = LedgerEntry.objects.get_or_create(kind=kind, stripe_id=stripe_id, defaults=fields | {"at": at})
    return new


def captured(*, action, payment, found, now):
    """A card was charged for a press: `found` is the gateway's PaymentIntent. Repeated, it changes nothing."""
    new = write_entry(
        kind=LedgerKind.CAPTURE,
        stripe_id=found.charge_id,
        at=now,
        amount_cents=found.captured_cents,
        application_fee_cents=found.application_fee_cents,
        **_whose(payment, action),
    )
    if not new:
        return
    payment.captured_cents, payment.captured_at = found.captured_cents, now
    payment.application_fee_cents = found.application_fee_cents
    payment.provider_charge_id = found.charge_id
    if found.card:  # the one on file, or another one its owner gave for this payment
        payment.provider_metadata |= {"card": found.card}
    states.raise_rank(payment, PaymentStatus.CAPTURED)
    payment.save()
    signals.payment_captured.send(sender=Payment, payment=payment, cents=found.captured_cents, at=now)
    audit.record(
        actor=receipts.actor_of(action),
        action="payment.captured",
        subject=action.booking,
        at=now,
        after={"amount_cents": found.captured_cents, "currency_code": action.currency_code},
    )
    receipts.queue_receipt(action=action, payment=payment, now=now)


def let_go(*, action, now):
    """Somebody decided that nobody pays it: the trail says who, how much and why."""
    _decided(action, "payment.let_go", action.waived_cents, now)


def paid_at_the_till(*, action, now):
    _decided(action, "payment.paid_in_cash", action.cash_cents, now)


def _decided(action, verb, cents, now):
    after = {"amount_cents": cents, "currency_code": action.currency_code, "reason": action.reason}
    audit.record(actor=receipts.actor_of(action), action=verb, subject=action.booking, at=now, after=after)


def refunded(*, payment, found, now, action=None):
    """Money went back to the card, by a press or in Stripe's dashboard: `found` is the gateway's RefundResult.

    Repeated, it changes nothing but who did it.
    """
    new = write_entry(
        kind=LedgerKind.REFUND,
        stripe_id=found.id,
        at=now,
        amount_cents=found.amount_cents,
        application_fee_cents=fee_back(
            found,
            fee_cents=payment.application_fee_cents,
            captured_cents=payment.captured_cents,
            refunded_before_cents=refunded_so_far(payment),
        ),
        **_whose(payment, action),
    )
    if new:
        _count_refunds(payment)
        signals.payment_refunded.send(sender=Payment, payment=payment, cents=found.amount_cents, at=now)
    elif action:  # an event told of it first
        LedgerEntry.objects.filter(kind=LedgerKind.REFUND, stripe_id=found.id, action=None).update(action=action)
    return new


def fee_back(found, **of_charge):
    """The platform's share that a refund brings back, as Stripe says; until it does, the proportion our presses ask for."""
    if found.fee_cents is not None:
        return found.fee_cents
    if "action_id" not in found.metadata:
        return 0
    return amounts.fee_back(amount_cents=found.amount_cents, **of_charge)


def refund_failed(*, payment, found, now):
    """The bank sent a refund back after all: the salon has the money again. Stripe keeps no fee back for that.

    Where nobody had heard of the refund before, it is written down with its end. Repeated, it changes nothing.
    """
    if found.moved:
        refunded(payment=payment, found=found, now=now)
    entry = LedgerEntry.objects.filter(kind=LedgerKind.REFUND, stripe_id=found.id, payment=payment).first()
    if entry is None:
        return
    new = write_entry(
        kind=LedgerKind.REFUND_FAILED,
        stripe_id=found.id,
        at=now,
        amount_cents=entry.amount_cents,
        application_fee_cents=0,
        **_whose(payment, entry.action),
    )
    if new:
        payment.refunded_cents = refunded_so_far(payment)
        states.after_refund_failed(payment)
        payment.save()
        Refund.objects.filter(action__refund_id=found.id).update(status=RefundStatus.FAILED)


def refunded_so_far(payment):
    """What has gone back to the card, refunds the bank returned left out."""
    sums = LedgerEntry.objects.filter(payment=payment).aggregate(
        back=Sum("amount_cents", filter=Q(kind=LedgerKind.REFUND), default=0),
        returned=Sum("amount_cents", filter=Q(kind=LedgerKind.REFUND_FAILED), default=0),
    )
    return sums["back"] - sums["returned"]


def note_refund(*, action, found, now):
    """The refund of a press as a row of its own, its notice to the customer, and the trail."""
    payment, amount_cents = action.payment, found.amount_cents if found else 0
    whole = amount_cents + action.gift_cents == payment.captured_cents + payment.gift_cents
    pending = found is not None and found.status == "pending"
    Refund.objects.create(
        payment=payment,
        booking=action.booking,
        action=action,
        amount_cents=amount_cents,
        gift_cents=action.gift_cents,
        reason=action.reason,
        refund_type=_type_of(action, whole),
        status=RefundStatus.PENDING if pending else RefundStatus.SUCCEEDED,
    )
    audit.record(
        actor=receipts.actor_of(action),
        action="payment.refunded",
        subject=action.booking,
        at=now,
        after={
            "amount_cents": amount_cents,
            "gift_cents": action.gift_cents,
            "currency_code": action.currency_code,
            "reason": action.reason,
        },
    )
    receipts.queue_refund_notice(action=action, payment=payment, now=now)


def _type_of(action, whole):
    if action.refund_type == RefundType.NO_SHOW_FEE_ONLY:
        return RefundType.NO_SHOW_FEE_ONLY
    return RefundType.FULL if whole else RefundType.PARTIAL


def _count_refunds(payment):
    payment.refunded_cents = min(refunded_so_far(payment), payment.captured_cents)
    raise_by_refunds(payment)
    payment.save()


def raise_by_refunds(payment):
    """Partly or fully given back, to the card and to the gift card. Unsaved: the caller saves."""
    if payment.refunded_cents or payment.gift_restored_cents:
        whole = not payment.refundable.cents
        states.raise_rank(payment, PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED)


def _whose(payment, action):
    return {
        "booking_id": payment.booking_id,
        "payment": payment,
        "action": action,
        "stripe_account_id": payment.provider_account_id,
        "payment_intent_id": payment.provider_payment_id,
        "currency_code": payment.currency_code,
    }
