"""What is owed, paid and given back for a booking. Nothing is called paid that was not captured, or taken at the till."""

from bookings.models import Status
from payments import queries
from payments.models import Method, PaymentStatus
from payments.queries import payment_of
from payments.shown.tables import BEFORE_CAPTURE, BEING_CHARGED, DONE, OPEN, PAYMENT
from tenants.money import Money


def payment_badge(booking):
    """(words, colour) of a booking's payment; no query where the booking was loaded `with_money`."""
    payment = payment_of(booking)
    if queries.is_fee_due(booking):
        return ("Fee due: press Cancelled", "warning")
    if payment is None:
        return ("At the salon", "")
    if payment.status in BEFORE_CAPTURE:
        return _unpaid(booking, payment)
    if payment.status == PaymentStatus.CAPTURED:
        return _paid(booking, payment)
    if payment.status == PaymentStatus.CANCELED and payment.waived_cents:
        return ("Let go", "")
    return PAYMENT[PaymentStatus(payment.status)]


def _unpaid(booking, payment):
    if state := _open_charge(booking):
        return OPEN.get(state, BEING_CHARGED)
    if booking.status in (Status.COMPLETED, Status.NO_SHOW):
        return ("Payment due", "warning")
    if payment.method == Method.CASH:
        return ("At the salon", "")
    return PAYMENT[PaymentStatus.REQUIRES_ACTION]


def _open_charge(booking):
    if not hasattr(booking, "open_charge"):
        action = queries.open_action(booking)
        booking.open_charge = action.state if action and action.kind in DONE else None
    return booking.open_charge


def _paid(booking, payment):
    if payment.captured_cents:
        return ("Paid" if booking.status == Status.COMPLETED else "Fee paid", "success")
    if payment.cash_cents:
        return ("Paid at the salon", "success")
    return ("Paid by gift card", "success")


def parts_of(payment):
    """(label, amount) lines of a payment that add up: what is due, and what pays it. `Still due` is what nothing has."""

    def money(cents):
        return str(Money(cents, payment.currency_code))

    paid = (
        ("Discount", payment.discount_cents),
        ("By gift card", payment.gift_cents),
        ("By card", payment.captured_cents),
        ("At the salon", payment.cash_cents),
        ("Let go", payment.waived_cents),
    )
    left = payment.due_cents - sum(cents for _, cents in paid)
    label = "Fee" if payment.no_show_fee_cents or payment.booking.status == Status.CANCELED else "Price"
    lines = [(label, money(payment.amount_cents))]
    lines += [("Tip", money(payment.tip_cents))] if payment.tip_cents else []
    lines += [("Together", money(payment.due_cents))] if payment.tip_cents else []
    lines += [(name, money(cents)) for name, cents in paid if cents]
    lines += [("Still due", money(left))] if left and payment.status in BEFORE_CAPTURE else []
    return lines


def back_of(payment):
    """(label, amount) lines about what went back, and what the salon keeps of the card's part."""
    lines = []
    for name, cents in (
        ("Platform fee", payment.application_fee_cents),
        ("Back to the card", payment.refunded_cents),
        ("Back to the gift card", payment.gift_restored_cents),
    ):
        lines += [(name, str(Money(cents, payment.currency_code)))] if cents else []
    if payment.refunded_cents:
        lines.append(("Left of the card’s part", str(payment.net_captured)))
    return lines
