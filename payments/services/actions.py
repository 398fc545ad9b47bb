"""The money buttons. A press writes one MoneyAction with the booking's new state; then the action is driven.

Driving calls Stripe between transactions and writes down each step before the next, so that a process killed
anywhere is taken over by `finish_open_actions`. An intent is created unconfirmed, its id committed, then confirmed,
then captured; on any doubt it is read by id and its status decides. A fresh try never makes a second charge.
"""

import json
from datetime import timedelta
from hashlib import sha256

import structlog
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from audit import services as audit
from bookings import services as bookings
from bookings.models import Booking
from payments import gateway, receipts
from payments.models import (
    FINAL_STATES,
    ActionKind,
    ActionState,
    Method,
    MoneyAction,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    RefundType,
)
from payments.services import cards
from tenants.errors import DomainError
from tenants.money import share

logger = structlog.get_logger("tithi.payments")

#: How long one driver may work on an action before another takes over.
LEASE = timedelta(seconds=60)

ALLOWED = {
    ActionState.PLANNED: {ActionState.CREATING, ActionState.NOTHING_DUE},
    ActionState.CREATING: {ActionState.CONFIRMING, ActionState.CAPTURING, ActionState.FAILED},
    ActionState.CONFIRMING: {
        ActionState.CAPTURING,
        ActionState.NEEDS_CUSTOMER,
        ActionState.FAILED,
        ActionState.SUCCEEDED,
    },
    ActionState.CAPTURING: {ActionState.SUCCEEDED, ActionState.FAILED},
    ActionState.NEEDS_CUSTOMER: {ActionState.CONFIRMING, ActionState.ABANDONED},
    ActionState.FAILED: {ActionState.PLANNED, ActionState.CONFIRMING, ActionState.ABANDONED},
    ActionState.NOTHING_DUE: {ActionState.SUCCEEDED},
    ActionState.SUCCEEDED: set(),
    ActionState.ABANDONED: set(),
}

#: Payments only rise: a late or repeated event never takes a paid booking back to unpaid.
RANK = {
    PaymentStatus.FAILED: 0,
    PaymentStatus.REQUIRES_ACTION: 0,
    PaymentStatus.AUTHORIZED: 1,
    PaymentStatus.CAPTURED: 2,
    PaymentStatus.PARTIALLY_REFUNDED: 3,
    PaymentStatus.REFUNDED: 4,
}


class ActionInProgress(DomainError):
    code = "action_in_progress"
    status = 409
    message = "Another payment step for this booking is still open."


class KeyMismatch(DomainError):
    code = "idempotency_mismatch"
    status = 422
    message = "This idempotency key was used for a different request."


class NothingToRefund(DomainError):
    code = "nothing_to_refund"
    status = 422
    message = "There is nothing left to refund on this booking."


class PaidElsewhere(DomainError):
    code = "paid_at_salon"
    status = 422
    message = "This booking was paid at the salon. Give the money back there."


def complete(*, business, booking, key, by, now):
    """Completed: the visit took place; its price is captured from the saved card with the platform's fee.

    Returns the MoneyAction as far as it came: succeeded, failed, needs_customer, or still open where Stripe gave no
    answer (it is then finished in the background). The booking is completed either way. Pressed again with the same
    `key` it returns the same action. Raises bookings' NotAllowed, ActionInProgress, KeyMismatch.
    """
    action, fresh = _press_complete(business=business, booking=booking, key=key, by=by, now=now)
    return drive(action) if fresh else action


@transaction.atomic
def _press_complete(*, business, booking, key, by, now):
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    digest = _digest(ActionKind.COMPLETE, booking.pk)
    if earlier := _earlier(key, by, digest):
        return earlier, False
    _refuse_open(booking)
    bookings.complete_booking(booking=booking, by=by, now=now)
    payment = _payment_of(booking)
    by_card = payment.method == Method.CARD and payment.amount_cents > 0 and cards.has_card(booking)
    action = _write_action(
        booking=booking,
        payment=payment,
        kind=ActionKind.COMPLETE,
        client_key=key,
        params_hash=digest,
        amount_cents=payment.amount_cents,
        application_fee_cents=share(payment.amount_cents, settings.APPLICATION_FEE_BASIS_POINTS) if by_card else 0,
        currency_code=payment.currency_code,
        actor_id=by.id,
        actor_label=by.label,
    )
    if not by_card:
        _settle_at_salon(action, payment, now)
    return action, by_card


