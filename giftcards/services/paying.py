"""A card and a booking: reserved when it is booked, redeemed or released when it is over, restored by a refund.

Every verb joins its caller's transaction. Order of locks: the booking's row, which the caller holds; advisory locks
of the diary; then cards, by id. Nobody waits for a booking or the diary while holding a card. Who gives up several
run-out holds at once takes their cards as they come; whom the database sacrifices for it is told that the time is taken.
"""

from django.db import transaction
from django.db.models import Sum

from audit import actors
from audit.actors import SYSTEM
from bookings.models import Booking, Status
from bookings.models.bookings import OPEN
from bookings.services import NotAllowed
from giftcards import queries
from giftcards.models import EntryKind, GiftCard, GiftCardEntry, GiftReservation, ReservationState
from giftcards.services import balance
from giftcards.services.errors import (
    GiftCardInvalid,
    GiftCardSettled,
    NotForThisVisit,
    NothingReserved,
    NothingToPay,
    TooFewVisits,
)

RESERVABLE = (Status.HOLD, *OPEN)


@transaction.atomic
def reserve(*, booking, code, business, now, by=None):
    """Put the card with this code aside for a booking: up to its price, or one use of a percentage.

    The booking's earlier reservation is given up for it; the same card entered again changes nothing it need not.
    Raises GiftCardInvalid (NotForThisVisit, TooFewVisits where a good card does not suit the visit), NothingToPay,
    GiftCardSettled or bookings' NotAllowed, with everything as it was.
    """
    booking = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
    if booking.status not in RESERVABLE:
        raise NotAllowed(status_now=booking.status)
    if not booking.price_cents:
        raise NothingToPay
    card = queries.card_for(code)
    if card is None:
        raise GiftCardInvalid
    by = by or actors.customer(booking.contact_name, booking.client_address)
    earlier = queries.reservation_of(booking)
    if earlier:
        if earlier.state == ReservationState.REDEEMED:
            raise GiftCardSettled
        if earlier.card_id == card.pk and (earlier.percent or earlier.cents == booking.price_cents):
            return earlier
        _lock(earlier.card_id, card.pk)
        _release(earlier, action_id=None, now=now, by=by)
    return _reserve(booking, card, business=business, now=now, by=by, action_id=None)


@transaction.atomic
def reserve_in_turn(*, bookings, code, business, now, by):
    """`reserve` for visits that are booked together, in this order: each takes what it needs, until nothing is left.

    A visit the card does not suit is passed over. Their earlier reservations are given up for it. Returns the
    reservations. Raises what `reserve` raises where no visit gets any, with everything as it was.
    """
    _lock_reservable(bookings)
    payable = [booking for booking in bookings if booking.price_cents]
    if not payable:
        raise NothingToPay
    card = queries.card_for(code)
    if card is None:
        raise GiftCardInvalid
    earlier = _reservations(bookings)
    if _has_all(card, payable, earlier):
        return earlier
    _lock(card.pk, *(each.card_id for each in earlier))
    for each in earlier:
        _release(each, action_id=None, now=now, by=by)
    made, refusals = [], []
    for booking in payable:
        try:
            made.append(_reserve(booking, card, business=business, now=now, by=by, action_id=None))
        except GiftCardInvalid as exc:
            refusals.append(exc)
    if not made:
        raise refusals[0]
    return made


def _lock_reservable(bookings):
    found = Booking.objects.select_for_update(of=("self",)).filter(pk__in=[booking.pk for booking in bookings])
    for booking in found.order_by("pk"):
        if booking.status not in RESERVABLE:
            raise NotAllowed(status_now=booking.status)


def _reservations(bookings):
    """What is put aside for each of them. Raises GiftCardSettled."""
    found = [each for each in map(queries.reservation_of, bookings) if each]
    if any(each.state == ReservationState.REDEEMED for each in found):
        raise GiftCardSettled
    return found


