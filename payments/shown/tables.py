"""The words for every state of money, each with its colour where it is a badge."""

from payments.models import ActionKind, ActionState, DisputeStatus, HoldState, LedgerKind, PaymentStatus, RefundStatus
from payments.queries import card_of
from payments.wording import card_name

#: payment status → (staff's words, colour); a booking's own state says it more exactly, see `payment_badge`
PAYMENT = {
    PaymentStatus.REQUIRES_ACTION: ("Not charged", ""),
    PaymentStatus.AUTHORIZED: ("Being charged", "info"),
    PaymentStatus.CAPTURED: ("Paid", "success"),
    PaymentStatus.PARTIALLY_REFUNDED: ("Partly refunded", "warning"),
    PaymentStatus.REFUNDED: ("Refunded", "warning"),
    PaymentStatus.CANCELED: ("Nothing due", ""),
    PaymentStatus.FAILED: ("Failed", "danger"),
    PaymentStatus.DISPUTED: ("Disputed", "danger"),
    PaymentStatus.WON: ("Dispute won", "success"),
    PaymentStatus.LOST: ("Dispute lost", "danger"),
}
#: what an open charge waits for → the same
OPEN = {
    ActionState.FAILED: ("Payment due: card declined", "danger"),
    ActionState.NEEDS_CUSTOMER: ("Payment due: customer to confirm", "warning"),
}
BEING_CHARGED = ("Payment due: being charged", "info")
BEFORE_CAPTURE = (
    PaymentStatus.REQUIRES_ACTION,
    PaymentStatus.AUTHORIZED,
    PaymentStatus.FAILED,
)
#: how far a press came
ACTION = {
    ActionState.PLANNED: "Waiting",
    ActionState.CREATING: "Waiting for Stripe",
    ActionState.CONFIRMING: "Waiting for Stripe",
    ActionState.CAPTURING: "Waiting for Stripe",
    ActionState.NEEDS_CUSTOMER: "Waiting for the customer",
    ActionState.NOTHING_DUE: "Nothing due",
    ActionState.FAILED: "Declined",
    ActionState.SUCCEEDED: "Done",
    ActionState.ABANDONED: "Given up",
}
HOLD = {
    HoldState.HELD: "held",
    HoldState.CONSUMED: "taken by a press",
    HoldState.RELEASING: "being released",
    HoldState.RELEASED: "released",
    HoldState.FAILED: "the card could not be held",
}
LEDGER = {
    LedgerKind.CAPTURE: "Taken from the card",
    LedgerKind.REFUND: "Given back to the card",
    LedgerKind.REFUND_FAILED: "Came back: the bank refused the refund",
    LedgerKind.DISPUTE: "Taken back by the bank",
    LedgerKind.DISPUTE_WON: "Returned by the bank",
}
REFUND = {
    RefundStatus.SUCCEEDED: ("Given back", "success"),
    RefundStatus.FAILED: ("Refused by the bank", "danger"),
    RefundStatus.PENDING: ("On its way", "warning"),
}
DISPUTE = {
    DisputeStatus.OPEN: ("To answer", "danger"),
    DisputeStatus.UNDER_REVIEW: ("With the bank", "warning"),
    DisputeStatus.WON: ("Won", "success"),
    DisputeStatus.LOST: ("Lost", "danger"),
}
DONE = {ActionKind.COMPLETE: "Completed", ActionKind.NO_SHOW: "No-show", ActionKind.CANCEL: "Cancelled"}


def card_of_booking(booking):
    setup = card_of(booking)
    return card_name(setup) if setup else "the card"


#: What waits for somebody: of one, of several.
TO_CONFIRM = ("booking to confirm", "bookings to confirm")
UNCLOSED = ("past visit to close", "past visits to close")
UNFINISHED = ("payment to finish", "payments to finish")
FEES_DUE = ("fee due", "fees due")
DISPUTED = ("dispute to answer", "disputes to answer")
