"""Gift cards sold on the booking site, and the button that gives the money for one back."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import formats, timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from audit.admin import SalonModelAdmin, actor_of
from bookings import words
from bookings.admin.asking import Asking
from bookings.admin.clothes import dressed
from payments import services, shown
from payments.admin.records.columns import MONEY, badge_column, money_column
from payments.desk.forms import ReasonForm
from payments.desk.money import dispute_amount
from payments.models import ActionState, DisputeStatus, GiftCardOrder, OrderStatus
from tenants.admin import moment, register
from tenants.errors import DomainError
from tenants.money import Money

STATUS = {
    OrderStatus.CREATED: ("Being paid", ""),
    OrderStatus.PAID: ("Paid", "success"),
    OrderStatus.REFUNDED: ("Refunded", "warning"),
    OrderStatus.EXPIRED: ("Never paid", ""),
}


@register(GiftCardOrder)
class GiftCardOrderAdmin(Asking, SalonModelAdmin):
    grants = MONEY
    list_display = ("ordered", "buyer_name", "recipient_name", "amount_shown", "state", "refunded")
    list_display_links = ("ordered",)
    list_filter = ("status",)
    search_fields = ("buyer_name", "buyer_email", "recipient_name", "recipient_email", "payment_intent_id")
    fields = (
        ("state", "card_shown", "disputed"),
        ("amount_shown", "captured", "refunded", "fee"),
        ("buyer_name", "buyer_email"),
        ("recipient_name", "recipient_email", "deliver_on"),
        "message",
        ("ordered", "paid"),
        ("payment_intent_id", "charge_id"),
    )
    addresses = ("buyer_email", "recipient_email", "message")
    actions_detail = ("refund_sale",)
    ordered = moment("created_at", "ordered")
    paid = moment("paid_at", "paid")
    amount_shown = money_column("amount_cents", "amount")
    captured = money_column("captured_cents", "captured")
    refunded = money_column("refunded_cents", "refunded")
    fee = money_column("application_fee_cents", "platform fee")
    state = badge_column("status", "status", STATUS)

    @display(description="gift card")
    def card_shown(self, order):
        return str(order.card) if order.card_id else "Not issued"

    @display(description="the buyer’s bank")
    def disputed(self, order):
        """`To answer: $50.00, until 4 Nov 2026`, for each dispute of the sale."""
        return "; ".join(self._dispute_line(dispute) for dispute in order.disputes.order_by("opened_at")) or "–"

    def _dispute_line(self, dispute):
        line = f"{shown.DISPUTE[dispute.status][0]}: {dispute_amount(dispute)}"
        if dispute.status == DisputeStatus.OPEN and dispute.evidence_due_at:
            line += f", until {formats.date_format(timezone.localtime(dispute.evidence_due_at), 'j M Y')}"
        return line

    def get_actions_detail(self, request, object_id):
        order = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if order and order.status == OrderStatus.PAID else []

    @action(
        description="Refund the sale",
        permissions=["refund"],
        url_path="refund-sale",
        icon="currency_exchange",
        variant=ActionVariant.DANGER,
    )
    def refund_sale(self, request, object_id):
        """Give back what of the card has not been spent; the card ends. GET says how much, a POST does it once."""
        order = self.get_object(request, object_id)
        if order is None:
            raise Http404
        form = dressed(ReasonForm)(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            self.message_user(request, *self.refunded_sale(request, order, form))
            return redirect("admin:payments_giftcardorder_change", order.pk)
        if order.status != OrderStatus.PAID:
            self.message_user(request, "There is nothing left to refund of this gift card.", messages.WARNING)
            return redirect("admin:payments_giftcardorder_change", order.pk)
        rest = Money(services.unspent_cents(order), order.currency_code)
        return self.ask(
            request,
            title="Refund the sale",
            form=form,
            button=f"Refund {rest}",
            danger=True,
            original=order,
            lines=[
                self.unspent(order, rest),
                self.ends(order),
                "The platform’s fee is given back in proportion.",
            ],
        )

    def ends(self, order):
        what = "Package" if order.package_id else "Gift card"
        return f"{what} {order.card} cannot be used any more; visits it was put aside for keep their part."

    def unspent(self, order, rest):
        goes_back = f"goes back to {order.buyer_name}, who is told by e-mail."
        if not order.package_id:
            return f"{rest} has not been spent and {goes_back}"
        left, visits = order.card.visits_left, words.count(order.package_visits, "visit", "visits")
        return f"{left} of {visits} are neither used nor booked: their share of {order.amount}, {rest}, {goes_back}"

    def refunded_sale(self, request, order, form):
        """(sentence, level) of the press."""
        try:
            pressed = services.refund_order(
                order=order,
                key=form.press_key,
                by=actor_of(request),
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
            )
        except DomainError as exc:
            return str(exc), messages.ERROR
        if pressed.state == ActionState.SUCCEEDED:
            return f"{pressed.amount} given back to {order.buyer_name}.", messages.SUCCESS
        if pressed.state == ActionState.ABANDONED:
            return f"The refund failed: {pressed.last_error}. The card is good again.", messages.ERROR
        return f"Stripe did not answer; the refund of {pressed.amount} is finished in the background.", messages.WARNING
