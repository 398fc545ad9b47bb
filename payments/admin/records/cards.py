"""Cards that customers let the salon keep, and money held on cards for near visits."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from audit.admin import SalonModelAdmin, actor_of
from bookings.admin.asking import Asking
from bookings.admin.forms import PressForm
from payments import services, shown
from payments.admin.records.columns import MONEY, badge_column, money_column
from payments.models import CardHold, HoldState, SavedCard
from tenants.admin import moment, register

HOLD_COLORS = {HoldState.HELD: "info", HoldState.CONSUMED: "success", HoldState.FAILED: "danger"}
HOLD = {state: (shown.HOLD.get(state, "being placed").capitalize(), HOLD_COLORS.get(state, "")) for state in HoldState}


@register(CardHold)
class CardHoldAdmin(SalonModelAdmin):
    grants = MONEY
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
class SavedCardAdmin(Asking, SalonModelAdmin):
    """Only what a receipt would name: the card itself is with Stripe."""

    grants = MONEY
    actions_detail = ("remove",)

    list_display = ("card", "customer", "expires", "kept", "removed")
    list_display_links = ("card",)
    list_select_related = ("customer",)
    search_fields = ("customer__display_name", "customer__email", "last4")
    addresses = ("customer__email", "consent_address")
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

    def get_actions_detail(self, request, object_id):
        saved = self.get_object(request, object_id)
        return super().get_actions_detail(request, object_id) if saved and not saved.removed_at else []

    @action(description="Remove", permissions=["edit_customers"], icon="credit_card_off", variant=ActionVariant.DANGER)
    def remove(self, request, object_id):
        """For a customer who asks for it at the desk."""
        saved = self.get_object(request, object_id)
        if saved is None:
            raise Http404
        form = PressForm(request.POST or None, business=request.tenant)
        if request.method == "POST" and form.is_valid():
            services.remove_kept_card(card=saved, by=actor_of(request), now=timezone.now())
            self.message_user(request, f"{shown.card_name(saved)} is kept no longer.", messages.SUCCESS)
            return redirect(self.back_url(saved))
        return self.ask(
            request,
            title="Remove the card",
            form=form,
            button="Remove it",
            original=saved,
            danger=True,
            lines=[
                f"No new visit of {saved.customer} can use {shown.card_name(saved)}.",
                "Stripe forgets it as soon as no visit that is booked with it, and no open payment, needs it.",
            ],
        )
