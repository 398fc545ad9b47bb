"""Saving a card for a booking: a SetupIntent of ours, on the salon's account, verified by reading it back."""

from django.db import connection, transaction
from django.utils import timezone

from bookings.services import NotAllowed
from payments import gateway
from payments.models import CardSetup, CardSetupStatus
from payments.services import pressing
from tenants.errors import DomainError


class CardNotSaved(DomainError):
    code = "card_not_saved"
    status = 402
    message = "Your card was not saved. Please try again or use another card. Nothing was charged."


def is_asked_for(booking):
    """Whether a booking whose details were sent needs a card: none where its gift card pays all that may become due."""
    gift = booking.consent.get("gift_card")
    return booking.card_required and (gift is None or gift["card_asked"])


def prepare_card(*, business, booking, keep=False, stripe_customer_id=""):
    """The SetupIntent for this booking, made on first call: returns (CardSetup, gateway.SetupIntent).

    `keep`: the customer wants the card kept for the next visits. `stripe_customer_id`: of somebody who has shown to be
    the one whose cards are kept there (`queries.kept_cards_of`); everybody else gets a new one.
    Called twice at once both answer with the same intent. Raises NotAllowed for a booking that is made already, and
    gateway.GatewayError.
    """
    account = business.billing.stripe_account_id
    setup = CardSetup.objects.filter(booking=booking).first()
    intent = setup and _intent_of(setup)
    if intent is None:
        intent = _start(account, booking, stripe_customer_id)
        setup = _written(booking, account, intent, before=setup and setup.setup_intent_id)
        if setup.setup_intent_id != intent.id:  # somebody was first: ours is left behind, it moves nothing
            intent = gateway.retrieve_setup_intent(account=account, setup_intent_id=setup.setup_intent_id)
    if setup.keep != keep:
        CardSetup.objects.filter(pk=setup.pk).update(keep=keep)
        setup.keep = keep
    return setup, intent


def _intent_of(setup):
    """The intent a set-up still has, or None: it was cancelled, or a kept card was chosen instead."""
    if not setup.setup_intent_id:
        return None
    intent = gateway.retrieve_setup_intent(account=setup.stripe_account_id, setup_intent_id=setup.setup_intent_id)
    return None if intent.status == "canceled" else intent


def _start(account, booking, stripe_customer_id):
    """A customer and a SetupIntent. Every try has keys of its own (the SDK's): for a fixed key Stripe would repeat a
    stored failure for a day, and what a lost answer leaves behind is harmless."""
    metadata = metadata_of(booking)
    customer_id = stripe_customer_id or gateway.create_customer(
        account=account, name=booking.contact_name, email=booking.contact_email, metadata=metadata, key=None
    )
    return gateway.create_setup_intent(account=account, customer_id=customer_id, metadata=metadata, key=None)


@transaction.atomic
def _written(booking, account, intent, *, before):
    """The booking's set-up with this new intent where it still has the one `before`, else as somebody else left it.

    Under the booking's lock: one that is being confirmed at this moment keeps the card it is confirmed with.
    """
    booking = pressing.locked_booking(booking)
    if booking.hold_expires_at is None:
        raise NotAllowed(status_now=booking.status)
    setup = CardSetup.objects.filter(booking=booking).first() or CardSetup(booking=booking)
    if setup.setup_intent_id == before:
        setup.stripe_account_id, setup.stripe_customer_id = account, intent.customer_id
        setup.setup_intent_id, setup.checkout_session_id = intent.id, ""
        setup.status, setup.succeeded_at, setup.saved_card = CardSetupStatus.CREATED, None, None
        take_facts(setup, "", gateway.PaymentMethod(id="", customer_id=""))
        setup.save()
    return setup


def hosted_card_page(*, business, booking, success_url, cancel_url, keep=False, stripe_customer_id=""):
    """The address of Stripe's own card page for this booking (browsers without JavaScript). See `prepare_card`.

    `success_url` may contain `{CHECKOUT_SESSION_ID}`, which Stripe fills in.
    """
    setup, _ = prepare_card(business=business, booking=booking, keep=keep, stripe_customer_id=stripe_customer_id)
    return open_page(setup=setup, booking=booking, success_url=success_url, cancel_url=cancel_url)


