"""Choosing a time: a press holds it and leads to checkout."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import queries, services
from bookings.views import shown, visitor
from bookings.views.asked import Asked, read_start
from bookings.views.choices import choosing
from bookings.views.draft import draft_for_new
from bookings.views.panel import panel
from bookings.views.picker import Picker, alternatives
from tenants.errors import DomainError


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def times(request, service: UUID):
    business, now = request.tenant, timezone.now()
    catalogue = queries.catalogue(business=business)
    asked = Asked.read(request.POST or request.GET, first=service)
    draft = draft_for_new(business=business, now=now, asked=asked, catalogue=catalogue)
    if draft is None:
        raise Http404
    if request.method == "POST":
        return hold(request, draft, catalogue)
    return render_times(request, draft, catalogue, refusal=draft.problem)


def hold(request, draft, catalogue):
    """Keep the pressed time and go on to checkout; a refusal is this page again, with the reason and a way on."""
    start = read_start(request.POST.get("start"))
    # Less than was asked for is never booked unasked.
    refusal = draft.problem or ("" if start else "Please choose a time.")
    if refusal:
        return render_times(request, draft, catalogue, refusal=refusal, status=422)
    try:
        booking = services.hold_slot(
            business=request.tenant,
            basket=draft.basket,
            start=start,
            browser_key=visitor.browser_key(request),
            address=visitor.address(request),
            now=draft.now,
        )
    except DomainError as exc:
        nearest = alternatives(getattr(exc, "alternatives", ()), request.tenant.zone)
        return render_times(request, draft, catalogue, refusal=str(exc), alternatives=nearest, status=exc.status)
    visitor.remember_choice(request, booking, draft)
    return redirect("payments:checkout", booking=booking.pk)


def render_times(request, draft, catalogue, *, status=200, wait_form=None, **refusal):
    """The page; `wait_form` is what was sent from it to wait for a time, with what is wrong."""
    picker = Picker(draft=draft)
    context = {
        "panel": panel(draft=draft, catalogue=catalogue),
        "action": draft.here.path,
        "wait_form": wait_form,
        "panels": shown.times_panels(request=request, draft=draft, picker=picker, form=wait_form),
        **choosing(draft, picker),
        **refusal,
    }
    return render(request, "bookings/times.html", context, status=status)
