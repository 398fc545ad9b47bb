"""Choosing a time: a press holds it and leads to checkout."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import queries, services
from bookings.models import Service
from bookings.views import visitor
from bookings.views.picker import Asked, Picker, alternatives, read_start
from tenants.errors import DomainError


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def times(request, service: UUID):
    try:
        service = queries.service_for_booking(service)
    except Service.DoesNotExist:
        raise Http404 from None
    limit = service.max_group_size if service.allow_group_booking else 1
    asked = Asked.read(request.POST or request.GET, party_limit=limit)
    team = queries.team_for(service)
    if request.method == "POST":
        return hold(request, service, asked, team)
    return render_times(request, service, asked, team)


def hold(request, service, asked, team):
    """Keep the pressed time and go on to checkout; a refusal is this page again, with the reason and a way on."""
    start, now = read_start(request.POST.get("start")), timezone.now()
    if start is None:
        return render_times(request, service, asked, team, refusal="Please choose a time.", status=422)
    member = next((member for member in team if member.pk == asked.member), None)
    try:
        booking = services.hold_slot(
            business=request.tenant,
            service=service,
            start=start,
            team_member=member,
            party_size=asked.party,
            browser_key=visitor.browser_key(request),
            address=visitor.address(request),
            now=now,
        )
    except DomainError as exc:
        nearest = alternatives(getattr(exc, "alternatives", ()), request.tenant.zone)
        return render_times(request, service, asked, team, refusal=str(exc), alternatives=nearest, status=exc.status)
    request.session["chosen_for_you"] = member is None and len(team) > 1
    return redirect("payments:checkout", booking=booking.pk)


def render_times(request, service, asked, team, *, status=200, **refusal):
    path = reverse("bookings:times", args=[service.pk])
    picker = Picker(business=request.tenant, service=service, asked=asked, now=timezone.now(), team=team, path=path)
    context = {"service": service, "picker": picker, "action": path, **refusal}
    return render(request, "bookings/times.html", context, status=status)
