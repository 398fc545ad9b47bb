"""Saving a card for a booking: a SetupIntent of ours, on the salon's account, verified by reading it back."""

from django.db import connection, transaction
from django.utils import timezone

from payments import gateway
from payments.models import CardSetup, CardSetupStatus
from tenants.errors import DomainError


class CardNotSaved(DomainError):
    code = "card_not_saved"
    status = 402
    message = "Your card was not saved. Please try again or use another card. Nothing was charged."


def prepare_card(*, business, booking):
    """The SetupIntent for this booking, made on first call: returns (CardSetup, gateway.SetupIntent).

    Called twice at once both answer with the same one. Raises gateway.GatewayError.
    """
    account = business.billing.stripe_account_id
    setup = CardSetup.objects.filter(booking=booking).first()
    if setup:
        intent = gateway.retrieve_setup_intent(account=account, setup_intent_id=setup.setup_intent_id)
        if intent.status != "canceled":
            return setup, intent
        CardSetup.objects.filter(pk=setup.pk).exclude(status=CardSetupStatus.SUCCEEDED).delete()
    intent = _start(account, booking)
    setup, mine = CardSetup.objects.get_or_create(
        booking=booking,
        defaults={
            "stripe_account_id": account,
            "stripe_customer_id": intent.customer_id,
            "setup_intent_id": intent.id,
        },
    )
    if not mine:  # somebody was first: ours is left behind, it moves nothing
        intent = gateway.retrieve_setup_intent(account=account, setup_intent_id=setup.setup_intent_id)
    return setup, intent


def _start(account, booking):
    """A customer and a SetupIntent. Every try has keys of its own (the SDK's): for a fixed key Stripe would repeat a
    stored failure for a day, and what a lost answer leaves behind is harmless."""
    metadata = _metadata(booking)
    customer_id = gateway.create_customer(
        account=account, name=booking.contact_name, email=booking.contact_email, metadata=metadata, key=None
    )
    return gateway.create_setup_intent(account=account, customer_id=customer_id, metadata=metadata, key=None)


def hosted_card_page(*, business, booking, success_url, cancel_url):
    """The address of Stripe's own card page for this booking (browsers without JavaScript).

    `success_url` may contain `{CHECKOUT_SESSION_ID}`, which Stripe fills in.
    """
    setup, _ = prepare_card(business=business, booking=booking)
    page = gateway.create_setup_page(
        account=setup.stripe_account_id,
        customer_id=setup.stripe_customer_id,
        success_url=success_url,
        cancel_url=cancel_url,
        metadata=_metadata(booking),
        currency=booking.currency_code,
        key=None,
    )
    CardSetup.objects.filter(pk=setup.pk).update(checkout_session_id=page.id)
    return page.url


def accept_card(*, booking, setup_intent_id="", hosted_page_id=""):
    """Read the SetupIntent back from Stripe and keep its card. Returns the CardSetup.

    Nothing a browser sends is believed: the intent must be the one made for this booking (or come from the hosted
    page made for it), belong to its Stripe customer on this salon's account, and have succeeded.
    Raises CardNotSaved or gateway.GatewayError.
    """
    setup = CardSetup.objects.filter(booking=booking).first()
    if setup is None:
        raise CardNotSaved
    if setup.status == CardSetupStatus.SUCCEEDED:
        return setup
    wanted = _wanted_intent(setup, setup_intent_id, hosted_page_id)
    intent = gateway.retrieve_setup_intent(account=setup.stripe_account_id, setup_intent_id=wanted)
    mine = (
        intent.customer_id == setup.stripe_customer_id
        and (intent.metadata or {}).get("booking_id") == str(booking.pk)
        and (intent.metadata or {}).get("tenant") == connection.schema_name
    )
    if not mine or intent.status != "succeeded" or not intent.payment_method_id:
        raise CardNotSaved
    return _keep(setup, intent)


def _wanted_intent(setup, setup_intent_id, hosted_page_id):
    if hosted_page_id:
        if hosted_page_id != setup.checkout_session_id:
            raise CardNotSaved
        return (
            gateway.setup_intent_of_page(account=setup.stripe_account_id, page_id=hosted_page_id)
            or setup.setup_intent_id
        )
    if setup_intent_id and setup_intent_id != setup.setup_intent_id:
        raise CardNotSaved
    return setup.setup_intent_id


@transaction.atomic
def _keep(setup, intent):
    setup = CardSetup.objects.select_for_update().get(pk=setup.pk)
    if setup.status == CardSetupStatus.SUCCEEDED:
        return setup
    setup.status, setup.succeeded_at = CardSetupStatus.SUCCEEDED, timezone.now()
    setup.setup_intent_id = intent.id
    setup.payment_method_id = intent.payment_method_id
    setup.brand, setup.last4 = intent.brand, intent.last4
    setup.exp_month, setup.exp_year = intent.exp_month, intent.exp_year
    setup.save()
    return setup


def abandon_card(*, booking):
    """The booking lapsed: its card set-up leads nowhere any more."""
    CardSetup.objects.filter(booking=booking, status=CardSetupStatus.CREATED).update(status=CardSetupStatus.ABANDONED)


def has_card(booking):
    return CardSetup.objects.filter(booking=booking, status=CardSetupStatus.SUCCEEDED).exists()


def _metadata(booking):
    return {"tenant": connection.schema_name, "booking_id": str(booking.pk)}
