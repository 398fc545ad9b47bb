"""Customers from a file: columns, a look at what will become of each line, and only then the press that writes.

Between the presses the file travels in the form itself, packed and signed: nothing is kept on the server.
"""

import base64
import zlib

from django.core import signing
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import csv_tables, customer_rows
from bookings.services import customers
from dashboard.customers.forms import ColumnsForm, FileForm
from dashboard.frame import page, show
from tenants.permissions import Permission

#: How long an uploaded file may wait for its import, in seconds.
AGE = 24 * 60 * 60
WAITED = "The file has waited too long. Please choose it again."
#: How many lines are shown; the rest is counted.
SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.EXPORT_CUSTOMERS)
def import_customers(request):
    if request.method == "POST" and "problems" in request.POST:
        return _download(request)
    if request.method == "POST" and "packed" in request.POST:
        data = _unpack(request, "file")
        return _start(request, FileForm(), WAITED) if data is None else _looked_at(request, data)
    if request.method == "POST":
        return _uploaded(request)
    return _start(request, FileForm())


def _start(request, form, problem=""):
    context = {"form": form, "problem": problem}
    return _page(request, "import", context, status=422 if problem or form.errors else 200)


def _uploaded(request):
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            data = form.cleaned_data["file"].read(customer_rows.MAX_BYTES + 1)
            sheet = customer_rows.read(data)
        except csv_tables.FileRefused as exc:
            form.add_error("file", str(exc))
        else:
            mapping = customer_rows.guess(sheet.columns)
            return _show(
                request, data, sheet, ColumnsForm(columns=sheet.columns, mapping=mapping), mapping, update=False
            )
    return _start(request, form)


def _looked_at(request, data):
    sheet = customer_rows.read(data)
    form = ColumnsForm(request.POST, columns=sheet.columns, mapping=customer_rows.guess(sheet.columns))
    if not form.is_valid():
        return _show(request, data, sheet, form, None, update=False)
    mapping, update = form.mapping(), form.updates
    is_shown = request.POST.get("shown") == _as_text(mapping, update)
    if "import" not in request.POST or not is_shown:
        return _show(request, data, sheet, form, mapping, update=update, changed="import" in request.POST)
    items, outcome = _outcome(request, sheet, mapping, update, dry_run=False)
    return _page(request, "import_done", _told(request, sheet, items, outcome))


def _show(request, data, sheet, form, mapping, *, update, changed=False):
    """The columns, and what would come of them; nothing is written."""
    context = {"form": form, "packed": _pack(request, data, "file"), "changed": changed, "ready": False}
    if mapping and customer_rows.is_ready(mapping):
        items, outcome = _outcome(request, sheet, mapping, update, dry_run=True)
        context |= {"ready": True, "shown": _as_text(mapping, update), **_told(request, sheet, items, outcome)}
    return _page(request, "import_look", context, status=422 if form.errors else 200)


def _outcome(request, sheet, mapping, update, *, dry_run):
    items = customer_rows.items(sheet, mapping, region=request.tenant.country)
    outcome = customers.import_customers(
        items=items, update=update, business=request.tenant, by=actor_of(request), now=timezone.now(), dry_run=dry_run
    )
    return items, outcome


def _told(request, sheet, items, outcome):
    bad = [item for item in items if item.problem]
    good = [item for item in items if not item.problem]
    return {
        "outcome": outcome,
        "writes": outcome.added + outcome.changed,
        "bad_count": len(bad),
        "bad": bad[:SHOWN],
        "bad_more": max(0, len(bad) - SHOWN),
        "good": good[:SHOWN],
        "good_more": max(0, len(good) - SHOWN),
        "problems": _pack(request, csv_tables.problems_file(sheet, bad), "problems") if bad else "",
    }


def _page(request, name, context, *, status=200):
    return show(request, f"dashboard/customers/{name}.html", context, here="customers", status=status)


def _download(request):
    data = _unpack(request, "problems")
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="customers-to-correct.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _as_text(mapping, update):
    """What a look was about, as it travels in the form."""
    places = ",".join(f"{name}:{'' if place is None else place}" for name, place in sorted(mapping.items()))
    return f"{places};{'update' if update else 'leave'}"


def _pack(request, data, kind):
    return _signer(request, kind).sign(base64.urlsafe_b64encode(zlib.compress(data)).decode())


def _unpack(request, kind):
    """The bytes; None for what we did not sign for this salon, or too long ago."""
    packed = request.POST["packed" if kind == "file" else kind]
    try:
        return zlib.decompress(base64.urlsafe_b64decode(_signer(request, kind).unsign(packed, max_age=AGE)))
    except signing.BadSignature:
        return None


def _signer(request, kind):
    return signing.TimestampSigner(salt=f"dashboard.customers.{kind}.{request.tenant.pk}")
