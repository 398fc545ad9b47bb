"""Booking in one or two calls, for programs: no page, no session, whoever knows a hold's id may finish it."""

from django.db import transaction

from bookings import services as bookings
from bookings.models import Status
from bookings.services.requests import KeyInProgress
from payments import gateway
from payments.services import cards, checkout, gifts
from tenants.errors import DomainError


class CardUnavailable(DomainError):
    code = "card_unavailable"
    status = 503
    message = "We could not reach the payment service. Nothing was booked or charged; please try again in a moment."


def hold(*, business, slot, address, now, gift_code=""):
    """Keep a time, and start saving a card where one is asked for: (Booking, gateway.SetupIntent or None).

    `slot` are `hold_slot`'s basket and start; `gift_code` puts a gift card aside for it. Raises what hold_slot and
    giftcards' reserve raise, with nothing kept, and CardUnavailable, with the time given up again.
    """
    with transaction.atomic():
        booking = bookings.hold_slot(business=business, **slot, address=address, now=now)
        _put_aside(business, booking, gift_code, address, now)
    gift = gifts.gift_for(business=business, booking=booking)
    if gift and not gift.card_asked:
        return booking, None
    return booking, _started_card(business, booking, give_up=True)


def create(
    *,
    business,
    details,
    address,
    now,
    booking=None,
    slot=None,
    key="",
    params=None,
    setup_intent_id="",
    seen="",
    gift_code="",
):
    """Book a held time (`booking`) or a free one (`slot`): (Booking, gateway.SetupIntent or None).

    It is confirmed at once where no card is asked for or `setup_intent_id` has saved one; else it waits, pending,
    for the returned SetupIntent and `confirm`. Called again with the same `key` and `params` it returns the same
    booking. `gift_code` puts a gift card aside for it. Raises what hold_slot, giftcards' reserve, submit_checkout and
    place_booking raise, KeyReused, CardUnavailable.
    """
    found = _earlier(key, params)
    if found is None:
        try:
            found = _write(business, details, address, now, booking, slot, key, params, seen, gift_code)
        except (bookings.SlotTaken, KeyInProgress):
            # The twin of this very request was first: its booking is the answer to both.
            found = _earlier(key, params)
            if found is None:
                raise
    if found.status != Status.PENDING or found.hold_expires_at is None:
        return found, None
    if cards.is_asked_for(found) and not setup_intent_id:
        # With a hold or a key in hand the caller can come back; else the time would be kept for nobody.
        return found, _started_card(business, found, give_up=booking is None and not key)
    return confirm(business=business, booking=found, now=now, setup_intent_id=setup_intent_id), None


def confirm(*, business, booking, now, setup_intent_id=""):
    """`place_booking`, with CardUnavailable for a Stripe that is away: the time stays kept then."""
    try:
        return checkout.place_booking(business=business, booking=booking, now=now, setup_intent_id=setup_intent_id)
    except gateway.GatewayError as exc:
        raise CardUnavailable from exc


def _earlier(key, params):
    found = bookings.find_by_key(key=key, params=params) if key else None
    if found and found.status in (Status.EXPIRED, Status.FAILED):
        raise bookings.HoldExpired
    return found


@transaction.atomic
def _write(business, details, address, now, booking, slot, key, params, seen, gift_code):
    """All of it or nothing: the time, the key, the gift card, the details. A customer's row is locked last."""
    if booking is None:
        booking = bookings.hold_slot(business=business, **slot, address=address, now=now)
    if key:
        bookings.remember_key(booking=booking, key=key, params=params)
    _put_aside(business, booking, gift_code, address, now)
    return checkout.submit_checkout(
        business=business, booking=booking, details=details, address=address, now=now, seen=seen
    )


def _put_aside(business, booking, code, address, now):
    if code:
        gifts.put_aside(business=business, booking=booking, code=code, address=address, now=now)


def _started_card(business, booking, *, give_up):
    if not cards.is_asked_for(booking):
        return None
    try:
        return cards.prepare_card(business=business, booking=booking)[1]
    except gateway.GatewayError as exc:
        if give_up:
            bookings.release_hold(booking=booking)
        raise CardUnavailable from exc
