"""The customer's last step: details, consent and card become a booking with a payment that is owed, not taken."""

from django.db import transaction

from bookings import services as bookings
from payments.models import Method, Payment
from payments.services import cards


@transaction.atomic
def submit_checkout(*, business, booking, details, address, now, by=None, seen=""):
    """`bookings.services.submit_details`, and the payment that stands for what is owed: `requires_action`.

    Raises what submit_details raises.
    """
    booking = bookings.submit_details(
        business=business, booking=booking, details=details, address=address, now=now, by=by, seen=seen
    )
    owed = {
        "customer": booking.customer,
        "amount_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "method": Method.CARD if booking.card_required else Method.CASH,
        "provider_account_id": (business.billing.stripe_account_id or "") if booking.card_required else "",
        "explicit_consent_flag": by is None,
    }
    # The booking's row is locked: nobody else makes its payment at this moment.
    Payment.objects.update_or_create(booking=booking, is_current=True, defaults=owed)
    return booking


def place_booking(*, business, booking, now, setup_intent_id="", hosted_page_id=""):
    """Confirm a pending booking: verify its card at Stripe where one is asked for, then promise the time.

    Pressed twice it confirms once. Raises CardNotSaved, bookings' CardRequired, HoldExpired, NotAllowed, GatewayError.
    """
    card_on_file = False
    if booking.card_required:
        setup = cards.accept_card(booking=booking, setup_intent_id=setup_intent_id, hosted_page_id=hosted_page_id)
        Payment.objects.filter(booking=booking).update(provider_setup_intent_id=setup.setup_intent_id)
        card_on_file = True
    return bookings.confirm_booking(business=business, booking=booking, now=now, card_on_file=card_on_file)
