"""Cards on file, payments, presses, what moved, and gift cards sold."""

from payments.models.actions import CHARGES, FINAL_STATES, STOPPED, WAITING, ActionKind, ActionState, MoneyAction
from payments.models.cards import Card, CardHold, CardSetup, CardSetupStatus, HoldState, SavedCard
from payments.models.ledger import BACK, Dispute, DisputeStatus, LedgerEntry, LedgerKind
from payments.models.orders import GiftCardOrder, OrderStatus
from payments.models.payments import Method, Payment, PaymentStatus, Refund, RefundStatus, RefundType

__all__ = [
    "BACK",
    "CHARGES",
    "FINAL_STATES",
    "STOPPED",
    "WAITING",
    "ActionKind",
    "ActionState",
    "Card",
    "CardHold",
    "CardSetup",
    "CardSetupStatus",
    "Dispute",
    "DisputeStatus",
    "GiftCardOrder",
    "HoldState",
    "LedgerEntry",
    "LedgerKind",
    "Method",
    "MoneyAction",
    "OrderStatus",
    "Payment",
    "PaymentStatus",
    "Refund",
    "RefundStatus",
    "RefundType",
    "SavedCard",
]
