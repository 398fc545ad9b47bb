"""Taking money from a card: create, confirm, capture; and making sure nothing is taken where the salon took it itself."""

import structlog
from django.db import connection, transaction
from django.utils import timezone

from payments import gateway, notices, queries, receipts
from payments.models import ActionState, Method, Payment, PaymentStatus
from payments.services import holding, recording, states

logger = structlog.get_logger("tithi.payments")


def drive(action):
    """One leased charge, from where its row says it stands. Raises GatewayError where Stripe gave no answer."""
    account = action.stripe_account_id
    if action.state == ActionState.PLANNED:
        states.move(action, ActionState.CREATING)
    if action.state == ActionState.CREATING:
        holding.release_now(booking=action.booking)
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
    """Make the intent and commit its id. A lost answer leaves an unconfirmed intent behind: it is looked for first, and
    moves nothing."""
    setup = queries.card_of(action.booking)
    try:
        intent = _made_before(action, account, setup) or gateway.create_payment(
            account=account,
            amount=action.amount,
            fee_cents=action.application_fee_cents,
            customer_id=setup.stripe_customer_id,
            payment_method_id=setup.payment_method_id,
            metadata=metadata(action),
            key=f"charge-{action.pk}-{action.attempts}",
        )
    except gateway.GatewayUnavailable:
        raise
    except gateway.GatewayError as exc:
        fail(action, exc)
        return False
    with transaction.atomic():
        states.move(action, ActionState.CONFIRMING, payment_intent_id=intent.id)
        Payment.objects.filter(pk=action.payment_id).update(provider_payment_id=intent.id)
    return True


def _made_before(action, account, setup):
    if action.attempts < 2:
        return None
    return gateway.find_payment(account=account, customer_id=setup.stripe_customer_id, action_id=action.pk)


def _confirm(action, account, found):
    """Authorise; returns the intent when there is something to capture, None when the action stops here."""
    if found is not None and found.status in ("requires_capture", "succeeded", "canceled"):
        return _after_confirm(action, found)
    try:
        found = gateway.confirm_payment(
            account=account,
            payment_intent_id=action.payment_intent_id,
            payment_method_id=queries.card_of(action.booking).payment_method_id,
        )
    except gateway.UnexpectedState:
        found = gateway.retrieve_payment(account=account, payment_intent_id=action.payment_intent_id)
    except gateway.GatewayUnavailable:
        raise
    except gateway.AuthenticationNeeded as exc:
        _ask_the_customer(action, str(exc))
        return None
    except gateway.GatewayError as exc:
        fail(action, exc)
        return None
    return _after_confirm(action, found)


def _after_confirm(action, found):
    if found.status in ("requires_capture", "succeeded"):
        with transaction.atomic():
            states.move(action, ActionState.CAPTURING)
            payment = recording.locked_payment(action.payment_id)
            states.raise_rank(payment, PaymentStatus.AUTHORIZED)
            payment.provider_charge_id = found.charge_id or payment.provider_charge_id
            payment.save()
        return found
    if found.status == "requires_action":
        _ask_the_customer(action, "The bank wants the customer to confirm.")
    else:
        _not_payable(action, found)
    return None


@transaction.atomic
def _not_payable(action, found):
    """The intent can take nothing. One that was given up at Stripe never will: another try makes a new one."""
    if found.status == "canceled":
        Payment.objects.filter(pk=action.payment_id).update(provider_payment_id=None)
    fail(
        action,
        gateway.GatewayError(f"The payment {found.id} is {found.status}.", found.error_code),
        **({"payment_intent_id": None} if found.status == "canceled" else {}),
    )


def _ask_the_customer(action, why):
    """The bank wants the card's owner: they get a link to this very payment."""
    with transaction.atomic():
        states.move(action, ActionState.NEEDS_CUSTOMER, last_error=why[:1000])
        payment = recording.locked_payment(action.payment_id)
        states.settle(payment, PaymentStatus.REQUIRES_ACTION)
        payment.save(update_fields=["status"])
        receipts.queue_pay_link(action=action, now=timezone.now())
        notices.tell_of_charge(action, "needs_customer", now=timezone.now())


