"""The buttons of a visit: each has a page that says what will happen, and one press."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bookings.desk.pressing import Said, face
from bookings.desk.states import is_movable
from dashboard import desk
from dashboard.frame import page, show
from payments.desk.packs import file_of
from payments.desk.presses import PRESSES, correcting
from payments.desk.states import RULES
from tenants import policies

#: Buttons in the order of a visit's life, with what they are called. Moving has a page of its own.
LABELS = {
    "confirm": "Confirm",
    "check_in": "Check in",
    "complete": "Completed",
    "no_show": "No-show",
    "retry": "Try again",
    "send_link": "Send a link",
    "paid_in_cash": "Paid in cash",
    "let_go": "Let it go",
    "refund": "Refund",
    "correct": "Correct",
    "undo_move": "Undo the move",
    "dispute_pack": "Dispute pack",
    "cancel": "Cancelled",
}
GRAVE = ("cancel", "refund", "let_go")
#: On a row of a list, from the day of the visit on, and before: nobody has come, or stayed away, next week. The visit's
#: own page has all of them.
AT_HAND = ("check_in", "complete", "no_show", "cancel", "refund")
AHEAD = ("confirm", "cancel", "refund")


def url_of(name, booking):
    return reverse(f"dashboard:visit-{name.replace('_', '-')}", args=[booking.pk])


def buttons_of(booking, membership, names=LABELS):
    """(address, label, kind) of the buttons that the visit's state and the reader's role allow."""
    return [
        (url_of(name, booking), LABELS[name], "danger" if name in GRAVE else "quiet")
        for name in names
        if policies.may(membership, PRESSES[name].permission) and RULES[name](booking)
    ]


def view_of(press):
    """The page of one button."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @page(press.permission)
    def view(request, pk):
        booking = desk.visit_of(pk)
        if press.name == "dispute_pack" and (kind := request.GET.get("format")):
            return file_of(kind, booking=booking, business=request.tenant, now=timezone.now())
        asked = correcting(request.GET.get("to")) if press.name == "correct" else press
        answer = face(
            asked,
            booking=booking,
            presser=desk.presser(request),
            possible=lambda: RULES[press.name](booking),
            data=request.POST if request.method == "POST" else None,
        )
        if isinstance(answer, Said):
            desk.say(request, answer)
            return redirect("dashboard:visit", booking.pk)
        following = reverse("dashboard:visit-cancel-following", args=[pk]) if in_series(press, booking) else ""
        return ask(request, answer.form, answer.question, booking=booking, following_url=following)

    view.__name__ = view.__qualname__ = press.name
    return view


def in_series(press, booking):
    """Whether cancelling asks: only this one, or all that follow too."""
    return press.name == "cancel" and booking.series_id is not None and is_movable(booking)


def ask(request, form, question, *, booking=None, back="", **extra):
    """The page of a `Question`."""
    context = {"form": form, "question": question, "visit": booking, "back_url": back, **extra}
    return show(request, "dashboard/visits/press.html", context, here="visits")
