"""The list of visits: filters, buttons on each row, several closed at once, and the list as a file."""

import csv

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import words
from bookings.desk.shown import people_of, state_of
from dashboard import desk
from dashboard.frame import page, show
from dashboard.paging import paged
from dashboard.visits import presses
from dashboard.visits.forms import VisitsForm
from payments import queries, shown
from payments.desk.many import AT_ONCE
from tenants.permissions import Permission

#: A spreadsheet takes a cell that begins like this for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST_ROWS = 50_000
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
    "Payment",
)


def asked(request):
    """(the form, the visits it asks for)"""
    now = timezone.now()
    form = VisitsForm(request.GET)
    today = now.astimezone(request.tenant.zone).date()
    return form, form.narrowed(queries.visits(), today=today, now=now)


@require_safe
@page(Permission.VIEW_DIARY)
def visits(request):
    form, found = asked(request)
    rows, pager, total = paged(request, found)
    context = {
        "form": form,
        "shortcuts": shortcuts(form.cleaned_data.get("when", "")),
        "rows": [row_of(booking, request.membership) for booking in rows],
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


def row_of(booking, membership, names=presses.AT_HAND):
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


@require_safe
@page(Permission.EXPORT_CUSTOMERS)
def as_file(request):
    """The list as it is filtered, for a spreadsheet."""
    _, found = asked(request)
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers={"X-Content-Type-Options": "nosniff"})
    answer["Content-Disposition"] = f'attachment; filename="visits-{timezone.localdate()}.csv"'
    answer.write("\ufeff")
    sheet = csv.writer(answer)
    sheet.writerow(COLUMNS)
    for booking in found[:MOST_ROWS].iterator(chunk_size=500):
        sheet.writerow([cell(value) for value in cells(booking)])
    return answer


def cells(booking):
    wall = booking.local_start
    return (
        booking.ref,
        wall.date().isoformat(),
        words.clock(wall),
        booking.contact_name,
        booking.contact_email,
        str(booking.contact_phone or ""),
        booking.service_name,
        people_of(booking),
        state_of(booking),
        booking.price.decimal,
        booking.currency_code,
        shown.payment_badge(booking)[0],
    )


def cell(value):
    """A value that no spreadsheet runs."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
