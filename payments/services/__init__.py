"""Cards and money. Stripe is called between two transactions, never inside one."""

from payments.services.actions import (
    ActionInProgress,
    KeyMismatch,
    NothingToRefund,
    PaidElsewhere,
    complete,
    drive,
    finish_open_actions,
    refund,
    retry,
)
from payments.services.cards import (
    CardNotSaved,
    abandon_card,
    accept_card,
    hosted_card_page,
    prepare_card,
)
from payments.services.checkout import place_booking, submit_checkout

__all__ = [
    "ActionInProgress",
    "CardNotSaved",
    "KeyMismatch",
    "NothingToRefund",
    "PaidElsewhere",
    "abandon_card",
    "accept_card",
    "complete",
    "drive",
    "finish_open_actions",
    "hosted_card_page",
    "place_booking",
    "prepare_card",
    "refund",
    "retry",
    "submit_checkout",
]
