"""Memberships in the salon's admin, to read; they are changed on the dashboard."""

from unfold.decorators import display

from audit.admin import SalonModelAdmin
from memberships.models import Membership, MembershipState
from tenants.admin import Grants, moment, register
from tenants.permissions import Permission

COLORS = {
    MembershipState.ACTIVE: "success",
    MembershipState.STARTING: "warning",
    MembershipState.PAST_DUE: "danger",
}


@register(Membership)
class MembershipAdmin(SalonModelAdmin):
    grants = Grants(view=Permission.VIEW_CUSTOMERS)
    list_display = ("name", "plan_name", "price_shown", "state_shown", "period_ends")
    list_filter = ("state", "cancel_at_period_end")
    search_fields = ("name", "email")
    ordering = ("-created_at", "pk")
    fields = (
        ("name", "email"),
        ("plan_name", "price_shown", "included_visits"),
        ("state_shown", "cancel_at_period_end"),
        ("period_starts", "period_ends"),
        ("began", "ended"),
        "card_label",
        "consent",
        ("consented", "consent_address"),
    )
    period_starts = moment("period_starts_at", "month began")
    period_ends = moment("period_ends_at", "month ends")
    began = moment("began_at", "began")
    ended = moment("ended_at", "ended")
    consented = moment("consented_at", "agreed")

    @display(description="a month", ordering="price_cents")
    def price_shown(self, membership):
        return str(membership.price)

    @display(description="state", ordering="state", label={color: color for color in COLORS.values()})
    def state_shown(self, membership):
        state = MembershipState(membership.state)
        return COLORS.get(state, ""), state.label