def _capture(action, account, found):
    if found.status == "requires_capture":
        try:
            found = gateway.capture_payment(
                account=account,
                payment_intent_id=action.payment_intent_id,
                amount_cents=action.amount_cents,
                fee_cents=action.application_fee_cents,
            )
        except gateway.UnexpectedState:
            found = gateway.retrieve_payment(account=account, payment_intent_id=action.payment_intent_id)
        except gateway.GatewayUnavailable:
            raise
        except gateway.GatewayError as exc:
            fail(action, exc)
            return
    if found.status == "succeeded":
        _charged(action, found)
    elif found.status == "canceled" and holding.was_held(payment_intent_id=action.payment_intent_id):
        _charge_afresh(action)
    else:
        _not_payable(action, found)


@transaction.atomic
def _charged(action, found):
    """Money has moved: say so once, with its receipt."""
    payment = recording.locked_payment(action.payment_id)
    states.move(action, ActionState.SUCCEEDED, last_error="", decline_code="")
    recording.captured(action=action, payment=payment, found=found, now=timezone.now())


def _charge_afresh(action):
    """What was held on the card had run out before the press took it: the saved card is charged like any other.

    The sweeper goes on from here; nothing was taken by the intent that is gone.
    """
    with transaction.atomic():
        states.move(action, ActionState.PLANNED, payment_intent_id=None)
        Payment.objects.filter(pk=action.payment_id).update(provider_payment_id=None)
    drive(action)


@transaction.atomic
def fail(action, exc, **fields):
    """The charge did not happen; it waits for another try, another card, or the till."""
    logger.warning("money_action_failed", action_id=str(action.pk), code=exc.code)
    declined = isinstance(exc, gateway.CardDeclined)
    now = timezone.now()
    states.move(
        action,
        ActionState.FAILED,
        last_error=f"{exc} ({exc.code})"[:1000],
        decline_code=exc.code[:64],
        declines=action.declines + declined,
        first_declined_at=action.first_declined_at or (now if declined else None),
        **fields,
    )
    payment = recording.locked_payment(action.payment_id)
    states.settle(payment, PaymentStatus.FAILED)
    payment.save(update_fields=["status"])
    notices.tell_of_charge(action, "failed", now=now)


def drive_cash(action):
    """The salon took the money itself: the intent of the charge it replaces is given up first, for good.

    An intent that was captured after all is money taken by card: it is written down as such, and no cash.
    """
    payment = action.payment
    if payment.provider_payment_id:
        found = _give_up(action.stripe_account_id, payment.provider_payment_id)
        if found.status == "succeeded":
            _taken_by_card(action, found)
            return
        if found.status != "canceled":
            raise gateway.GatewayUnavailable(f"The payment is {found.status}.")
    _till(action)


def _give_up(account, payment_intent_id):
    try:
        return gateway.cancel_payment(account=account, payment_intent_id=payment_intent_id)
    except gateway.UnexpectedState:
        return gateway.retrieve_payment(account=account, payment_intent_id=payment_intent_id)


@transaction.atomic
def _till(action):
    payment, now = recording.locked_payment(action.payment_id), timezone.now()
    states.move(action, ActionState.NOTHING_DUE, ActionState.SUCCEEDED, last_error="")
    payment.cash_cents += action.cash_cents
    payment.waived_cents += action.waived_cents
    payment.captured_at = now
    if payment.cash_cents or payment.gift_cents:
        payment.method = Method.CASH
        states.raise_rank(payment, PaymentStatus.CAPTURED)
    else:
        states.settle(payment, PaymentStatus.CANCELED)
    payment.save()
    if action.waived_cents:
        recording.let_go(action=action, now=now)
    else:
        recording.paid_at_the_till(action=action, now=now)


@transaction.atomic
def _taken_by_card(action, found):
    payment = recording.locked_payment(action.payment_id)
    states.move(action, ActionState.ABANDONED, last_error="The card had been charged after all.")
    recording.captured(action=action, payment=payment, found=found, now=timezone.now())


def metadata(action):
    about = {"booking_id": str(action.booking_id)} if action.booking_id else {"order_id": str(action.order_id)}
    return {"tenant": connection.schema_name, **about, "action_id": str(action.pk)}
