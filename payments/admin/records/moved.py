"""What Stripe moved, and what customers' banks take back."""

from unfold.decorators import display

from payments import shown
from payments.admin.records.columns import Record, badge_column, money_column
from payments.models import BACK, Dispute, LedgerEntry
from tenants.admin import moment, register
from tenants.money import Money


@register(LedgerEntry)
class LedgerEntryAdmin(Record):
    list_display = ("when", "about", "what", "amount_shown", "fee", "stripe_id")
    list_display_links = ("when",)
    list_filter = ("kind",)
    search_fields = ("booking__ref", "stripe_id", "payment_intent_id")
    fields = (
        ("when", "what"),
        ("booking", "order", "payment", "action"),
        ("amount_shown", "fee"),
        ("stripe_id", "payment_intent_id", "stripe_account_id"),
    )
    when = moment("at", "when")
    fee = money_column("application_fee_cents", "platform fee")

    @display(description="what", ordering="kind")
    def what(self, entry):
        return shown.LEDGER[entry.kind]

    @display(description="amount", ordering="amount_cents")
    def amount_shown(self, entry):
        """With the direction: what left the salon is below zero."""
        return str(Money(-entry.amount_cents if entry.kind in BACK else entry.amount_cents, entry.currency_code))


@register(Dispute)
class DisputeAdmin(Record):
    list_display = ("opened", "about", "amount_shown", "reason", "state", "due", "closed")
    list_display_links = ("opened",)
    list_filter = ("status",)
    list_select_related = ("payment__booking", "order")
    search_fields = ("stripe_id", "charge_id", "payment__booking__ref")
    fields = (
        ("about", "payment", "order"),
        ("state", "reason", "amount_shown"),
        ("opened", "due", "closed"),
        ("stripe_id", "charge_id"),
    )
    opened = moment("opened_at", "opened")
    due = moment("evidence_due_at", "answer by")
    closed = moment("closed_at", "closed")
    amount_shown = money_column("amount_cents", "amount")
    state = badge_column("status", "status", shown.DISPUTE)

    @display(description="about", ordering="payment__booking__ref")
    def about(self, dispute):
        return dispute.payment.booking.ref if dispute.payment_id else f"Gift card {dispute.order.amount}"
