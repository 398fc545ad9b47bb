"""How money is put into words for staff."""

from payments.shown.outcomes import action_line, cash_outcome, outcome, refund_outcome
from payments.shown.paid import back_of, parts_of, payment_badge
from payments.shown.plans import Plan, free_sentence, held_sentence, plan_of
from payments.shown.tables import (
    ACTION,
    DISPUTE,
    DISPUTED,
    DONE,
    FEES_DUE,
    HOLD,
    LEDGER,
    PAYMENT,
    REFUND,
    TO_CONFIRM,
    UNCLOSED,
    UNFINISHED,
    card_of_booking,
)
from payments.wording import card_name

__all__ = [
    "ACTION",
    "DISPUTE",
    "DISPUTED",
    "DONE",
    "FEES_DUE",
    "HOLD",
    "LEDGER",
    "PAYMENT",
    "REFUND",
    "TO_CONFIRM",
    "UNCLOSED",
    "UNFINISHED",
    "Plan",
    "action_line",
    "back_of",
    "card_name",
    "card_of_booking",
    "cash_outcome",
    "free_sentence",
    "held_sentence",
    "outcome",
    "parts_of",
    "payment_badge",
    "plan_of",
    "refund_outcome",
]