def _payment_of(booking):
    """The payment, locked; bookings staff wrote down by hand get theirs here."""
    payment, _ = Payment.objects.select_for_update().get_or_create(
        booking=booking,
        defaults={
            "customer": booking.customer,
            "amount_cents": booking.price_cents,
            "currency_code": booking.currency_code,
            "method": Method.CASH,
        },
    )
    return payment


def _settle_at_salon(action, payment, now):
    """No card on file, or nothing to pay: the salon takes the money itself; recorded without a Stripe call."""
    _move(action, ActionState.NOTHING_DUE)
    _move(action, ActionState.SUCCEEDED)
    payment.method, payment.status = Method.CASH, PaymentStatus.CAPTURED
    payment.captured_cents, payment.captured_at = payment.amount_cents, now
    payment.save()


def refund(*, business, booking, key, by, now, amount_cents=None, reason=""):
    """Refund: give back `amount_cents`, by default all that is left, the platform's fee in proportion included.

    Returns the MoneyAction. Raises NothingToRefund, PaidElsewhere, ActionInProgress, KeyMismatch.
    """
    action, fresh = _press_refund(booking=booking, key=key, by=by, amount_cents=amount_cents, reason=reason)
    return drive(action) if fresh else action


@transaction.atomic
def _press_refund(*, booking, key, by, amount_cents, reason):
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    digest = _digest(ActionKind.REFUND, booking.pk, amount_cents, reason)
    if earlier := _earlier(key, by, digest):
        return earlier, False
    _refuse_open(booking)
    payment = Payment.objects.select_for_update().filter(booking=booking).first()
    if payment is None or payment.status not in (PaymentStatus.CAPTURED, PaymentStatus.PARTIALLY_REFUNDED):
        raise NothingToRefund
    if payment.method != Method.CARD:
        raise PaidElsewhere
    left = payment.net_captured.cents
    amount_cents = left if amount_cents is None else amount_cents
    if not 0 < amount_cents <= left:
        raise NothingToRefund(f"At most {payment.net_captured} can be refunded.")
    action = _write_action(
        booking=booking,
        payment=payment,
        kind=ActionKind.REFUND,
        client_key=key,
        params_hash=digest,
        amount_cents=amount_cents,
        currency_code=payment.currency_code,
        payment_intent_id=payment.provider_payment_id,
        reason=reason[:500],
        actor_id=by.id,
        actor_label=by.label,
    )
    return action, True


def retry(*, action):
    """Try a failed or unanswered charge again, on the same PaymentIntent. Returns the action as far as it came."""
    with transaction.atomic():
        action = MoneyAction.objects.select_for_update().get(pk=action.pk)
        if action.state in (ActionState.FAILED, ActionState.NEEDS_CUSTOMER):
            _move(action, ActionState.CONFIRMING if action.payment_intent_id else ActionState.PLANNED)
    return drive(action)


def _digest(*params):
    return sha256(json.dumps([str(param) for param in params]).encode()).hexdigest()


def _earlier(key, by, digest):
    """The action an earlier press with this key made."""
    earlier = MoneyAction.objects.filter(actor_id=by.id, client_key=key).first()
    if earlier and earlier.params_hash != digest:
        raise KeyMismatch
    return earlier


def _write_action(**fields):
    """The press as a row. Raises KeyMismatch where the same person's key was used on another booking this very moment."""
    try:
        with transaction.atomic():
            return MoneyAction.objects.create(**fields)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name == "one_action_per_key":
            raise KeyMismatch from exc
        raise


def _refuse_open(booking):
    if MoneyAction.objects.filter(booking=booking).exclude(state__in=FINAL_STATES).exists():
        raise ActionInProgress


class Overtaken(Exception):
    """Another driver has taken the action further: whatever we found out, it knows by now."""


def _move(action, to, **fields):
    """The only writer of an action's state: compare-and-set, so that of two drivers one goes on and one gives way.

    Raises Overtaken. Called first in its transaction, it takes everything that follows back with it.
    """
    if to not in ALLOWED[ActionState(action.state)]:
        raise ValueError(f"{action.state} cannot become {to}")
    fields |= {"state": to, "updated_at": timezone.now()}
    if not MoneyAction.objects.filter(pk=action.pk, state=action.state).update(**fields):
        raise Overtaken
    for name, value in fields.items():
        setattr(action, name, value)


# Driving ---------------------------------------------------------------------------------------


