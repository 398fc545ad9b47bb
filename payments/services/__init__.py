"""Cards and money. Stripe is called between two transactions, never inside one."""

from payments.services.cards import (
    CardNotSaved,
    abandon_card,
    accept_card,
    hosted_card_page,
    prepare_card,
)
from payments.services.charges import Wish, cancel, complete, no_show, platform_fee, preview, version_of
from payments.services.checkout import place_booking, submit_checkout
from payments.services.driving import drive, finish_open_actions
from payments.services.errors import (
    ActionInProgress,
    AmountChanged,
    AmountRefused,
    Disputed,
    KeyMismatch,
    MoneyTaken,
    NobodyToAsk,
    NothingOpen,
    NothingToRefund,
    PaidElsewhere,
    ReasonMissing,
    RetryRefused,
)
from payments.services.holding import finish_open_holds
from payments.services.pressing import is_under_way
from payments.services.recovery import card_replaced, customer_acted, may_retry, retry, send_link, take_cash, try_again
from payments.services.refunds import refund, refund_order

__all__ = [
    "ActionInProgress",
    "AmountChanged",
    "AmountRefused",
    "CardNotSaved",
    "Disputed",
    "KeyMismatch",
    "MoneyTaken",
    "NobodyToAsk",
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
    "is_under_way",
    "may_retry",
    "no_show",
    "place_booking",
    "platform_fee",
    "prepare_card",
    "preview",
    "refund",
    "refund_order",
    "retry",
    "send_link",
    "submit_checkout",
    "take_cash",
    "try_again",
    "version_of",
]
