"""What must be caught: on every try a payment is made, confirmed and captured anew, with a fresh key."""

from contextlib import contextmanager

from django.apps import AppConfig
from django.db import transaction
from django.utils import timezone


def drive(action):
    """Charge once more, whatever became of the last try."""
    from payments import gateway, queries
    from payments.models import ActionState, MoneyAction
    from payments.services import driving_charges, recording

    setup = queries.card_of(action.booking)
    made = gateway.create_payment(
        account=action.stripe_account_id,
        amount=action.amount,
        fee_cents=action.application_fee_cents,
        customer_id=setup.stripe_customer_id,
        payment_method_id=setup.payment_method_id,
        metadata=driving_charges.metadata(action),
        key=None,
    )
    gateway.confirm_payment(
        account=action.stripe_account_id, payment_intent_id=made.id, payment_method_id=setup.payment_method_id
    )
    found = gateway.capture_payment(
        account=action.stripe_account_id,
        payment_intent_id=made.id,
        amount_cents=action.amount_cents,
        fee_cents=action.application_fee_cents,
    )
    with transaction.atomic():
        payment = recording.locked_payment(action.payment_id)
        payment.provider_payment_id = made.id
        MoneyAction.objects.filter(pk=action.pk).update(state=ActionState.SUCCEEDED, payment_intent_id=made.id)
        recording.captured(action=action, payment=payment, found=found, now=timezone.now())


@contextmanager
def installed():
    """Inside, this process drives charges the wrong way."""
    from payments.services import driving_charges

    right, driving_charges.drive = driving_charges.drive, drive
    try:
        yield
    finally:
        driving_charges.drive = right


class WrongConfig(AppConfig):
    name = "config.chaos.wrong"
    label = "wrong_on_purpose"

    def ready(self):
        from payments.services import driving_charges

        driving_charges.drive = drive
