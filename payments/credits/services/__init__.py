"""Credits: `balance` is what somebody has, `buying` how more comes in, `taking_back` how that may go again."""

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
    InvoiceUnavailable,
    Pack,
    UnknownPack,
    invoice_url,
    note_failure,
    packs,
    settle,
    start_purchase,
)
from payments.credits.services.taking_back import money_moved, refresh_money_back

__all__ = [
    "CheckoutUnavailable",
    "InvoiceUnavailable",
    "NoProfile",
    "NotEnoughCredits",
    "NothingSpent",
    "Pack",
    "ReferenceTaken",
    "UnknownPack",
    "get_or_create_profile",
    "give_back",
    "invoice_url",
    "money_moved",
    "note_failure",
    "packs",
    "profile_of",
    "refresh_money_back",
    "settle",
    "spend",
    "start_purchase",
    "update_profile",
]
