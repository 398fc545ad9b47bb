"""Bookings with their money: the buttons that close a visit, settle what a card did not give, and give money back.

Every button has a page of its own that says before the press what it takes, by the rule the press itself uses.
"""

from unfold.decorators import display

from bookings.admin import visits
from bookings.models import Booking
from payments import queries, shown
from payments.admin.visits.closing import Closing
from payments.admin.visits.disputing import Disputing
from payments.admin.visits.filters import PaymentFilter
from payments.admin.visits.many import Many
from payments.admin.visits.money import MoneyPage
from payments.admin.visits.refunding import Refunding
from payments.admin.visits.settling import Settling
from payments.desk.presses import PRESSES
from payments.desk.states import possible
from tenants import policies
from tenants.admin import register
from tenants.permissions import Permission


def sees_money(request):
    return policies.may(request.membership, Permission.VIEW_MONEY)


@register(Booking)
class BookingAdmin(MoneyPage, Closing, Settling, Refunding, Disputing, Many, visits.BookingAdmin):
    list_display = (*visits.BookingAdmin.list_display, "payment_state")
    list_filter = (*visits.BookingAdmin.list_filter, PaymentFilter)
    actions = ("complete_selected", "no_show_selected", "cancel_selected")
    actions_detail = (
        "complete",
        "no_show",
        "retry",
        "send_link",
        "paid_in_cash",
        "confirm",
        "check_in",
        "reschedule",
        "undo_move",
        {"title": "More", "items": ["why_not", "refund", "correct", "let_go", "dispute_pack", "cancel"]},
    )
    presses = PRESSES
    actions_row = ("complete", "no_show", "check_in", "reschedule", "refund", "cancel")

    def get_queryset(self, request):
        return queries.with_money(super().get_queryset(request).select_related("customer", "team_member"))

    def get_list_display(self, request):
        shown = super().get_list_display(request)
        return shown if sees_money(request) else [name for name in shown if name != "payment_state"]

    def get_list_filter(self, request):
        filters = super().get_list_filter(request)
        return filters if sees_money(request) else [each for each in filters if each is not PaymentFilter]

    @display(description="payment", label={color: color for color in ("success", "warning", "danger", "info", "")})
    def payment_state(self, booking):
        text, color = shown.payment_badge(booking)
        return color, text.partition(":")[0]  # what to do about it stands on the booking's page

    def possible(self, booking):
        return possible(booking)
