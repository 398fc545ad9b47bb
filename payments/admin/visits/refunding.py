"""Refund: how much, to the card and to the gift card, and why."""

from django.contrib import messages
from django.utils import timezone
from unfold.decorators import action
from unfold.enums import ActionVariant

from audit.admin import actor_of
from bookings.admin.forms import PressForm
from payments import queries, services
from payments.admin import shown
from payments.admin.visits.forms import RefundForm
from payments.admin.visits.states import FROZEN
from payments.models import RefundType
from tenants.money import Money


class Refunding:
    """For the admin class: the button that gives money back."""

    @action(description="Refund", permissions=["refund"], icon="currency_exchange", variant=ActionVariant.DANGER)
    def refund(self, request, object_id):
        booking = self.booking(request, object_id)
        payment = queries.payment_of(booking)
        if payment is None:
            self.message_user(request, "Nothing was charged for this visit.", messages.WARNING)
            return self.back(booking)
        if payment.status in FROZEN:
            return self.frozen(request, booking)
        fee_only = fee_of_no_show(payment)
        return self.press(
            request,
            object_id,
            "refund",
            lambda booking, form: shown.refund_outcome(self.refunded(request, booking, form), booking),
            form_class=RefundForm,
            title="Refund",
            button="Refund",
            danger=True,
            lines=[
                _most(booking, payment),
                *_uses(payment),
                "The platform’s fee is given back in proportion. The customer is told by e-mail.",
            ],
            more_buttons=[("refund_type", RefundType.NO_SHOW_FEE_ONLY, f"No-show fee only: {fee_only}")]
            if fee_only.cents
            else [],
        )

    def frozen(self, request, booking):
        return self.ask(
            request,
            title="Refund",
            form=PressForm(business=request.tenant),
            button="",
            original=booking,
            warnings=[services.Disputed.message],
        )

    def refunded(self, request, booking, form):
        fee_only = request.POST.get("refund_type") == RefundType.NO_SHOW_FEE_ONLY
        return services.refund(
            business=request.tenant,
            booking=booking,
            key=form.press_key,
            by=actor_of(request),
            now=timezone.now(),
            amount_cents=None if fee_only else form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            refund_type=RefundType.NO_SHOW_FEE_ONLY if fee_only else "",
        )


def fee_of_no_show(payment):
    """What of the payment is a no-show fee that can still go back."""
    return Money(min(payment.no_show_fee_cents, payment.refundable.cents), payment.currency_code)


def _most(booking, payment):
    card, gift = payment.net_captured, payment.refundable - payment.net_captured
    to_card = shown.card_of_booking(booking)
    if not gift.cents:
        return f"At most {card} can go back to {to_card}."
    if not card.cents:
        return f"At most {gift} can go back to the gift card."
    return f"At most {payment.refundable} can go back: {card} to {to_card} first, then {gift} to the gift card."


def _uses(payment):
    if not payment.discount_cents:
        return []
    return ["When all of it goes back, the gift card’s percentage may be used once more."]
