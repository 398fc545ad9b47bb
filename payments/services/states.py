"""The only writers of an action's state and of a payment's status, each with its allowed moves."""

from itertools import pairwise

from django.utils import timezone

from payments.models import ActionState, MoneyAction, PaymentStatus

ALLOWED = {
    # Straight to capturing: a press takes over the money held on the card.
    ActionState.PLANNED: {
        ActionState.CREATING,
        ActionState.CAPTURING,
        ActionState.NOTHING_DUE,
        ActionState.ABANDONED,
    },
    ActionState.CREATING: {ActionState.CONFIRMING, ActionState.CAPTURING, ActionState.FAILED},
    ActionState.CONFIRMING: {
        ActionState.CAPTURING,
        ActionState.NEEDS_CUSTOMER,
        ActionState.FAILED,
        ActionState.SUCCEEDED,
    },
    # Back to planned: the money held on the card had run out before it was taken.
    ActionState.CAPTURING: {ActionState.SUCCEEDED, ActionState.FAILED, ActionState.PLANNED},
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
    PaymentStatus.CANCELED: 0,
    PaymentStatus.AUTHORIZED: 1,
    PaymentStatus.CAPTURED: 2,
    PaymentStatus.PARTIALLY_REFUNDED: 3,
    PaymentStatus.REFUNDED: 4,
    PaymentStatus.DISPUTED: 5,
    PaymentStatus.WON: 6,
    PaymentStatus.LOST: 6,
}


class Overtaken(Exception):
    """Another driver has taken the action further: whatever we found out, it knows by now."""


def move(action, *states, **fields):
    """The only writer of an action's state: compare-and-set, so that of two drivers one goes on and one gives way.

    Through several `states` at once where nothing happens between them. Raises Overtaken. Called first in its transaction,
    it takes everything that follows back with it.
    """
    for before, to in pairwise([action.state, *states]):
        if to not in ALLOWED[ActionState(before)]:
            raise ValueError(f"{before} cannot become {to}")
    fields |= {"state": states[-1], "updated_at": timezone.now()}
    if not MoneyAction.objects.filter(pk=action.pk, state=action.state).update(**fields):
        raise Overtaken
    for name, value in fields.items():
        setattr(action, name, value)


def raise_rank(payment, status):
    """Take a locked payment up to a status; lower or equal ones change nothing. Unsaved: the caller saves."""
    if RANK[status] > RANK[PaymentStatus(payment.status)]:
        payment.status = status


def settle(payment, status):
    """Among the states before any money has moved: owed, failed, nothing due. Unsaved: the caller saves."""
    if RANK[PaymentStatus(payment.status)] == RANK[status] == 0:
        payment.status = status


def after_refund_failed(payment):
    """The one way down: the bank sent a refund back, and the salon has the money again. Unsaved."""
    if payment.status in (PaymentStatus.REFUNDED, PaymentStatus.PARTIALLY_REFUNDED):
        left = payment.refunded_cents + payment.gift_restored_cents
        payment.status = PaymentStatus.PARTIALLY_REFUNDED if left else PaymentStatus.CAPTURED
