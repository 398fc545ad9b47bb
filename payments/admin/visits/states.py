"""Which money buttons a booking's state allows; the services decide again."""

from django.contrib.admin import SimpleListFilter
from django.utils import timezone

from bookings.admin import visits
from bookings.models import Status
from bookings.services.status import CORRECTIONS
from payments import queries, services
from payments.admin import shown
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
FEE_DUE = "fee_due"


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


def possible(booking):
    """Button → whether the booking's state allows it."""
    payment, stopped = queries.payment_of(booking), stopped_charge(booking) is not None
    return {
        "complete": visits.can_become(booking, Status.COMPLETED),
        "no_show": visits.can_become(booking, Status.NO_SHOW),
        "cancel": visits.can_become(booking, Status.CANCELED) or queries.is_fee_due(booking),
        "refund": bool(payment and payment.status in REFUNDABLE and payment.refundable.cents),
        "retry": may_retry(open_press(booking)),
        "send_link": stopped and bool(booking.contact_email),
        "paid_in_cash": stopped,
        "let_go": stopped,
        "correct": bool(corrections_of(booking)),
        "dispute_pack": any(press.kind in CHARGES and press.payment_intent_id for press in presses_of(booking)),
    }


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


class PaymentFilter(SimpleListFilter):
    title = "payment"
    parameter_name = "payment"

    def lookups(self, request, model_admin):
        return [(FEE_DUE, "Fee due"), *((status.value, text) for status, (text, _) in shown.PAYMENT.items())]

    def queryset(self, request, bookings):
        if self.value() == FEE_DUE:
            return bookings.filter(pk__in=queries.fees_due().values("pk"))
        return bookings.filter(payments__is_current=True, payments__status=self.value()) if self.value() else bookings