def _has_all(card, payable, reservations):
    """Whether the card has put aside for each of them what it needs: it would be the same again."""
    prices = {booking.pk: booking.price_cents for booking in payable}
    full = [each for each in reservations if each.percent or each.cents == prices.get(each.booking_id)]
    return len(full) == len(payable) and {each.card_id for each in full} == {card.pk}


@transaction.atomic
def release_for_all(*, bookings, now, by):
    """`release` for each of several bookings, whichever cards they have."""
    reserved = [
        each for each in map(queries.reservation_of, bookings) if each and each.state == ReservationState.RESERVED
    ]
    _lock(*(each.card_id for each in reserved))
    for each in reserved:
        _release(each, action_id=None, now=now, by=by)


@transaction.atomic
def reserve_again(*, booking, business, action_id=None, now, by):
    """Put the card aside once more that the booking had before it was released or refunded: a press is being corrected.

    Returns None where there was none, or where it is good for nothing any more. The caller has seen that no money is
    left of the earlier press: a percentage that took everything off left none to refund, and is given back here.
    """
    reservation = queries.reservation_of(booking)
    if reservation and reservation.percent and reservation.state == ReservationState.REDEEMED:
        _give_back(reservation, cents=0, whole=True, action_id=action_id, now=now, by=by)
    elif reservation:
        return reservation
    last = GiftReservation.objects.filter(booking=booking).select_related("card").order_by("-created_at").first()
    if last is None or not booking.price_cents:
        return None
    try:
        return _reserve(booking, last.card, business=business, now=now, by=by, action_id=action_id)
    except GiftCardInvalid:
        return None


@transaction.atomic
def release(*, booking, action_id=None, now, by=SYSTEM):
    """Give back what was put aside. A booking without a reservation, or with a redeemed one, is left as it is.

    Money goes back to a card that has expired or been switched off meanwhile too: see `restore`.
    """
    reservation = queries.reservation_of(booking)
    if reservation is None or reservation.state == ReservationState.REDEEMED:
        return None
    return _release(reservation, action_id=action_id, now=now, by=by)


@transaction.atomic
def redeem(*, booking, cents, action_id, now, by):
    """The visit is over and the card pays `cents` of what was put aside; the rest of that goes back to it.

    A percentage is redeemed with 0 cents: it has taken its share off the price. 0 cents of a fixed card are a release.
    Called again with the same `action_id` it changes nothing. Raises NothingReserved, GiftCardSettled.
    """
    reservation = queries.reservation_of(booking)
    if reservation is None:
        raise NothingReserved
    if reservation.state == ReservationState.REDEEMED:
        if not _is_done(action_id, EntryKind.REDEEM):
            raise GiftCardSettled
        return reservation
    if not 0 <= cents <= reservation.cents:
        raise ValueError(f"{cents} cents of {reservation.cents} reserved")
    if not cents and not reservation.percent:
        return _release(reservation, action_id=action_id, now=now, by=by)
    entry = {"card_id": reservation.card_id, "booking": booking, "action_id": action_id, "by": by, "at": now}
    if reservation.cents:
        balance.change(kind=EntryKind.RELEASE, cents=reservation.cents, **entry)
    balance.change(kind=EntryKind.REDEEM, cents=-cents, **entry)
    return _move(reservation, to=ReservationState.REDEEMED, cents=cents)


@transaction.atomic
def restore(*, booking, cents, action_id, now, by):
    """A refund gives `cents` back to the card that paid them; when all of it is back, the use is too.

    Also where the card has expired or been switched off: the money is the customer's, and a refund that vanishes
    helps nobody. It stays on the card, where it cannot be spent and no clock takes it again; staff see it and
    prolong the card, or pay it out and write that down (`adjust`).
    Called again with the same `action_id` it changes nothing. Raises NothingReserved.
    """
    if _is_done(action_id, EntryKind.RESTORE):
        return None
    reservation = queries.reservation_of(booking)
    if reservation is None or reservation.state != ReservationState.REDEEMED:
        raise NothingReserved
    _lock(reservation.card_id)
    left = redeemed_cents(reservation)
    if not 0 < cents <= left:
        raise ValueError(f"{cents} cents of {left} redeemed")
    _give_back(reservation, cents=cents, whole=cents == left, action_id=action_id, now=now, by=by)
    return reservation


