"""Every write of the waiting list."""

from waitlist.services.errors import OfferOver, WishEnded, WishRefused
from waitlist.services.forgetting import forget, forget_ended, to_forget
from waitlist.services.matching import ask_again, make_offer, note_freed, note_new_dates, offer_free_time, to_offer
from waitlist.services.offers import accept, decline, note_booked, note_lapsed
from waitlist.services.wishes import end_over, join, leave, running_offer, taken_offer, to_end

__all__ = [
    "OfferOver",
    "WishEnded",
    "WishRefused",
    "accept",
    "ask_again",
    "decline",
    "end_over",
    "forget",
    "forget_ended",
    "join",
    "leave",
    "make_offer",
    "note_booked",
    "note_freed",
    "note_lapsed",
    "note_new_dates",
    "offer_free_time",
    "running_offer",
    "taken_offer",
    "to_end",
    "to_forget",
    "to_offer",
]
