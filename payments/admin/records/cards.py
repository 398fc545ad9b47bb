"""Cards that customers let the salon keep, and money held on cards for near visits."""

from unfold.decorators import display

from audit.admin import SalonModelAdmin
from payments.admin import shown
from payments.admin.records.columns import badge_column, money_column
from payments.models import CardHold, HoldState, SavedCard
from tenants.admin import moment, register

HOLD_COLORS = {HoldState.HELD: "info", HoldState.CONSUMED: "success", HoldState.FAILED: "danger"}
HOLD = {state: (shown.HOLD.get(state, "being placed").capitalize(), HOLD_COLORS.get(state, "")) for state in HoldState}


@register(CardHold)
class CardHoldAdmin(SalonModelAdmin):
    list_display = ("placed", "reference", "amount_shown", "progress", "until")
    list_display_links = ("placed",)
    list_filter = ("state",)
    list_select_related = ("booking",)
    search_fields = ("booking__ref", "payment_intent_id")
    fields = (
        ("booking", "progress"),
        ("amount_shown", "until"),
        ("placed", "attempts"),
        "last_error",
        "payment_intent_id",
    )
    placed = moment("created_at", "placed")
    until = moment("capture_before", "lasts until")
    amount_shown = money_column("amount_cents", "amount")
    progress = badge_column("state", "state", HOLD)

    @display(description="booking", ordering="booking__ref")
    def reference(self, hold):
        return hold.booking.ref


@register(SavedCard)
class SavedCardAdmin(SalonModelAdmin):
    """Only what a receipt would name: the card itself is with Stripe."""

    list_display = ("card", "customer", "expires", "kept", "removed")
    list_display_links = ("card",)
    list_select_related = ("customer",)
    search_fields = ("customer__display_name", "customer__email", "last4")
    fields = (("card", "customer"), "expires", ("kept", "consent_address"), ("removed", "forgotten"))
    kept = moment("consented_at", "kept since")
    removed = moment("removed_at", "removed")
    forgotten = moment("detached_at", "forgotten by Stripe")

    @display(description="card", ordering="last4")
    def card(self, saved):
        return shown.card_name(saved)

    @display(description="expires", ordering="exp_year")
    def expires(self, saved):
        return f"{saved.exp_month:02}/{saved.exp_year}" if saved.exp_month and saved.exp_year else "–"
