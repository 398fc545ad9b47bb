"""The page of one visit: everything staff read about it, and its buttons."""

from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.desk.page import lines_of, parts_of, trail_of
from bookings.desk.shown import agreed, agreed_words
from bookings.desk.states import is_movable
from dashboard import desk
from dashboard.calendar.shown import visit_may_last
from dashboard.frame import page, show
from dashboard.messages import shown as message_groups
from dashboard.series import shown as series
from dashboard.visits import presses
from dashboard.visits.family import family_of
from payments.desk import money
from payments.desk.presses import PRESSES
from tenants import policies
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_DIARY)
def visit(request, pk):
    booking, now = desk.visit_of(pk), timezone.now()

    def may(permission):
        return policies.may(request.membership, permission)

    context = {
        "visit": booking,
        "badge": desk.state_badge(booking),
        "lines": lines_of(booking),
        "parts": parts_of(booking),
        "agreed": agreed(booking, with_address=may(Permission.VIEW_CUSTOMERS)),
        "agreed_words": agreed_words(booking),
        "buttons": presses.buttons_of(booking, request.membership),
        "move_url": move_url(booking) if may(Permission.WORK_DIARY) and is_movable(booking) else "",
        "length_url": length_url(booking) if may(Permission.WORK_DIARY) and visit_may_last(booking, now) else "",
        "family": family_of(booking),
        "series": series.of_visit(booking),
        "together": series.addresses(
            booking, may_work=may(Permission.WORK_DIARY), may_close=may(Permission.CLOSE_VISITS)
        ),
        "customer_url": customer_url(booking) if may(Permission.VIEW_CUSTOMERS) else "",
        "messages_about": messages_about(booking, request, may) if may(Permission.VIEW_CUSTOMERS) else None,
        "trail": trail_of(booking) if may(Permission.VIEW_TRAIL) else None,
    }
    if may(Permission.VIEW_MONEY):
        context |= money_of(booking)
    context["next"] = next_of(booking, request.membership)
    if context["next"]:
        beside = {address for address, _ in context["next"]["buttons"]}
        context["buttons"] = [button for button in context["buttons"] if button[0] not in beside]
    return show(request, "dashboard/visits/visit.html", context, here="visits")


def messages_about(booking, request, may):
    """What was and will be sent about it, and what was not."""
    found = money.mails_of(booking, sees_money=may(Permission.VIEW_MONEY))
    zone = request.tenant.zone
    return message_groups.groups_of(found, membership=request.membership, zone=zone, now=timezone.now())


def money_of(booking):
    found = money.facts_of(booking)
    disputes = [(dispute, text, desk.badge(state)) for dispute, text, state in found["disputes"]]
    return found | {"payment_badge": desk.badge(found["payment_badge"]), "disputes": disputes, "shows_money": True}


def next_of(booking, membership):
    """{sentences, buttons} of what waits for somebody, or None. Buttons are (address, label), the first one stands out."""
    sentences, names = money.next_step(booking, may=lambda name: policies.may(membership, PRESSES[name].permission))
    if not sentences or (not names and not policies.may(membership, Permission.VIEW_MONEY)):
        return None
    return {"sentences": sentences, "buttons": [(presses.url_of(name, booking), money.NEXT[name]) for name in names]}


def move_url(booking):
    """The calendar's page that moves a visit."""
    return reverse("dashboard:calendar-move", args=[booking.pk])


def length_url(booking):
    """The calendar's page that lets a visit take another time."""
    return reverse("dashboard:calendar-length", args=[booking.pk])


def customer_url(booking):
    return page_of_customer(booking.customer_id) if booking.customer_id else ""


def page_of_customer(pk):
    return reverse("dashboard:customer", args=[pk])
