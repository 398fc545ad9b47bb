"""When the salon is open, and on which days it is shut."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bookings import stranded, words
from bookings.models import Closure, OpeningHours
from bookings.services import records, team
from bookings.services.closures import add_closure
from bookings.services.closures import remove_closure as remove
from dashboard.frame import page, show
from dashboard.settings import telling
from dashboard.settings.forms import ClosureForm, HoursForm
from dashboard.settings.views.salon import posted, press
from tenants import policies
from tenants.permissions import Permission

SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def hours(request):
    form = HoursForm(posted(request), rows=OpeningHours.objects.all())
    if request.method == "POST" and form.is_valid():
        try:
            team.set_opening_hours(shifts=form.shifts(), **press(request))
        except records.Refused as exc:
            form.refuse(exc.sentences)
        else:
            messages.success(request, "Saved. It holds for visits booked from now on.")
            telling.lost_hours(request)
            return redirect("dashboard:hours")
    return show(request, "dashboard/settings/hours.html", {"form": form}, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def closures(request):
    """Coming days on which the salon is shut, and a form for one more."""
    form = ClosureForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            closure = add_closure(**form.dates(), reason=form.cleaned_data["reason"], **press(request))
        except records.Refused as exc:
            form.refuse(exc.sentences)
        except records.NoRoom as exc:
            form.add_error(None, str(exc))
        else:
            messages.success(request, "The salon is closed then. Nobody can book it any more.")
            first, last = closure.start_date, closure.end_date
            found = stranded.in_closure(first=first, last=last, zone=request.tenant.zone, now=timezone.now())
            telling.moves(request, telling.CLOSED, found)
            return redirect("dashboard:closures")
    today = timezone.localdate()
    rows = Closure.objects.filter(end_date__gte=today).order_by("start_date", "pk")[:SHOWN]
    context = {
        "form": form,
        "rows": [{"closure": row, "days": _days(row)} for row in rows],
        "may_remove": policies.may_remove(request.membership, Permission.ARRANGE),
    }
    return show(request, "dashboard/settings/closures.html", context, here="settings")


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