def open_page(*, setup, booking, success_url, cancel_url):
    """The address of a page of Stripe's that saves a card for this set-up's customer; the latest one counts."""
    page = gateway.create_setup_page(
        account=setup.stripe_account_id,
        customer_id=setup.stripe_customer_id,
        success_url=success_url,
        cancel_url=cancel_url,
        metadata=metadata_of(booking),
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
    wanted = intent_wanted(
        setup, made=setup.setup_intent_id, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id
    )
    return _keep(setup, saved_intent(setup, wanted))


def intent_wanted(setup, *, made, setup_intent_id, hosted_page_id):
    """Which intent to ask Stripe about: ours (`made`), or that of the page we opened. Raises CardNotSaved for others."""
    if hosted_page_id:
        if hosted_page_id != setup.checkout_session_id:
            raise CardNotSaved
        return gateway.setup_intent_of_page(account=setup.stripe_account_id, page_id=hosted_page_id) or made
    if not made or (setup_intent_id and setup_intent_id != made):
        raise CardNotSaved
    return made


def saved_intent(setup, setup_intent_id):
    """The intent as Stripe has it, when it has saved a card for this booking. Raises CardNotSaved."""
    intent = gateway.retrieve_setup_intent(account=setup.stripe_account_id, setup_intent_id=setup_intent_id)
    mine = (
        intent.customer_id == setup.stripe_customer_id
        and (intent.metadata or {}).get("booking_id") == str(setup.booking_id)
        and (intent.metadata or {}).get("tenant") == connection.schema_name
    )
    if not mine or intent.status != "succeeded" or not intent.payment_method_id:
        raise CardNotSaved
    return intent


@transaction.atomic
def _keep(setup, intent):
    before, setup = setup.setup_intent_id, CardSetup.objects.select_for_update().get(pk=setup.pk)
    if setup.status == CardSetupStatus.SUCCEEDED:
        return setup
    if setup.setup_intent_id != before:  # another card has been started meanwhile
        raise CardNotSaved
    setup.status, setup.succeeded_at = CardSetupStatus.SUCCEEDED, timezone.now()
    setup.setup_intent_id = intent.id
    take_facts(setup, intent.payment_method_id, intent)
    setup.save()
    return setup


def share_card(*, of, booking):
    """In the caller's transaction, both rows locked: the card saved for one visit (`of`) is that of another one, too.

    Raises CardNotSaved where there is none.
    """
    saved = CardSetup.objects.filter(booking=of, status=CardSetupStatus.SUCCEEDED).first()
    if saved is None:
        raise CardNotSaved
    setup = CardSetup.objects.filter(booking=booking).first() or CardSetup(booking=booking)
    setup.stripe_account_id, setup.stripe_customer_id = saved.stripe_account_id, saved.stripe_customer_id
    setup.setup_intent_id, setup.checkout_session_id, setup.keep = None, "", saved.keep
    setup.status, setup.succeeded_at, setup.saved_card = saved.status, saved.succeeded_at, saved.saved_card
    take_facts(setup, saved.payment_method_id, saved)
    setup.save()


def take_facts(card, payment_method_id, found):
    """What Stripe says of a card, on a row. Unsaved: the caller saves."""
    card.payment_method_id = payment_method_id
    for name in ("brand", "last4", "exp_month", "exp_year"):
        setattr(card, name, getattr(found, name))


def abandon_card(*, booking):
    """The booking lapsed: its card set-up leads nowhere any more."""
    CardSetup.objects.filter(booking=booking, status=CardSetupStatus.CREATED).update(status=CardSetupStatus.ABANDONED)


def metadata_of(booking):
    """What tells whose a SetupIntent is."""
    return {"tenant": connection.schema_name, "booking_id": str(booking.pk)}
