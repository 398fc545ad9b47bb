"""What the customer agrees to: the policies' words, and their fees as dates and amounts. Pure; only `wording` writes English."""

from bookings.terms.amounts import deposit, fee
from bookings.terms.applied import cancellation_fee, cancellation_limit, held, moved, moved_back, no_show_fee
from bookings.terms.gifts import Gift, gift_of, takes_visits
from bookings.terms.offers import Offer, offer
from bookings.terms.snapshot import HOLD_WITHIN, Terms, Why, terms_for

__all__ = [
    "HOLD_WITHIN",
    "Gift",
    "Offer",
    "Terms",
    "Why",
    "cancellation_fee",
    "cancellation_limit",
    "deposit",
    "fee",
    "gift_of",
    "held",
    "moved",
    "moved_back",
    "no_show_fee",
    "offer",
    "takes_visits",
    "terms_for",
]
