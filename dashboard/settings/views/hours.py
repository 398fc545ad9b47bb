"""When the salon is open, and on which days it is shut."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import stranded, words
from bookings.models import Closure, OpeningHours
from bookings.services import previews, records
from bookings.services.closures import remove_closure as remove
from dashboard.frame import page, show
from dashboard.settings import previewing, shown
from dashboard.settings.forms import ClosureForm, HoursForm
from dashboard.settings.views.salon import posted, press
from tenants import policies
from tenants.permissions import Permission

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def hours(request):
    form = HoursForm(posted(request), rows=OpeningHours.objects.all())
    if previewing.wanted(request) and form.is_valid():
        said = "Saved. It holds for visits booked from now on."
        change = previews.Opening(tuple(form.shifts()))
        try:
            return previewing.save(request, change, title="Opening hours", said=said, back="dashboard:hours")
        except records.Refused as exc:
            form.refuse(exc.sentences)
    return show(request, "dashboard/settings/hours.html", {"form": form}, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def closures(request):
    """Coming days on which the salon is shut, and a form for one more."""
    form = ClosureForm(posted(request))
    if previewing.wanted(request) and form.is_valid():
        said = "The salon is closed then. Nobody can book it any more."
        change = previews.Closing(**form.dates(), reason=form.cleaned_data["reason"])
        try:
            return previewing.save(request, change, title="Close the salon", said=said, back="dashboard:closures")
        except records.Refused as exc:
            form.refuse(exc.sentences)
        except records.NoRoom as exc:
            form.add_error(None, str(exc))
    today = timezone.localdate()
    rows = Closure.objects.filter(end_date__gte=today).order_by("start_date", "pk")[:SHOWN]
    context = {
        "form": form,
        "rows": [{"closure": row, "days": _days(row)} for row in rows],
        "may_remove": policies.may_remove(request.membership, Permission.ARRANGE),
    }
    return show(request, "dashboard/settings/closures.html", context, here="settings")


@require_safe
@page(Permission.ARRANGE)
def outside(request):
    """The visits to come that settings have left without their time, each with its way to another one."""
    found = stranded.without_time(business=request.tenant, now=timezone.now()).order_by("start_at", "ref")
    rows, more = shown.visit_rows(found, request.membership)
    return show(request, "dashboard/settings/outside.html", {"rows": rows, "more": more}, here="settings")


def _days(closure):
    first, last = words.full_date(closure.start_date), words.full_date(closure.end_date)
    return first if first == last else f"{first} to {last}"


@require_POST
@page(Permission.ARRANGE)
def remove_closure(request, pk):
    check_may_remove(request)
    try:
        remove(closure=get_object_or_404(Closure, pk=pk), **press(request))
    except records.Gone as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Removed. The hours count again on these days.")
    return redirect("dashboard:closures")


def check_may_remove(request):
    """Support deletes nothing."""
    if not policies.may_remove(request.membership, Permission.ARRANGE):
        raise PermissionDenied
