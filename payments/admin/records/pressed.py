"""What is owed and paid, which buttons were pressed, and what was given back."""

from unfold.decorators import display

from audit.admin import SalonModelAdmin
from payments import queries, shown
from payments.admin.records.columns import MONEY, Record, badge_column, money_column
from payments.models import ActionState, MoneyAction, Payment, PaymentStatus, Refund
from tenants.admin import moment, register

ACTION_COLORS = {
    ActionState.SUCCEEDED: "success",
    ActionState.FAILED: "danger",
    ActionState.NEEDS_CUSTOMER: "warning",
}
ACTION = {state: (text, ACTION_COLORS.get(state, "")) for state, text in shown.ACTION.items()}


@register(Payment)
class PaymentAdmin(SalonModelAdmin):
    grants = MONEY
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
    search_fields = ("booking__ref",)  # there is a field to search with; what it finds, `get_search_results` says
    search_help_text = "The visit, or the payment’s id with Stripe"
    fields = (
        ("booking", "customer"),
        ("status", "method", "is_current"),
        ("amount_shown", "tip", "no_show_fee"),
        ("discount", "gift", "captured"),
        ("cash", "waived", "fee"),
        ("refunded", "gift_restored"),
        ("made", "taken"),
        ("provider_payment_id", "provider_charge_id", "provider_account_id"),
        "explicit_consent_flag",
    )
    made = moment("created_at", "made")
    taken = moment("captured_at", "settled at")
    amount_shown = money_column("amount_cents", "amount")
    tip = money_column("tip_cents", "tip")
    no_show_fee = money_column("no_show_fee_cents", "no-show fee, of the amount")
    discount = money_column("discount_cents", "discount")
    gift = money_column("gift_cents", "by gift card")
    captured = money_column("captured_cents", "captured")
    cash = money_column("cash_cents", "at the salon")
    waived = money_column("waived_cents", "let go")
    refunded = money_column("refunded_cents", "refunded")
    gift_restored = money_column("gift_restored_cents", "back to the gift card")
    fee = money_column("application_fee_cents", "platform fee")

    def get_search_results(self, request, payments, term):
        contacts = self.has_view_customers_permission(request)
        return (queries.payments_by(payments, term, contacts=contacts) if term.strip() else payments), False

    @display(description="booking", ordering="booking__ref")
    def reference(self, payment):
        return payment.booking.ref

    @display(description="status", ordering="status", label={color: color for _, color in shown.PAYMENT.values()})
    def state(self, payment):
        text, color = shown.PAYMENT[PaymentStatus(payment.status)]
        if payment.status == PaymentStatus.CAPTURED and not payment.captured_cents:
            text = "Paid at the salon" if payment.cash_cents else "Paid by gift card"
        return color, text


@register(MoneyAction)
class MoneyActionAdmin(Record):
    list_display = ("pressed", "about", "kind", "amount_shown", "fee", "progress", "actor_label")
    list_filter = ("kind", "state")
    search_fields = ("booking__ref", "payment_intent_id", "refund_id")
    fields = (
        ("booking", "order", "payment"),
        ("kind", "state", "attempts"),
        ("price", "tip", "discount"),
        ("gift", "amount_shown", "cash"),
        ("waived", "fee"),
        ("reason", "last_error", "decline_code"),
        ("payment_intent_id", "refund_id"),
        ("actor_label", "pressed", "changed"),
    )
    pressed = moment("created_at", "pressed")
    changed = moment("updated_at", "last step")
    price = money_column("price_cents", "price or fee")
    tip = money_column("tip_cents", "tip")
    discount = money_column("discount_cents", "discount")
    gift = money_column("gift_cents", "gift card")
    amount_shown = money_column("amount_cents", "card")
    cash = money_column("cash_cents", "at the salon")
    waived = money_column("waived_cents", "let go")
    fee = money_column("application_fee_cents", "platform fee")
    progress = badge_column("state", "state", ACTION)


@register(Refund)
class RefundAdmin(Record):
    list_display = ("made", "about", "amount_shown", "refund_type", "progress", "reason")
    list_filter = ("status", "refund_type")
    list_select_related = ("booking", "payment", "order")
    search_fields = ("booking__ref", "reason")
    fields = (("booking", "order", "payment"), ("amount_shown", "refund_type", "status"), "reason", "made")
    made = moment("created_at", "made")
    progress = badge_column("status", "status", shown.REFUND)

    @display(description="amount", ordering="amount_cents")
    def amount_shown(self, refund):
        return str(refund.amount)
