"""How money is put into words for staff."""

from payments.admin.shown.outcomes import action_line, cash_outcome, outcome, refund_outcome
from payments.admin.shown.paid import back_of, parts_of, payment_badge
from payments.admin.shown.plans import Plan, free_sentence, held_sentence, plan_of
from payments.admin.shown.tables import (
    ACTION,
    DISPUTE,
    DONE,
    HOLD,
    LEDGER,
    PAYMENT,
    REFUND,
    card_of_booking,
)
from payments.wording import card_name

__all__ = [
    "ACTION",
    "DISPUTE",
    "DONE",
    "HOLD",
    "LEDGER",
    "PAYMENT",
    "REFUND",
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
