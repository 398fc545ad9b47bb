"""A charge that did not come through: again with the same card, with another one, with its owner's help, or at the till."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from audit import services as audit
from payments import declines, gateway, receipts
from payments.models import CHARGES, FINAL_STATES, STOPPED, ActionKind, ActionState, MoneyAction, Payment
from payments.services import driving, pressing, states
from payments.services.errors import ActionInProgress, NobodyToAsk, NothingOpen, RetryRefused

logger = structlog.get_logger("tithi.payments")

#: An intent in one of these states can be confirmed by the card's owner.
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
#: How often the sweep asks what became of a payment in its customer's hands, and for how long.
LOOK_AFTER = timedelta(hours=1)
LOOK_FOR = timedelta(days=30)


def retry(*, action, now=None):
    """Try a charge again that failed or was not answered, on the same PaymentIntent. Returns the action.

    Raises RetryRefused where the bank has said that this card will not do, or has said no often enough.
    """
    with transaction.atomic():
        action = MoneyAction.objects.select_for_update(no_key=True).get(pk=action.pk)
        if action.state in STOPPED:
            _check_retry(action, now or timezone.now())
            _reopen(action)
    return driving.drive(action)


def try_again(*, booking, key, by, now):
    """Try again, pressed by somebody: `retry` of the booking's open press, once for each `key`. Returns that press.

    Raises NothingOpen, RetryRefused, KeyMismatch.
    """
    action, fresh = _write_retry(booking=booking, key=key, by=by, now=now)
    return driving.drive(action) if fresh else action


@transaction.atomic
def _write_retry(*, booking, key, by, now):
    booking = pressing.locked_booking(booking)
    params_hash = pressing.digest(ActionKind.RETRY, booking.pk)
    if found := pressing.earlier(key, by, params_hash):
        return _tried_by(found), False
    action = (
        MoneyAction.objects.select_for_update(no_key=True)
        .filter(booking=booking)
        .exclude(state__in=FINAL_STATES)
        .first()
    )
    if action is None:
        raise NothingOpen
    if action.state in STOPPED:
        _check_retry(action, now)
        _reopen(action)
    pressing.write_action(
        by=by,
        key=key,
        booking=booking,
        payment_id=action.payment_id,
        kind=ActionKind.RETRY,
        params_hash=params_hash,
        amount_cents=0,
        currency_code=action.currency_code,
        state=ActionState.SUCCEEDED,
    )
    return action, True


def _tried_by(pressed):
    """The press an earlier Try again was about: the last one before it."""
    before = MoneyAction.objects.filter(booking=pressed.booking_id, created_at__lt=pressed.created_at)
    return before.exclude(kind=ActionKind.RETRY).order_by("-created_at").first()


def may_retry(*, action, now):
    """Whether an open press may be tried again as it is; the card decides, where it was refused."""
    return declines.may_retry(
        code=action.decline_code, declines=action.declines, first_declined_at=action.first_declined_at, now=now
    )


def _check_retry(action, now):
    if not may_retry(action=action, now=now):
        raise RetryRefused


def _reopen(action):
    states.move(action, ActionState.CONFIRMING if action.payment_intent_id else ActionState.PLANNED)


def intent_to_confirm(*, action):
    """The PaymentIntent of a charge that waits for its customer, with the secret to confirm it in their browser.

    None where there is none to confirm: the charge stopped before it had one, or Stripe has it as paid (go on with
    `customer_acted`) or given up. Raises GatewayError.
    """
    if action.state not in STOPPED or not action.payment_intent_id:
        return None
    found = gateway.retrieve_payment(account=action.stripe_account_id, payment_intent_id=action.payment_intent_id)
    return found if found.status in CONFIRMABLE else None


def customer_acted(*, action):
    """The card's owner has confirmed the payment, or given another card for it: ask Stripe, and go on if it is so.

    Believes nothing but the intent. Returns the action as far as it came.
    """
    if action.state in STOPPED and action.payment_intent_id:
        found = gateway.retrieve_payment(account=action.stripe_account_id, payment_intent_id=action.payment_intent_id)
        if found.status in ("requires_capture", "succeeded"):
            _go_on(action)
    return driving.drive(action)


def look_again(*, now):
    """Ask Stripe, once an hour, about payments that wait for their customers: an event may have got lost. How many.

    A payment that was confirmed is captured; nothing is tried.
    """
    actions = list(waiting(now=now).order_by("updated_at")[:20])
    for action in actions:
        try:
            customer_acted(action=action)
        except gateway.GatewayError as exc:
            logger.warning("stripe_unavailable", action_id=str(action.pk), error=str(exc))
        MoneyAction.objects.filter(pk=action.pk, state__in=STOPPED).update(updated_at=now)
    return len(actions)


def waiting(*, now):
    """The payments `look_again` would ask about."""
    return MoneyAction.objects.filter(
        kind__in=CHARGES,
        state__in=STOPPED,
        payment_intent_id__isnull=False,
        updated_at__lt=now - LOOK_AFTER,
        created_at__gt=now - LOOK_FOR,
    )


@transaction.atomic
def _go_on(action):
    action = MoneyAction.objects.select_for_update(no_key=True).get(pk=action.pk)
    if action.state in STOPPED:
        states.move(action, ActionState.CONFIRMING)


def card_replaced(*, booking):
    """The customer has given another card: what the old one was refused for counts no more, and it is tried at once."""
    with transaction.atomic():
        action = MoneyAction.objects.select_for_update(no_key=True).filter(booking=booking, state__in=STOPPED).first()
        if action is None:
            return None
        MoneyAction.objects.filter(pk=action.pk).update(decline_code="", declines=0, first_declined_at=None)
        _reopen(action)
    return driving.drive(action)


@transaction.atomic
def send_link(*, booking, key, by, now):
    """Mail the customer the link to the payment that waits for them, once for each `key`. Returns the press it is about.

    Raises NothingOpen, ActionInProgress, NobodyToAsk.
    """
    booking = pressing.locked_booking(booking)
    charge = _stopped_charge(booking)
    if not booking.contact_email:
        raise NobodyToAsk
    if receipts.queue_pay_link(action=charge, now=now, again=key):
        audit.record(
            actor=by,
            action="payment.link_sent",
            subject=booking,
            at=now,
            after={"amount_cents": charge.amount_cents, "currency_code": charge.currency_code},
        )
    return charge


def take_cash(*, business, booking, key, by, now, waive=False, reason=""):
    """Paid in cash: the salon takes what the card did not give; or, with `waive`, lets it go.

    The payment at Stripe is given up for good before anything is written down as paid. Returns the MoneyAction.
    Raises NothingOpen, ActionInProgress, KeyMismatch.
    """
    action, fresh = _write_cash(booking=booking, key=key, by=by, waive=waive, reason=reason)
    return driving.drive(action) if fresh else action


@transaction.atomic
def _write_cash(*, booking, key, by, waive, reason):
    booking = pressing.locked_booking(booking)
    params_hash = pressing.digest(ActionKind.CASH, booking.pk, waive, *pressing.said(reason))
    if found := pressing.earlier(key, by, params_hash):
        return found, False
    charge = _stopped_charge(booking)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=charge.payment_id)
    states.move(charge, ActionState.ABANDONED)
    action = pressing.write_action(
        by=by,
        key=key,
        booking=booking,
        payment=payment,
        kind=ActionKind.CASH,
        params_hash=params_hash,
        price_cents=charge.price_cents,
        amount_cents=0,
        cash_cents=0 if waive else charge.amount_cents,
        waived_cents=charge.amount_cents if waive else 0,
        currency_code=charge.currency_code,
        stripe_account_id=charge.stripe_account_id,
        reason=reason[:500],
    )
    return action, True


def _stopped_charge(booking):
    charge = (
        MoneyAction.objects.select_for_update(no_key=True)
        .filter(booking=booking, kind__in=CHARGES)
        .exclude(state__in=[ActionState.SUCCEEDED, ActionState.ABANDONED])
        .first()
    )
    if charge is None:
        raise NothingOpen
    if charge.state not in STOPPED:
        raise ActionInProgress(state=charge.state, kind=charge.kind)
    return charge
