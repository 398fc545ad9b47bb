"""The list of visits: filters, buttons on each row, several closed at once, and the list as a file."""

import csv

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.admin import actor_of
from bookings import services, words
from bookings.csv_tables import defused
from bookings.desk.shown import people_of, state_of
from dashboard import desk
from dashboard.frame import page, show
from dashboard.paging import paged
from dashboard.visits import presses
from dashboard.visits.forms import VisitsForm
from payments import queries, shown
from payments.desk.many import AT_ONCE
from tenants import policies
from tenants.permissions import Permission

MOST_ROWS = 20_000
COLUMNS = (
    "Reference",
    "Date",
    "Time",
    "Customer",
    "E-mail",
    "Phone",
    "Service",
    "With",
    "State",
    "Price",
    "Currency",
)


def asked(request, query):
    """(the form, the visits it asks for)"""
    now = timezone.now()
    form = VisitsForm(query, membership=request.membership)
    today = now.astimezone(request.tenant.zone).date()
    return form, form.narrowed(queries.visits(), today=today, now=now)


@require_safe
@page(Permission.VIEW_DIARY)
def visits(request):
    form, found = asked(request, request.GET)
    rows, pager, total = paged(request, found, shown=queries.visits())
    today = timezone.now().astimezone(request.tenant.zone).date()
    context = {
        "form": form,
        "shortcuts": shortcuts(form.cleaned_data.get("when", "")),
        "rows": [row_of(booking, request.membership, _names(booking, today)) for booking in rows],
        "pager": pager,
        "total": words.count(total, "visit", "visits"),
        "query": request.GET.urlencode(),
        "at_once": AT_ONCE,
    }
    return show(request, "dashboard/visits/list.html", context, here="visits")


def shortcuts(chosen):
    """(address, label, whether it is chosen) of what is looked at most."""
    here = reverse("dashboard:visits")
    labels = {
        "": "All",
        "unclosed": "To close",
        "today": "Today",
        "week": "This week",
        "coming": "Coming",
        "past": "Past",
    }
    return [(f"{here}?when={when}" if when else here, label, when == chosen) for when, label in labels.items()]


def _names(booking, today):
    return presses.AT_HAND if booking.local_date <= today else presses.AHEAD


def row_of(booking, membership, names):
    """A visit as lists show it."""
    return {
        "visit": booking,
        "date": words.short_date(booking.local_date),
        "time": words.clock(booking.local_start),
        "people": people_of(booking),
        "badge": desk.state_badge(booking),
        "payment": desk.payment_badge(booking),
        "buttons": presses.buttons_of(booking, membership, names),
    }


@require_POST
@page(Permission.EXPORT_CUSTOMERS)
def as_file(request):
    """The list as it was looked at, as CSV; who took it along stands in the trail."""
    business, now = request.tenant, timezone.now()
    form, found = asked(request, QueryDict(request.POST.get("back", "")[:2000]))
    said = {name: str(value) for name, value in form.cleaned_data.items() if value}
    rows = list(found[:MOST_ROWS])
    services.record_visits_export(business=business, count=len(rows), asked=said, by=actor_of(request), now=now)
    with_money = policies.may(request.membership, Permission.VIEW_MONEY)
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})
    name = f"visits-{business.slug}-{now.astimezone(business.zone):%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # by which spreadsheets know UTF-8
    sheet = csv.writer(answer)
    sheet.writerow([*COLUMNS, *(["Payment"] if with_money else [])])
    for booking in rows:
        sheet.writerow([defused(str(cell)) for cell in cells(booking, with_money)])
    return answer


def cells(booking, with_money):
    wall = booking.local_start
    found = [
        booking.ref,
        wall.date().isoformat(),
        words.clock(wall),
        booking.contact_name,
        booking.contact_email,
        booking.contact_phone or "",
        booking.service_name,
        people_of(booking),
        state_of(booking),
        booking.price.decimal,
        booking.currency_code,
    ]
    return [*found, shown.payment_badge(booking)[0]] if with_money else found
