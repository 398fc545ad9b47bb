"""What becomes of an offer: taken, declined, run out, booked. The next in line hears of it through the freed time."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from audit import actors
from bookings import services as bookings
from bookings.models import Status
from bookings.services import holds
from tenants.clock import database_now
from waitlist.models import Offer, OfferStatus, WishStatus
from waitlist.services.errors import OfferOver
from waitlist.services.status import RUNNING, locked_offer, locked_wish, move_offer, move_wish


@transaction.atomic
def accept(*, offer, browser_key, now):
    """Take the time: its hold belongs to this browser from now on, which leads it through checkout like any other.

    The first press gives as long as a fresh hold has, where less is left. Pressed again, also elsewhere, it goes on
    there. Returns the Booking. Raises OfferOver, HoldExpired; nothing is written then.
    """
    booking = holds.locked_hold(offer.booking, states=(Status.HOLD, Status.PENDING))
    offer = locked_offer(offer.pk)
    if offer.status not in RUNNING:
        raise OfferOver
    if offer.status == OfferStatus.OPEN:
        move_offer(offer, to=OfferStatus.ACCEPTED, at=now)
        least = database_now() + timedelta(minutes=settings.HOLD_MINUTES)
        if booking.hold_expires_at and booking.hold_expires_at < least:
            holds.set_expiry(booking, least)
    holds.hand_over(booking, browser_key=browser_key)
    return booking


@transaction.atomic
def decline(*, offer, now):
    """The time is not wanted: it is free at once, and its person waits on for another. Raises OfferOver."""
    booking = holds.locked(offer.booking)
    offer = locked_offer(offer.pk)
    move_offer(offer, to=OfferStatus.DECLINED, at=now)
    wish = locked_wish(offer.wish_id)
    move_wish(wish, to=WishStatus.WAITING, by=actors.customer(wish.name), at=now, answer="declined")
    bookings.release_hold(booking=booking)
    return wish


@transaction.atomic
def note_lapsed(*, booking, now):
    """A hold has ended by itself: if it kept a time for somebody, they wait on. The caller has locked the booking."""
    offer = _running(booking)
    if offer is None:
        return
    move_offer(offer, to=OfferStatus.EXPIRED, at=now)
    wish = locked_wish(offer.wish_id)
    if wish.status == WishStatus.OFFERED:
        move_wish(wish, to=WishStatus.WAITING, by=actors.SYSTEM, at=now, answer="none")


@transaction.atomic
def note_booked(*, booking, now):
    """A kept time has become a visit: its person waits no longer. The caller has locked the booking."""
    offer = _running(booking)
    if offer is None:
        return
    if offer.status == OfferStatus.OPEN:  # staff have booked it for them
        move_offer(offer, to=OfferStatus.ACCEPTED, at=now)
    move_offer(offer, to=OfferStatus.BOOKED, at=now)
    wish = locked_wish(offer.wish_id)
    if wish.status == WishStatus.OFFERED:
        move_wish(wish, to=WishStatus.BOOKED, by=actors.customer(wish.name), at=now)


def _running(booking):
    return Offer.objects.select_for_update().filter(booking=booking, status__in=RUNNING).first()
