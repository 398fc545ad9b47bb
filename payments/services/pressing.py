"""What every press has in common: one at a time, the same key the same press, one row in the press's transaction."""

import json
from hashlib import sha256

from django.db import IntegrityError, transaction

from bookings.models import Booking
from payments.models import FINAL_STATES, WAITING, Method, MoneyAction, Payment
from payments.services.errors import ActionInProgress, KeyMismatch


def locked_booking(booking):
    """The booking as it is now, locked against every other press.

    Not its key: whoever writes down what Stripe has moved holds the payment and only refers to the booking. Waiting
    for that, while they wait for the payment, would be a deadlock.
    """
    return Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=booking.pk)


def digest(*params):
    """What a press asked for: a key that comes back with something else is refused."""
    return sha256(json.dumps([str(param) for param in params]).encode()).hexdigest()


def said(reason):
    """The reason as a part of what was asked for; none is what it was before there were any."""
    return [f"reason={reason}"] if reason else []


def earlier(key, by, params_hash):
    """The action an earlier press with this key made, or None. Raises KeyMismatch."""
    found = MoneyAction.objects.filter(actor_id=by.id, client_key=key).first()
    if found and found.params_hash != params_hash:
        raise KeyMismatch
    return found


def refuse_open(**about):
    """Raises ActionInProgress while a press about this booking or order has not come to an end."""
    waiting = MoneyAction.objects.filter(**about).exclude(state__in=FINAL_STATES).values_list("state", "kind").first()
    if waiting:
        state, kind = waiting
        raise ActionInProgress(state=state, kind=kind)


def write_action(*, by, key, **fields):
    """The press as a row. Raises KeyMismatch where the same person's key was used on another booking this very moment."""
    try:
        with transaction.atomic():
            return MoneyAction.objects.create(client_key=key, actor_id=by.id, actor_label=by.label, **fields)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name == "one_action_per_key":
            raise KeyMismatch from exc
        raise


def is_under_way(*, action, now):
    """Whether somebody is driving a press at this moment, or is just about to."""
    driven = action.leased_until is not None and action.leased_until > now
    return action.state in WAITING and (driven or not action.attempts)


def current_payment(booking):
    """The booking's current payment, locked; bookings staff wrote down by hand get theirs here."""
    payment, _ = Payment.objects.select_for_update(no_key=True).get_or_create(
        booking=booking,
        is_current=True,
        defaults={
            "customer_id": booking.customer_id,
            "amount_cents": booking.price_cents,
            "currency_code": booking.currency_code,
            "method": Method.CASH,
        },
    )
    return payment
