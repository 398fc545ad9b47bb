"""The list."""

from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import queries
from dashboard.customers import shown
from dashboard.customers.wanted import BY_MONEY, KINDS, SORTS, Wanted
from dashboard.frame import page, show
from dashboard.paging import paged
from payments import queries as money
from tenants import policies
from tenants.permissions import Permission


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def customers(request):
    now, with_money = timezone.now(), policies.may(request.membership, Permission.VIEW_MONEY)
    sorts = SORTS | (BY_MONEY if with_money else {})
    wanted = Wanted.of(request.GET, sorts=sorts)
    found, pager, count = paged(request, wanted.rows(now=now))
    rows = shown.rows(
        found,
        figures=queries.figures_of(found, now=now),
        spent=money.spent_by(found) if with_money else None,
        business=request.tenant,
        now=now,
    )
    kinds = KINDS if wanted.kind in KINDS else KINDS | {wanted.kind: f"Not here for {wanted.kind[7:]} days"}
    context = {"rows": rows, "count": count, "pager": pager, "wanted": wanted, "kinds": kinds, "sorts": sorts}
    return show(request, "dashboard/customers/list.html", context, here="customers")
