"""Is the diary sound? A page for those who manage the salon; it repairs nothing but holds that never ended."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from bookings import integrity, services, words
from bookings.models import Booking
from tenants import policies
from tenants.admin import site
from tenants.permissions import Permission

#: Findings of one kind that are shown; more than that is one fault many times.
SHOWN = 50
BADGES = {integrity.Severity.ERROR: ("Fault", "danger"), integrity.Severity.NOTICE: ("Have a look", "warning")}
CHECKED = (
    "No person, room or chair is taken twice, and nobody has more visits at once than they take.",
    "Every visit to come keeps its time or its seats, and no time is kept for nobody.",
    "Every hold has ended when its minutes had run out.",
    "Every booking’s price, times and person are those of its services.",
    "Every visit to come lies within today’s hours, shifts, breaks and closures.",
)


@require_safe
def diary_check(request):
    """The check, made now: what was found, by kind, or that all is well."""
    _managers_only(request)
    report = integrity.verify(business=request.tenant)
    context = {
        **site.each_context(request),
        "title": "Diary check",
        "checked": words.when(report.checked_at.astimezone(request.tenant.zone)),
        "looked_at": _looked_at(report.looked_at),
        "points": CHECKED,
        "groups": [_group(kind, found, request.tenant.zone) for kind, found in report.by_kind()],
        "errors": len(report.errors),
        "notices": len(report.notices),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/integrity.html", context)


def _looked_at(counts):
    return (
        f"{words.count(counts['bookings'], 'booking', 'bookings')}, {counts['coming']} of them to come, and "
        f"{words.count(counts['occupancy'], 'stretch of time taken', 'stretches of time taken')}"
    )


def _group(kind, found, zone):
    return {
        "kind": kind,
        "meaning": integrity.MEANINGS[kind],
        "badge": BADGES[min(finding.severity for finding in found)],  # one fault among notices is a fault
        "findings": [(finding, finding.place(zone)) for finding in found[:SHOWN]],
        "more": len(found[SHOWN:]),
    }


@require_POST
def end_hold(request):
    """Give back the time of one hold that never ended; POST `ref`."""
    _managers_only(request)
    booking = get_object_or_404(Booking, ref=request.POST.get("ref", ""))
    if integrity.can_end(booking=booking):
        services.release_hold(booking=booking)
        messages.success(request, f"The hold {booking.ref} has ended. Its time is free again.")
    else:
        messages.warning(request, f"{booking.ref} is not such a hold any more. Nothing was changed.")
    return redirect("admin:diary_check")


def _managers_only(request):
    if not policies.may(request.membership, Permission.VIEW_TRAIL):
        raise PermissionDenied


def _urls():
    return [
        path("diary-check/", site.admin_view(diary_check), name="diary_check"),
        path("diary-check/end-hold/", site.admin_view(end_hold), name="end_hold"),
        *_others(),
    ]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
