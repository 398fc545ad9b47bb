"""Credits: `balance` is what somebody has, `buying` how more comes in."""

from payments.credits.services.balance import (
    NoProfile,
    NotEnoughCredits,
    NothingSpent,
    ReferenceTaken,
    get_or_create_profile,
    give_back,
    profile_of,
    spend,
    update_profile,
)
from payments.credits.services.buying import (
    CheckoutUnavailable,
    Pack,
    UnknownPack,
    note_failure,
    packs,
    settle,
    start_purchase,
)

__all__ = [
    "CheckoutUnavailable",
    "NoProfile",
    "NotEnoughCredits",
    "NothingSpent",
    "Pack",
    "ReferenceTaken",
    "UnknownPack",
    "get_or_create_profile",
    "give_back",
    "note_failure",
    "packs",
    "profile_of",
    "settle",
    "spend",
    "start_purchase",
    "update_profile",
]
