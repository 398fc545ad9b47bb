"""The customer's last step: details, consent and card become a booking with a payment that is owed, not taken."""

from django.db import transaction

from bookings import services as bookings
from bookings.models import Status
from payments import queries
from payments.models import CardSetup, CardSetupStatus, Method, Payment
from payments.services import cards, gifts, kept_cards, pressing


def take_visit(**how):
    """`bookings.services.take_visit`, with the payment that stands for what is owed."""
    return bookings.take_visit(**how, submit=submit_checkout)


def repeat_visit(**how):
    """`bookings.services.repeat_visit`, each visit with the payment that stands for what is owed."""
    return bookings.repeat_visit(**how, take=take_visit)


@transaction.atomic
def submit_checkout(*, business, booking, details, address, now, by=None, seen="", gift_seen=None, customer=None):
    """`bookings.services.submit_details`, and the payment that stands for what is owed: `requires_action`.

    `gift_seen` is the gift card that was on the page (`terms.Gift.reservation`, "" for none). Raises what
    submit_details raises, and GiftCardChanged.
    """
    booking = pressing.locked_booking(booking)
    gift = gifts.gift_for(business=business, booking=booking)
    if gift_seen is not None and gift_seen != (gift.reservation if gift else ""):
        raise gifts.GiftCardChanged
    booking = bookings.submit_details(
        business=business,
        booking=booking,
        details=details,
        address=address,
        now=now,
        by=by,
        seen=seen,
        gift=gift,
        customer=customer,
    )
    by_card = cards.is_asked_for(booking)
    owed = {
        "customer": booking.customer,
        "amount_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "method": Method.CARD if by_card else _without_card(gift),
        "provider_account_id": (business.billing.stripe_account_id or "") if by_card else "",
        "explicit_consent_flag": by is None,
    }
    # The booking's row is locked: nobody else makes its payment at this moment.
    Payment.objects.update_or_create(booking=booking, is_current=True, defaults=owed)
    return booking


def _without_card(gift):
    return Method.GIFT if gift and not gift.salon_cents else Method.CASH


def place_booking(*, business, booking, now, setup_intent_id="", hosted_page_id=""):
    """Confirm a pending booking: verify its card at Stripe where one is asked for, then promise the time.

    Pressed twice it confirms once. Raises CardNotSaved, GiftCardChanged, bookings' CardRequired, HoldExpired,
    NotAllowed, GatewayError.
    """
    if cards.is_asked_for(booking):
        cards.accept_card(booking=booking, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id)
    return _confirm(business, booking, now)


@transaction.atomic
def _confirm(business, booking, now):
    """Under the booking's lock neither its card nor its gift card can be exchanged: what was agreed to is what is kept."""
    booking = pressing.locked_booking(booking)
    setup, asked = queries.card_of(booking), cards.is_asked_for(booking)
    if booking.status == Status.PENDING and booking.hold_expires_at:
        gifts.check_agreed(booking)
        if asked and setup:
            Payment.objects.filter(booking=booking).update(provider_setup_intent_id=setup.setup_intent_id or "")
            kept_cards.keep(booking=booking, setup=setup)
        elif not asked:  # saved before the gift card was put aside: it was not agreed to
            CardSetup.objects.filter(booking=booking).update(status=CardSetupStatus.ABANDONED)
    return bookings.confirm_booking(
        business=business, booking=booking, now=now, card_on_file=setup is not None, covered=not asked
    )
