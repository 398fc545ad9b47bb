"""Payments, presses and refunds as they were written: to read, never to edit."""

from unfold.decorators import display

from audit.admin import SalonModelAdmin
from payments.admin import shown
from payments.models import ActionState, MoneyAction, Payment, PaymentStatus, Refund, RefundStatus
from tenants.admin import moment, register
from tenants.money import Money

ACTION_COLORS = {
    ActionState.SUCCEEDED: "success",
    ActionState.FAILED: "danger",
    ActionState.NEEDS_CUSTOMER: "warning",
}
REFUND_COLORS = {RefundStatus.SUCCEEDED: "success", RefundStatus.FAILED: "danger", RefundStatus.PENDING: "warning"}
PAYMENT_COLORS = {status: color for status, (_, color) in shown.PAYMENT.items()}


def money_column(name, description):
    """A column that shows minor units as money of the row's currency."""

    @display(description=description, ordering=name)
    def column(self, row):
        return str(Money(getattr(row, name), row.currency_code))

    return column


@register(Payment)
class PaymentAdmin(SalonModelAdmin):
    list_display = (
        "reference",
        "customer",
        "state",
        "method",
        "amount_shown",
        "captured",
        "refunded",
        "fee",
        "made",
    )
    list_filter = ("status", "method")
    list_select_related = ("booking", "customer")
    search_fields = ("booking__ref", "booking__contact_name", "provider_payment_id", "provider_charge_id")
    fields = (
        ("booking", "customer"),
        ("status", "method"),
        ("amount_shown", "captured", "refunded", "fee"),
        ("made", "taken"),
        ("provider_payment_id", "provider_charge_id", "provider_account_id"),
        "explicit_consent_flag",
    )
    made = moment("created_at", "made")
    taken = moment("captured_at", "captured at")
    amount_shown = money_column("amount_cents", "amount")
    captured = money_column("captured_cents", "captured")
    refunded = money_column("refunded_cents", "refunded")
    fee = money_column("application_fee_cents", "platform fee")

    @display(description="booking", ordering="booking__ref")
    def reference(self, payment):
        return payment.booking.ref

    @display(description="status", ordering="status", label=PAYMENT_COLORS)
    def state(self, payment):
        return payment.status, shown.PAYMENT[PaymentStatus(payment.status)][0]


@register(MoneyAction)
class MoneyActionAdmin(SalonModelAdmin):
    list_display = ("pressed", "reference", "kind", "amount_shown", "fee", "progress", "actor_label")
    list_filter = ("kind", "state")
    list_select_related = ("booking",)
    search_fields = ("booking__ref", "payment_intent_id", "refund_id")
    fields = (
        ("booking", "payment"),
        ("kind", "state", "attempts"),
        ("amount_shown", "fee"),
        ("reason", "last_error"),
        ("payment_intent_id", "refund_id"),
        ("actor_label", "pressed", "changed"),
    )
    pressed = moment("created_at", "pressed")
    changed = moment("updated_at", "last step")
    amount_shown = money_column("amount_cents", "amount")
    fee = money_column("application_fee_cents", "platform fee")

    @display(description="booking", ordering="booking__ref")
    def reference(self, action):
        return action.booking.ref

    @display(description="state", ordering="state", label=ACTION_COLORS)
    def progress(self, action):
        return action.state, action.get_state_display()


@register(Refund)
class RefundAdmin(SalonModelAdmin):
    list_display = ("made", "reference", "amount_shown", "refund_type", "progress", "reason")
    list_filter = ("status", "refund_type")
    list_select_related = ("booking", "payment")
    search_fields = ("booking__ref", "reason")
    fields = (("booking", "payment"), ("amount_shown", "refund_type", "status"), "reason", "made")
    made = moment("created_at", "made")

    @display(description="amount", ordering="amount_cents")
    def amount_shown(self, refund):
        return str(Money(refund.amount_cents, refund.payment.currency_code))

    @display(description="booking", ordering="booking__ref")
    def reference(self, refund):
        return refund.booking.ref

    @display(description="status", ordering="status", label=REFUND_COLORS)
    def progress(self, refund):
        return refund.status, refund.get_status_display()
