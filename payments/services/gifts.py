"""A gift card at checkout: put aside while the visit is held, and agreed to with it."""

from django.db import transaction

from audit import actors
from bookings import queries as bookings_queries
from bookings import terms
from bookings.models import Status
from bookings.services import NotAllowed, TermsChanged, locked_family
from giftcards import queries, services
from payments import amounts
from payments.services import pressing


class GiftCardChanged(TermsChanged):
    code = "gift_card_changed"
    message = "What your gift card pays has changed in the meantime. Please look at the amounts and agree once more."


@transaction.atomic
def put_aside(*, business, booking, code, address, now):
    """Put the gift card with this code aside for a booking that is being made, instead of an earlier one.

    One of a family gets it with all of it: in the order of the visits each takes what it needs, until nothing is left.
    Whoever asks counts the attempts (`giftcards.guessing`). Raises giftcards' refusals and NotAllowed.
    """
    visits = _being_made(booking)
    how = {"code": code, "business": business, "now": now, "by": actors.customer(visits[0].contact_name, address)}
    if booking.family_id:
        services.reserve_in_turn(bookings=visits, **how)
    else:
        services.reserve(booking=visits[0], **how)


@transaction.atomic
def take_off(*, booking, address, now):
    """Put no gift card aside any more for a booking that is being made, and for its family. Raises NotAllowed afterwards."""
    visits = _being_made(booking)
    services.release_for_all(bookings=visits, now=now, by=actors.customer(visits[0].contact_name, address))


def _being_made(booking):
    """The booking, or all visits of its family in order; locked. What has been booked and agreed to is changed by nobody
    here.
    """
    visits = locked_family(booking.family) if booking.family_id else [pressing.locked_booking(booking)]
    for each in visits:
        if each.status not in (Status.HOLD, Status.PENDING) or each.hold_expires_at is None:
            raise NotAllowed(status_now=each.status)
    return visits


def gift_for(*, business, booking):
    """What the gift card put aside for a booking pays of it, a `terms.Gift` by today's terms; None without one."""
    reservation = queries.reservation_of(booking)
    if reservation is None:
        return None
    split = amounts.split(
        price_cents=booking.price_cents,
        currency=booking.currency_code,
        percent=reservation.percent,
        gift_cents=reservation.cents,
        has_card=booking.card_required,
        at_salon=True,
    )
    return terms.Gift(
        reservation=str(reservation.pk),
        name=str(reservation.card),
        percent=reservation.percent,
        paid_cents=split.gift_cents,
        discount_cents=split.discount_cents,
        card_cents=split.card_cents,
        salon_cents=split.cash_cents,
        card_asked=booking.card_required and bool(split.card_cents or _fees_left(business, booking, reservation)),
        visits=reservation.uses if reservation.card.is_package else 0,
    )


def _fees_left(business, booking, reservation):
    """The most that a fee can leave to a card, by the strictest terms on offer: the same whoever books.

    A package leaves nothing: its visit is used up instead.
    """
    if reservation.card.is_package:
        return 0
    offer = bookings_queries.offer_for(business=business, booking=booking)
    return max(
        _left(fee, one, reservation)
        for one in (offer.anybody, offer.some or offer.anybody)
        for fee in (one.cancellation_fee_cents, one.no_show_fee_cents)
    )


def _left(fee_cents, offered, reservation):
    return amounts.split(
        price_cents=fee_cents,
        currency=offered.currency_code,
        gift_cents=reservation.cents if offered.gift_cards_pay_fees else 0,
        has_card=True,
        at_salon=False,
    ).card_cents


def check_agreed(booking):
    """Raises GiftCardChanged unless what was agreed to, on this locked booking, is what is put aside."""
    agreed, reservation = terms.gift_of(booking.consent), queries.reservation_of(booking)
    if (agreed and agreed.reservation) != (reservation and str(reservation.pk)):
        raise GiftCardChanged
