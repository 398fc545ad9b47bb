"""The only writer of `Wish.status` and `Offer.status`.

Whoever needs several rows takes them in this order: booking, offer, wish. Then a hold that ends by itself, a press of its
customer and somebody who makes the next offer never wait for each other in a circle.
"""

from audit import services as audit
from waitlist.models import Offer, OfferStatus, Wish, WishStatus
from waitlist.services.errors import OfferOver, WishEnded

ALLOWED = {
    WishStatus.WAITING: {
        WishStatus.OFFERED,
        WishStatus.BOOKED,
        WishStatus.LEFT,
        WishStatus.REMOVED,
        WishStatus.OVER,
    },
    WishStatus.OFFERED: {WishStatus.WAITING, WishStatus.BOOKED, WishStatus.LEFT, WishStatus.REMOVED},
    WishStatus.BOOKED: set(),
    WishStatus.LEFT: set(),
    WishStatus.REMOVED: set(),
    WishStatus.OVER: set(),
}
ALLOWED_OFFERS = {
    OfferStatus.OPEN: {
        OfferStatus.ACCEPTED,
        OfferStatus.DECLINED,
        OfferStatus.EXPIRED,
        OfferStatus.WITHDRAWN,
    },
    OfferStatus.ACCEPTED: {
        OfferStatus.BOOKED,
        OfferStatus.DECLINED,
        OfferStatus.EXPIRED,
        OfferStatus.WITHDRAWN,
    },
    OfferStatus.BOOKED: set(),
    OfferStatus.DECLINED: set(),
    OfferStatus.EXPIRED: set(),
    OfferStatus.WITHDRAWN: set(),
}
#: An offer in one of these states keeps its time.
RUNNING = (OfferStatus.OPEN, OfferStatus.ACCEPTED)


def move_wish(wish, *, to, by, at, **more):
    """Move a wish its caller has locked, and write the trail. Raises WishEnded."""
    if to not in ALLOWED[WishStatus(wish.status)]:
        raise WishEnded
    before, wish.status = wish.status, to
    wish.ended_at = None if wish.is_open else at
    wish.save(update_fields=["status", "ended_at"])
    audit.record(
        actor=by, action=f"wish.{to}", subject=wish, at=at, before={"status": before}, after={"status": str(to), **more}
    )


def move_offer(offer, *, to, at):
    """Move an offer its caller has locked. Raises OfferOver."""
    if to not in ALLOWED_OFFERS[OfferStatus(offer.status)]:
        raise OfferOver
    offer.status = to
    offer.answered_at = at
    offer.save(update_fields=["status", "answered_at"])


def locked_wish(pk):
    return Wish.objects.select_for_update().get(pk=pk)


def locked_offer(pk):
    """The offer as it is now; the caller has locked its booking."""
    return Offer.objects.select_for_update().get(pk=pk)
