"""Which money buttons a booking's state allows; the services decide again."""

from django.utils import timezone

from bookings.desk import states as diary
from bookings.desk.shown import can_become
from bookings.models import Status
from bookings.services.status import CORRECTIONS
from payments import queries, services
from payments.models import CHARGES, FINAL_STATES, STOPPED, MoneyAction, PaymentStatus

#: Money that a refund can still give back; where the bank has it, the button says why it does not.
REFUNDABLE = (
    PaymentStatus.CAPTURED,
    PaymentStatus.PARTIALLY_REFUNDED,
    PaymentStatus.WON,
    PaymentStatus.DISPUTED,
    PaymentStatus.LOST,
)
FROZEN = (PaymentStatus.DISPUTED, PaymentStatus.LOST)


def presses_of(booking):
    """The booking's presses, newest first; read once."""
    if not hasattr(booking, "_presses"):
        booking._presses = list(MoneyAction.objects.filter(booking=booking))
    return booking._presses


def open_press(booking):
    return next((press for press in presses_of(booking) if press.state not in FINAL_STATES), None)


def stopped_charge(booking):
    """The charge that did not come through, or None."""
    press = open_press(booking)
    return press if press and press.kind in CHARGES and press.state in STOPPED else None


def may_retry(press):
    """Whether Try again does anything: Stripe has not answered, or the card may be asked once more."""
    return press is not None and services.may_retry(action=press, now=timezone.now())


def is_refundable(booking):
    payment = queries.payment_of(booking)
    return bool(payment and payment.status in REFUNDABLE and payment.refundable.cents)


def has_been_charged(booking):
    return any(press.kind in CHARGES and press.payment_intent_id for press in presses_of(booking))


def corrections_of(booking):
    """What a wrongly closed visit can be marked as instead: only when no money is left taken for what was wrong."""
    pressed = any(press.kind in CHARGES for press in presses_of(booking))
    payment = queries.payment_of(booking)
    if not pressed or open_press(booking) or payment.refundable.cents or payment.status in FROZEN:
        return []
    if booking.status == Status.CANCELED and not booking.cancellation_fee_cents:
        return []
    to = CORRECTIONS.get(Status(booking.status), ())
    return [kind for kind, status in services.OUTCOMES.items() if status in to]


#: Button → whether the booking's state allows it. The first four cost a list no query (`queries.visits`).
RULES = diary.RULES | {
    "complete": lambda booking: can_become(booking, Status.COMPLETED),
    "no_show": lambda booking: can_become(booking, Status.NO_SHOW),
    "cancel": lambda booking: can_become(booking, Status.CANCELED) or queries.is_fee_due(booking),
    "refund": is_refundable,
    "retry": lambda booking: may_retry(open_press(booking)),
    "send_link": lambda booking: stopped_charge(booking) is not None and bool(booking.contact_email),
    "paid_in_cash": lambda booking: stopped_charge(booking) is not None,
    "let_go": lambda booking: stopped_charge(booking) is not None,
    "correct": lambda booking: bool(corrections_of(booking)),
    "dispute_pack": has_been_charged,
}


def possible(booking):
    """Button → whether the booking's state allows it."""
    return {name: allows(booking) for name, allows in RULES.items()}
