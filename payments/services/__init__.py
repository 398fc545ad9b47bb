"""Cards and money. Stripe is called between two transactions, never inside one."""

from payments.services.cards import (
    CardNotSaved,
    abandon_card,
    accept_card,
    hosted_card_page,
    prepare_card,
)
from payments.services.charges import Wish, cancel, complete, no_show, preview
from payments.services.checkout import place_booking, submit_checkout
from payments.services.driving import drive, finish_open_actions
from payments.services.errors import (
    ActionInProgress,
    AmountRefused,
    Disputed,
    KeyMismatch,
    MoneyTaken,
    NothingOpen,
    NothingToRefund,
    PaidElsewhere,
    ReasonMissing,
    RetryRefused,
)
from payments.services.holding import finish_open_holds
from payments.services.recovery import card_replaced, customer_acted, retry, take_cash
from payments.services.refunds import refund, refund_order

__all__ = [
    "ActionInProgress",
    "AmountRefused",
    "CardNotSaved",
    "Disputed",
    "KeyMismatch",
    "MoneyTaken",
    "NothingOpen",
    "NothingToRefund",
    "PaidElsewhere",
    "ReasonMissing",
    "RetryRefused",
    "Wish",
    "abandon_card",
    "accept_card",
    "cancel",
    "card_replaced",
    "complete",
    "customer_acted",
    "drive",
    "finish_open_actions",
    "finish_open_holds",
    "hosted_card_page",
    "no_show",
    "place_booking",
    "prepare_card",
    "preview",
    "refund",
    "refund_order",
    "retry",
    "submit_checkout",
    "take_cash",
]
