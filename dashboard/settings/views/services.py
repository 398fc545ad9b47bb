"""How long services take, one at a time."""

from django.views.decorators.http import require_http_methods

from bookings.models import Service
from bookings.services import previews, records
from dashboard.frame import page, show
from dashboard.settings import previewing
from dashboard.settings.forms import LengthForm
from dashboard.settings.views.salon import posted
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def lengths(request):
    """A service of several parts is left to its own page: which part would take the difference?"""
    services = Service.objects.filter(active=True, deleted_at=None, phases=[]).order_by("sort_order", "name", "pk")
    form = LengthForm(posted(request), services=services)
    if previewing.wanted(request) and form.is_valid():
        service, minutes = form.cleaned_data["service"], form.cleaned_data["minutes"]
        said = f"Saved: {service} takes {minutes} minutes for visits booked from now on."
        title = f"{service}: {minutes} minutes"
        try:
            return previewing.save(
                request, previews.Lasting(service.pk, minutes), title=title, said=said, back="dashboard:lengths"
            )
        except records.Refused as exc:
            form.refuse(exc.sentences)
        except records.Gone as exc:
            form.add_error("service", str(exc))
    return show(request, "dashboard/settings/lengths.html", {"form": form if services else None}, here="settings")
