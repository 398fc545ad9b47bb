"""Today: who comes, who is here, what waits for somebody."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import queries, words
from bookings.models import Status
from dashboard.frame import page, show
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_DIARY)
def today(request):
    day = timezone.now().astimezone(request.tenant.zone).date()
    visits = queries.bookings_for_staff().filter(local_date=day).exclude(status=Status.CANCELED).order_by("start_at")
    context = {"day": words.long_date(day), "visits": visits[:200]}
    return show(request, "dashboard/today/today.html", context, here="today")