@transaction.atomic
def restore_percent_use(*, booking, action_id, now, by):
    """The visit was refunded in full: its percentage may be used once more. Called again it changes nothing."""
    if _is_done(action_id, EntryKind.RESTORE):
        return None
    reservation = queries.reservation_of(booking)
    if reservation is None or reservation.state != ReservationState.REDEEMED or not reservation.percent:
        raise NothingReserved
    _give_back(reservation, cents=0, whole=True, action_id=action_id, now=now, by=by)
    return reservation


def redeemed_cents(reservation):
    """What a redeemed reservation has paid and no refund has given back."""
    kinds = (EntryKind.REDEEM, EntryKind.RESTORE)
    entries = GiftCardEntry.objects.filter(booking=reservation.booking_id, card=reservation.card_id, kind__in=kinds)
    return -(entries.aggregate(cents=Sum("amount_signed_cents"))["cents"] or 0)


def _reserve(booking, card, *, business, now, by, action_id):
    today, needed = now.astimezone(business.zone).date(), queries.needed_for(booking)
    taken = balance.take(
        card_id=card.pk,
        price=booking.price,
        today=today,
        by=by,
        at=now,
        booking=booking,
        service_ids=needed.service_ids,
        uses=card.uses_for(needed),
        action_id=action_id,
    )
    if taken is None:
        raise _why_not(card, booking, needed, today)
    return GiftReservation.objects.create(
        card=card, booking=booking, cents=-taken.cents, percent=card.discount_percent or 0, uses=taken.uses
    )


def _why_not(card, booking, needed, today):
    """What is wrong with a card that was not taken. Who holds the code of a good one is told; nobody else learns a thing."""
    card.refresh_from_db()
    if card.currency_code != booking.currency_code or not card.is_good_on(today):
        return GiftCardInvalid()
    if not card.covers(needed.service_ids):
        return NotForThisVisit(names=queries.names_of(card))
    if not card.is_good_on(today, uses=card.uses_for(needed)):
        return TooFewVisits(left=card.visits_left, needed=card.uses_for(needed))
    return GiftCardInvalid()


def _release(reservation, *, action_id, now, by):
    _move(reservation, to=ReservationState.RELEASED)
    balance.change(
        card_id=reservation.card_id,
        kind=EntryKind.RELEASE,
        cents=reservation.cents,
        uses=-reservation.uses,
        booking=reservation.booking,
        action_id=action_id,
        by=by,
        at=now,
    )
    return reservation


def _give_back(reservation, *, cents, whole, action_id, now, by):
    balance.change(
        card_id=reservation.card_id,
        kind=EntryKind.RESTORE,
        cents=cents,
        uses=-reservation.uses if whole else 0,
        booking=reservation.booking,
        action_id=action_id,
        by=by,
        at=now,
    )
    if whole:
        _move(reservation, to=ReservationState.RELEASED)


def _move(reservation, *, to, **fields):
    """The only writer of a reservation's state. Two that move one at once: the second fails, with all it did."""
    moved = GiftReservation.objects.filter(pk=reservation.pk, state=reservation.state).update(state=to, **fields)
    if not moved:
        raise GiftCardSettled
    reservation.state = to
    for name, value in fields.items():
        setattr(reservation, name, value)
    return reservation


def _is_done(action_id, kind):
    return GiftCardEntry.objects.filter(action_id=action_id, kind=kind).exists()


def _lock(*card_ids):
    list(GiftCard.objects.select_for_update().filter(pk__in=card_ids).order_by("pk").values_list("pk"))
