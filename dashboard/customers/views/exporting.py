"""Customers as a file to take along."""

import csv

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_tenants.utils import tenant_context

from audit.admin import actor_of
from bookings import queries
from bookings.csv_tables import defused
from bookings.models import Customer
from bookings.services import customers
from dashboard.customers.wanted import BY_MONEY, SORTS, Wanted
from dashboard.frame import page
from payments import queries as money
from tenants import policies
from tenants.permissions import Permission

BATCH = 500
COLUMNS = (
    "name", "email", "phone", "preferences", "preferred person", "wants news", "wants news since", "customer since",
    "visits", "no-shows", "last visit", "next visit",
)  # fmt: skip


@require_POST
@page(Permission.EXPORT_CUSTOMERS)
def export(request):
    """The customers of the list as it was looked at, as CSV, sent while it is read; who took it stands in the trail."""
    business, now = request.tenant, timezone.now()
    with_money = policies.may(request.membership, Permission.VIEW_MONEY)
    wanted = Wanted.of(request.POST, sorts=SORTS | (BY_MONEY if with_money else {}))
    ids = list(wanted.rows(now=now).values_list("pk", flat=True))
    customers.record_export(business=business, count=len(ids), asked=wanted.fields(), by=actor_of(request), now=now)
    lines = _lines(business, ids, with_money, now)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"customers-{business.slug}-{now.astimezone(business.zone):%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(business, ids, with_money, now):
    """The file, part by part. It is read after the request has left the salon's schema: each part goes back into it."""
    writer = csv.writer(_Echo())
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"  # by which spreadsheets know UTF-8
    yield writer.writerow([*COLUMNS, *(["paid by card"] if with_money else [])])
    for start in range(0, len(ids), BATCH):
        with tenant_context(business):
            rows = _rows(business, ids[start : start + BATCH], with_money, now)
        yield "".join(writer.writerow([defused(cell) for cell in row]) for row in rows)


class _Echo:
    """What `csv` writes to: gives the line back."""

    def write(self, line):
        return line


def _rows(business, ids, with_money, now):
    found = Customer.objects.filter(erased_at=None).select_related("preferred_member").in_bulk(ids)
    rows = [found[pk] for pk in ids if pk in found]
    figures = queries.figures_of(rows, now=now)
    spent = money.spent_by(rows) if with_money else {}
    return [_row(business, each, figures[each.pk], spent if with_money else None) for each in rows]


def _row(business, customer, figures, spent):
    cells = [
        customer.display_name,
        customer.email,
        str(customer.phone or ""),
        customer.notes,
        str(customer.preferred_member or ""),
        "yes" if customer.marketing_opt_in else "no",
        _date(customer.marketing_opt_in_at, business),
        _date(customer.created_at, business),
        str(figures.visits),
        str(figures.no_shows),
        _date(figures.last_at, business),
        _date(figures.next_at, business),
    ]
    if spent is not None:
        cells.append(" + ".join(str(each) for each in spent.get(customer.pk, ())))
    return cells


def _date(instant, business):
    return f"{instant.astimezone(business.zone):%Y-%m-%d}" if instant else ""
