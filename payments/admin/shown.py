"""How money is put into words for staff."""

from dataclasses import dataclass

from django.conf import settings

from bookings.models import Status
from payments.models import ActionState, Method, PaymentStatus
from payments.queries import card_of, payment_of
from payments.wording import card_name
from tenants.money import Money, share

#: payment status → (staff's words, colour)
PAYMENT = {
    PaymentStatus.REQUIRES_ACTION: ("Not charged", ""),
    PaymentStatus.AUTHORIZED: ("Authorised", "info"),
    PaymentStatus.CAPTURED: ("Paid", "success"),
    PaymentStatus.PARTIALLY_REFUNDED: ("Partly refunded", "warning"),
    PaymentStatus.REFUNDED: ("Refunded", "warning"),
    PaymentStatus.CANCELED: ("Nothing due", ""),
    PaymentStatus.FAILED: ("Failed", "danger"),
    PaymentStatus.DISPUTED: ("Disputed", "danger"),
    PaymentStatus.WON: ("Dispute won", "success"),
    PaymentStatus.LOST: ("Dispute lost", "danger"),
}


def payment_badge(booking):
    """(words, colour) of a booking's payment."""
    payment = payment_of(booking)
    if payment is None:
        return ("At the salon", "")
    if payment.status == PaymentStatus.REQUIRES_ACTION and booking.status == Status.COMPLETED:
        return ("Payment due", "warning")
    if payment.status == PaymentStatus.REQUIRES_ACTION and payment.method == Method.CASH:
        return ("At the salon", "")
    if payment.status == PaymentStatus.CAPTURED and payment.method == Method.CASH:
        return ("Paid at the salon", "success")
    return PAYMENT[PaymentStatus(payment.status)]


@dataclass(frozen=True, slots=True)
class Charge:
    """What pressing Completed will take; the same rule as `services.complete`, which decides."""

    amount: Money
    fee: Money
    card: str = ""

    @property
    def sentence(self):
        if self.card:
            return f"{self.amount} will be charged to {self.card}. Platform fee {self.fee}."
        if not self.amount.cents:
            return "There is nothing to pay; nothing is charged."
        return f"No card on file: take {self.amount} at the salon; nothing is charged."


def charge_of(booking):
    payment, setup = payment_of(booking), card_of(booking)
    amount = payment.amount if payment else booking.price
    by_card = bool(payment and payment.method == Method.CARD and amount.cents and setup)
    fee_cents = share(amount.cents, settings.APPLICATION_FEE_BASIS_POINTS) if by_card else 0
    return Charge(amount, Money(fee_cents, amount.currency), card_name(setup) if by_card else "")


def outcome(action, booking):
    """(sentence, message level) of a pressed Completed or Try again."""
    setup = card_of(booking)
    match action.state:
        case ActionState.SUCCEEDED if action.payment_intent_id:
            return f"Completed: {action.amount} charged to {card_name(setup)}.", "SUCCESS"
        case ActionState.SUCCEEDED:
            till = Money(action.cash_cents, action.currency_code)
            due = f" Take {till} at the salon." if till.cents else ""
            return f"Completed. Nothing was charged.{due}", "SUCCESS"
        case ActionState.FAILED:
            return (
                f"Completed, but the charge failed: {action.last_error}. Press Try again, or ask for another card.",
                "ERROR",
            )
        case ActionState.NEEDS_CUSTOMER:
            return (
                f"Completed, but the bank wants the customer to confirm {action.amount}. Nothing is charged yet.",
                "WARNING",
            )
    return f"Completed. Stripe did not answer; {action.amount} will be finished in the background.", "WARNING"


def refund_outcome(action, booking):
    """(sentence, message level) of a pressed Refund."""
    if action.state == ActionState.SUCCEEDED:
        return f"{action.amount} refunded to {card_name(card_of(booking))}.", "SUCCESS"
    if action.state in (ActionState.FAILED, ActionState.ABANDONED):
        return f"The refund failed: {action.last_error}", "ERROR"
    return f"Stripe did not answer; the refund of {action.amount} will be finished in the background.", "WARNING"
