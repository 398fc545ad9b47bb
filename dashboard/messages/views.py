"""The salon's messages: all of them, one of them, and sending one again."""

from urllib.parse import urlencode

from django.contrib import messages as said
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.admin import actor_of
from bookings import words
from bookings.models import Booking
from dashboard.frame import page, show
from dashboard.messages import shown
from dashboard.messages.forms import STATES, MessagesForm
from dashboard.paging import paged
from messaging import composing, queries, services, wording
from messaging.models import Channel, Message, MessageStatus
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

TWICE = "It may have left already: nobody can tell. Sent again, it may be read twice."
AT_ONCE = "It leaves at once, to {to}, with the words it had."
NEW_WORDS = "It leaves at once, to {to}. Its words are written then, of what is so at that moment."
PAID = "A text message costs credits once more."
TRAIL = "The audit trail says that you sent it again."


def visible(request):
    return queries.visible(Message.objects.all(), with_money=policies.may(request.membership, Permission.VIEW_MONEY))


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def messages(request):
    form = MessagesForm(request.GET, with_money=policies.may(request.membership, Permission.VIEW_MONEY))
    rows, pager, total = paged(request, form.narrowed(visible(request)), shown=visible(request))
    look = {"membership": request.membership, "zone": request.tenant.zone, "now": timezone.now()}
    context = {
        "form": form,
        "shortcuts": shortcuts(form.cleaned_data.get("state", "")),
        "lines": [shown.line_of(message, **look) for message in rows],
        "pager": pager,
        "total": words.count(total, "message", "messages"),
    }
    return show(request, "dashboard/messages/list.html", context, here="messages")


def shortcuts(chosen):
    """(address, label, whether it is chosen)"""
    here = reverse("dashboard:messages")
    return [
        (f"{here}?{urlencode({'state': state})}" if state else here, label, state == chosen) for state, label in STATES
    ]


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def message(request, pk):
    """What it says is for who may work the diary: it holds the link that opens the visit."""
    found, may_read = found_or_404(request, pk), policies.may(request.membership, Permission.WORK_DIARY)
    zone, now = request.tenant.zone, timezone.now()
    context = {
        "line": shown.line_of(found, membership=request.membership, zone=zone, now=now),
        "facts": facts_of(found, zone),
        "may_read": may_read,
        "text": found.text if may_read else "",
        "files": [attachment["name"] for attachment in found.attachments],
        "visit_url": visit_url(found, request.membership),
    }
    return show(request, "dashboard/messages/message.html", context, here="messages")


def found_or_404(request, pk):
    return get_object_or_404(visible(request), pk=pk)


def facts_of(found, zone):
    def at(instant):
        return words.when(instant.astimezone(zone)) if instant else ""

    facts = (
        ("What", wording.called(found.kind)),
        ("To", found.recipient),
        ("Answers go to", found.reply_to),
        ("By", Channel(found.channel).label),
        ("Written", at(found.created_at)),
        ("Sent" if found.sent_at else "Due", at(found.sent_at or found.due_at)),
        ("Heard of it", at(found.delivery_at)),
        ("Tried", words.count(found.attempts, "time", "times") if found.attempts else ""),
        ("Text messages", found.segments or ""),
    )
    return [(name, value) for name, value in facts if value]


def visit_url(found, membership):
    """The page of the visit it is about, "" where it is about none."""
    is_visit = found.about_id and Booking.objects.filter(pk=found.about_id).exists()
    may = policies.may(membership, Permission.VIEW_DIARY)
    return reverse("dashboard:visit", args=[found.about_id]) if is_visit and may else ""


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def again(request, pk):
    """What sending it again means, and the button that does it."""
    found = found_or_404(request, pk)
    if request.method == "POST":
        try:
            services.resend(message=found, by=actor_of(request), now=timezone.now())
        except DomainError as exc:
            said.error(request, str(exc))
        else:
            said.success(request, f"On its way to {found.recipient} again.")
        return redirect("dashboard:message", pk)
    if not services.is_resendable(found):
        said.error(request, services.NotResendable.message)
        return redirect("dashboard:message", pk)
    look = {"membership": request.membership, "zone": request.tenant.zone, "now": timezone.now()}
    context = {
        "line": shown.line_of(found, **look),
        "consequences": consequences_of(found),
        "warning": warning_of(found),
    }
    return show(request, "dashboard/messages/again.html", context, here="messages")


def consequences_of(found):
    said_first = (NEW_WORDS if composing.writes(found.kind) else AT_ONCE).format(to=found.recipient)
    return [said_first, *([PAID] if found.channel == Channel.SMS else []), TRAIL]


def warning_of(found):
    """What speaks against it, "" where nothing does."""
    blocked = services.reason_not_to(
        channel=found.channel, address=found.recipient, advertising=bool(found.unsubscribe_url)
    )
    if blocked:
        return f"{blocked} It will be left out again."
    return TWICE if found.status == MessageStatus.UNCONFIRMED else ""