def drive(action):
    """Take an action as far as it goes now; returns it. Harmless when it is finished or somebody else drives it."""
    if not _lease(action):
        action.refresh_from_db()
        return action
    try:
        (_drive_charge if action.kind == ActionKind.COMPLETE else _drive_refund)(action)
    except gateway.GatewayError as exc:  # no answer, or what the row names cannot be read: it stays open
        logger.warning("stripe_unavailable", action_id=str(action.pk), error=str(exc))
        _note(action, exc)
    except Overtaken:
        logger.warning("money_action_overtaken", action_id=str(action.pk))
    finally:
        MoneyAction.objects.filter(pk=action.pk).update(leased_until=None)
    action.refresh_from_db()
    return action


def _lease(action):
    """Become the one driver for a minute: compare-and-set, so two processes never drive one action."""
    now = timezone.now()
    waiting = (ActionState.PLANNED, ActionState.CREATING, ActionState.CONFIRMING, ActionState.CAPTURING)
    won = (
        MoneyAction.objects.filter(pk=action.pk, state__in=waiting)
        .filter(Q(leased_until=None) | Q(leased_until__lt=now))
        .update(leased_until=now + LEASE, attempts=action.attempts + 1)
    )
    if won:
        action.refresh_from_db()
    return bool(won)


def _note(action, exc):
    """Why it did not go on; it goes to the end of the sweeper's queue, so that a hopeless one blocks nobody."""
    MoneyAction.objects.filter(pk=action.pk).update(
        last_error=f"{type(exc).__name__}: {exc}"[:1000], updated_at=timezone.now()
    )


def _drive_charge(action):
    account = action.payment.provider_account_id
    if action.state == ActionState.PLANNED:
        _move(action, ActionState.CREATING)
    if action.state == ActionState.CREATING:
        if not _create_intent(action, account):
            return
        found = None
    else:
        # Resumed: somebody may have come further than the row says.
        found = gateway.retrieve_payment(account=account, payment_intent_id=action.payment_intent_id)
    if action.state == ActionState.CONFIRMING:
        found = _confirm(action, account, found)
        if found is None:
            return
    _capture(action, account, found)


def _create_intent(action, account):
    """Make the intent and commit its id. A lost answer leaves an unconfirmed intent behind: harmless, nothing moves."""
    setup = action.booking.card_setup
    try:
        intent = gateway.create_payment(
            account=account,
            amount=action.amount,
            fee_cents=action.application_fee_cents,
            customer_id=setup.stripe_customer_id,
            payment_method_id=setup.payment_method_id,
            metadata=_metadata(action),
            key=f"charge-{action.pk}-{action.attempts}",
        )
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError as exc:
        _fail(action, exc)
        return False
    with transaction.atomic():
        _move(action, ActionState.CONFIRMING, payment_intent_id=intent.id)
        Payment.objects.filter(pk=action.payment_id).update(provider_payment_id=intent.id)
    return True


def _confirm(action, account, found):
    """Authorise; returns the intent when there is something to capture, None when the action stops here."""
    if found is not None and found.status in ("requires_capture", "succeeded", "canceled"):
        return _after_confirm(action, found)
    try:
        found = gateway.confirm_payment(account=account, payment_intent_id=action.payment_intent_id)
    except gateway.UnexpectedState:
        found = gateway.retrieve_payment(account=account, payment_intent_id=action.payment_intent_id)
    except gateway.GatewayUnavailable:
        raise
    except gateway.AuthenticationNeeded as exc:
        _move(action, ActionState.NEEDS_CUSTOMER, last_error=str(exc)[:1000])
        return None
    except gateway.GatewayError as exc:
        _fail(action, exc)
        return None
    return _after_confirm(action, found)


def _after_confirm(action, found):
    if found.status in ("requires_capture", "succeeded"):
        with transaction.atomic():
            _move(action, ActionState.CAPTURING)
            raise_rank(_locked_payment(action), PaymentStatus.AUTHORIZED, charge_id=found.charge_id)
        return found
    if found.status == "requires_action":
        _move(action, ActionState.NEEDS_CUSTOMER, last_error="The bank wants the customer to confirm.")
    else:
        _fail(action, gateway.GatewayError(f"The payment is {found.status}.", found.error_code))
    return None


def _capture(action, account, found):
    if found.status != "succeeded":
        try:
            found = gateway.capture_payment(account=account, payment_intent_id=action.payment_intent_id)
        except gateway.UnexpectedState:
            found = gateway.retrieve_payment(account=account, payment_intent_id=action.payment_intent_id)
        except gateway.GatewayUnavailable:
            raise
        except gateway.GatewayError as exc:
            _fail(action, exc)
            return
    if found.status == "succeeded":
        _charged(action, found)
    else:
        _fail(action, gateway.GatewayError(f"The payment is {found.status}."))


