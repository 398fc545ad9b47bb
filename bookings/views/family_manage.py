"""The visits of a family by the link of one of them: all of them in a calendar, all of them called off."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit import actors
from bookings import ics, queries, services
from bookings.views import manage, shown, visitor
from bookings.views.relatives import relative_shown
from tenants.errors import DomainError


def changeable(booking, now):
    """Those of its family, itself included, that can still be called off, in order."""
    family = [booking, *queries.relatives(booking)]
    return sorted((each for each in family if manage.can_change(each, now)), key=lambda each: each.family_number)


@require_safe
@manage.by_link()
def family_calendar(request, booking, token):
    if booking.family_id is None:
        raise Http404
    visits = [each for each in (booking, *queries.relatives(booking)) if each.is_open]
    body = ics.calendar_of(business=request.tenant, bookings=visits or [booking], now=timezone.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="visits.ics"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@manage.by_link(referrer="same-origin")
def family_cancel(request, booking, token):
    if booking.family_id is None:
        raise Http404
    now = timezone.now()
    visits = changeable(booking, now)
    if len(visits) < 2:
        return redirect("bookings:manage", token=token)
    fees = sum((manage.fee(each, now) for each in visits), request.tenant.money(0))
    seen = {str(each.pk) for each in visits}
    if request.method == "POST" and (
        request.POST.get("fee") == str(fees.cents) and set(request.POST.getlist("visit")) == seen
    ):
        return call_off(request, booking, token, visits, now)
    context = {
        "token": token,
        "visits": [(each, relative_shown(each), manage.fee(each, now)) for each in visits],
        "fees": fees,
        "fee_how": shown.fee_note(booking) if fees.cents else "",
        "refusal": "This has changed while the page was open." if request.method == "POST" else "",
    }
    return render(request, "bookings/family_cancel.html", context, status=409 if context["refusal"] else 200)


def call_off(request, booking, token, visits, now):
    actor = actors.customer(booking.contact_name, visitor.address(request))
    try:
        services.cancel_family(
            business=request.tenant,
            family=booking.family,
            pks={each.pk for each in visits},
            by=actor,
            now=now,
            reason="by the customer",
        )
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "All of these visits are cancelled. We have sent you an e-mail about them.")
    return redirect("bookings:manage", token=token)
