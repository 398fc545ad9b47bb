"""Cards and money. Stripe is called between two transactions, never inside one."""

from payments.services.cards import (
    CardNotSaved,
    abandon_card,
    accept_card,
    hosted_card_page,
    prepare_card,
)
from payments.services.cards import is_asked_for as is_card_asked_for
from payments.services.charges import (
    OUTCOMES,
    Wish,
    bound_of,
    cancel,
    complete,
    no_show,
    platform_fee,
    preview,
    version_of,
)
from payments.services.checkout import (
    card_visit,
    place_booking,
    place_family,
    repeat_visit,
    submit_checkout,
    submit_family,
    take_family,
    take_visit,
)
from payments.services.disputes import answer as answer_dispute
from payments.services.driving import drive, finish_open_actions
from payments.services.errors import (
    ActionInProgress,
    AmountChanged,
    AmountRefused,
    AnswerNotSent,
    DisputeAnswered,
    Disputed,
    KeyMismatch,
    MoneyTaken,
    NobodyToAsk,
    NothingOpen,
    NothingToRefund,
    PaidElsewhere,
    ReasonMissing,
    RetryRefused,
    SampleVisit,
)
from payments.services.gifts import GiftCardChanged
from payments.services.gifts import put_aside as put_gift_card_aside
from payments.services.gifts import take_off as take_gift_card_off
from payments.services.holding import finish_open_holds
from payments.services.kept_cards import KeptCardGone, KeptCardOfAnother
from payments.services.kept_cards import choose as choose_kept_card
from payments.services.kept_cards import forget_removed as forget_removed_cards
from payments.services.kept_cards import remove as remove_kept_card
from payments.services.orders_back import unspent_cents
from payments.services.pressing import is_under_way
from payments.services.recovery import (
    card_replaced,
    customer_acted,
    intent_to_confirm,
    look_again,
    may_retry,
    retry,
    send_link,
    take_cash,
    try_again,
)
from payments.services.refunds import refund, refund_order
from payments.services.replacing import NotReplaceable
from payments.services.replacing import accept as accept_replacement
from payments.services.replacing import hosted_page as hosted_replacement_page
from payments.services.replacing import prepare as prepare_replacement

__all__ = [
    "OUTCOMES",
    "ActionInProgress",
    "AmountChanged",
    "AmountRefused",
    "AnswerNotSent",
    "CardNotSaved",
    "DisputeAnswered",
    "Disputed",
    "GiftCardChanged",
    "KeptCardGone",
    "KeptCardOfAnother",
    "KeyMismatch",
    "MoneyTaken",
    "NobodyToAsk",
    "NotReplaceable",
    "NothingOpen",
    "NothingToRefund",
    "PaidElsewhere",
    "ReasonMissing",
    "RetryRefused",
    "SampleVisit",
    "Wish",
    "abandon_card",
    "accept_card",
    "accept_replacement",
    "answer_dispute",
    "bound_of",
    "cancel",
    "card_replaced",
    "card_visit",
    "choose_kept_card",
    "complete",
    "customer_acted",
    "drive",
    "finish_open_actions",
    "finish_open_holds",
    "forget_removed_cards",
    "hosted_card_page",
    "hosted_replacement_page",
    "intent_to_confirm",
    "is_card_asked_for",
    "is_under_way",
    "look_again",
    "may_retry",
    "no_show",
    "place_booking",
    "place_family",
    "platform_fee",
    "prepare_card",
    "prepare_replacement",
    "preview",
    "put_gift_card_aside",
    "refund",
    "refund_order",
    "remove_kept_card",
    "repeat_visit",
    "retry",
    "send_link",
    "submit_checkout",
    "submit_family",
    "take_cash",
    "take_family",
    "take_gift_card_off",
    "take_visit",
    "try_again",
    "unspent_cents",
    "version_of",
]