@transaction.atomic
def _charged(action, found):
    """Money has moved: say so once, with its receipt."""
    now = timezone.now()
    payment = _locked_payment(action)
    _move(action, ActionState.SUCCEEDED, last_error="")
    payment.captured_cents, payment.captured_at = found.captured_cents, now
    payment.application_fee_cents = found.application_fee_cents
    raise_rank(payment, PaymentStatus.CAPTURED, charge_id=found.charge_id)
    audit.record(
        actor=receipts.actor_of(action),
        action="payment.captured",
        subject=action.booking,
        at=now,
        after={"amount_cents": found.captured_cents, "currency_code": action.currency_code},
    )
    receipts.queue_receipt(action=action, payment=payment, now=now)


def _drive_refund(action):
    """Look first, then refund: a lost answer is found by the action's id in the refund's metadata.

    The key stays the same while Stripe is silent: a slower driver's call, still on its way, must not become a second
    refund. It changes only after Stripe itself has answered with a failure, which that key would repeat for a day.
    """
    account = action.payment.provider_account_id
    if action.state == ActionState.PLANNED:
        _move(action, ActionState.CREATING)
    if action.state == ActionState.CREATING:
        _move(action, ActionState.CAPTURING)
    found = None
    if action.attempts > 1:
        found = gateway.find_refund(account=account, payment_intent_id=action.payment_intent_id, action_id=action.pk)
    try:
        found = found or gateway.create_refund(
            account=account,
            payment_intent_id=action.payment_intent_id,
            amount_cents=action.amount_cents,
            with_fee=action.payment.application_fee_cents > 0,
            metadata=_metadata(action),
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
    payment = _locked_payment(action)
    _move(action, ActionState.SUCCEEDED, refund_id=found.id, last_error="")
    Refund.objects.create(
        payment=payment,
        booking=action.booking,
        action=action,
        amount_cents=found.amount_cents,
        reason=action.reason,
        refund_type=RefundType.FULL if found.amount_cents == payment.captured_cents else RefundType.PARTIAL,
        status=RefundStatus.SUCCEEDED if found.status == "succeeded" else RefundStatus.PENDING,
    )
    ours = payment.refunds.exclude(status=RefundStatus.FAILED).aggregate(cents=Sum("amount_cents"))["cents"]
    # An event about this very refund may have been first to write Stripe's total.
    raise_refunded(payment, ours)
    audit.record(
        actor=receipts.actor_of(action),
        action="payment.refunded",
        subject=action.booking,
        at=now,
        after={"amount_cents": found.amount_cents, "currency_code": action.currency_code, "reason": action.reason},
    )
    receipts.queue_refund_notice(action=action, payment=payment, now=now)


@transaction.atomic
def _fail(action, exc):
    """The charge or refund did not happen. A failed refund ends; a failed charge waits for a retry."""
    logger.warning("money_action_failed", action_id=str(action.pk), code=exc.code)
    _move(action, ActionState.FAILED, last_error=f"{exc} ({exc.code})"[:1000])
    payment = _locked_payment(action)
    if action.kind == ActionKind.REFUND:
        _move(action, ActionState.ABANDONED)
    elif RANK.get(payment.status, 9) == 0:
        payment.status = PaymentStatus.FAILED
        payment.save(update_fields=["status"])


def _locked_payment(action):
    return Payment.objects.select_for_update().get(pk=action.payment_id)


def raise_rank(payment, status, *, charge_id=""):
    """The only writer of a payment's status while money moves: upwards only."""
    if RANK[status] > RANK.get(payment.status, 9):
        payment.status = status
    payment.provider_charge_id = charge_id or payment.provider_charge_id
    payment.save()


def raise_refunded(payment, cents):
    """What has gone back in all, as far as anybody knows: it never falls. The caller holds the row."""
    payment.refunded_cents = max(payment.refunded_cents, cents)
    whole = payment.refunded_cents == payment.captured_cents
    raise_rank(payment, PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED)


def _metadata(action):
    return {"tenant": connection.schema_name, "booking_id": str(action.booking_id), "action_id": str(action.pk)}


def finish_open_actions(*, now):
    """Drive every action of this salon that has been waiting for more than a minute; returns how many."""
    stuck = MoneyAction.objects.filter(
        state__in=[ActionState.PLANNED, ActionState.CREATING, ActionState.CONFIRMING, ActionState.CAPTURING],
        updated_at__lt=now - LEASE,
    ).order_by("updated_at")
    actions = list(stuck[:100])
    for action in actions:
        drive(action)
    return len(actions)
