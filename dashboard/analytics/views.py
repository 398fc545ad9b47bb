"""How the salon does: figures, charts, tables, and every table as a file."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings.models import TeamMember
from dashboard.analytics import asked, board, sheets, shown, tables
from dashboard.frame import page, show
from tenants import policies
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_ANALYTICS)
def overview(request):
    form, found = _read(request)
    return show(request, "dashboard/analytics/overview.html", shown.of(found, form), here="analytics")


@require_safe
@page(Permission.VIEW_ANALYTICS)
def sheet(request, key):
    form, found = _read(request)
    table = tables.every(found).get(key)
    if table is None or form.errors:
        raise Http404
    period = found.asked.period
    name = f"{request.tenant.slug}-{key}-{period.first}-{period.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(sheets.csv_of(table), content_type="text/csv; charset=utf-8", headers=headers)


def _read(request):
    """(AskedForm, Board) of what is asked for."""
    business = request.tenant
    team = list(TeamMember.objects.order_by("-is_active", "sort_order", "first_name", "last_name"))
    today = timezone.now().astimezone(business.zone).date()
    form, wanted = asked.read(request.GET, team=team, today=today)
    sees_money = policies.may(request.membership, Permission.VIEW_MONEY)
    return form, board.read(business=business, asked=wanted, team=team, sees_money=sees_money)
