"""Services from a file: columns, a look at what will be made, and only then the press that writes.

Between the presses the file travels in the form itself, packed and signed: nothing is kept on the server.
"""

import base64
import zlib

from django.core import signing
from django.http import Http404, HttpResponse

from bookings import words
from onboarding import csv_import, queries, services
from onboarding.forms.menu import ColumnsForm, FileForm
from onboarding.views.frame import step

#: How long an uploaded file may wait for its import, in seconds.
AGE = 24 * 60 * 60
WAITED = "The file has waited too long. Please choose it again."


@step("services")
def import_services(request, at):
    if request.method == "POST" and "problems" in request.POST:
        return _download(request, at)
    if request.method == "POST" and "packed" in request.POST:
        data = _unpack(request.POST["packed"], at, "file")
        return _start(at, WAITED) if data is None else _looked_at(request, at, data)
    if request.method == "POST":
        return _uploaded(request, at)
    return _start(at)


def _start(at, problem=""):
    return at.page("import", form=FileForm(), problem=problem, back_url=at.address(at.step))


def _uploaded(request, at):
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            data = upload.read(csv_import.MAX_BYTES + 1)
            sheet = csv_import.read(data)
        except csv_import.FileRefused as exc:
            form.add_error("file", str(exc))
        else:
            return _show(at, data, sheet, ColumnsForm(columns=sheet.columns, mapping=csv_import.guess(sheet.columns)))
    return at.page("import", form=form, back_url=at.address(at.step))


def _looked_at(request, at, data):
    sheet = csv_import.read(data)
    form = ColumnsForm(request.POST, columns=sheet.columns, mapping=csv_import.guess(sheet.columns))
    if not form.is_valid():
        return _show(at, data, sheet, form)
    is_shown = request.POST.get("shown") == _as_text(form.mapping())
    if "import" not in request.POST or not is_shown:
        return _show(at, data, sheet, form, changed="import" in request.POST)
    items = _items(at, sheet, form.mapping())
    added = services.import_services(progress=at.progress, items=items, by=at.by, now=at.now)
    return _done(at, sheet, items, added)


def _show(at, data, sheet, form, *, changed=False):
    """The columns, and what would come of them; nothing is written."""
    mapping = form.mapping() if form.is_bound and form.is_valid() else csv_import.guess(sheet.columns)
    is_ready = not form.errors and all(mapping[name] is not None for name in csv_import.NEEDED)
    items = _items(at, sheet, mapping) if is_ready else []
    return at.page(
        "import_look",
        form=form,
        packed=_pack(data, at, "file"),
        shown=_as_text(mapping),
        changed=changed,
        is_ready=is_ready,
        back_url=at.address(at.step),
        **_outcome(at, sheet, items),
    )


def _done(at, sheet, items, added):
    return at.page("import_done", added=added, **_outcome(at, sheet, items))


def _outcome(at, sheet, items):
    refused = [item for item in items if item.problem]
    file = csv_import.problems_file(sheet, refused) if refused else b""
    return {
        "good": [_row(at, item) for item in items if not item.problem],
        "bad": [
            {"number": item.line.number, "name": item.values.get("name"), "problem": item.problem} for item in refused
        ],
        "problems": _pack(file, at, "problems") if refused else "",
        "list_url": at.address(at.step),
    }


def _row(at, item):
    values = item.values
    return {
        "number": item.line.number,
        "name": values["name"],
        "category": values["category"],
        "facts": f"{words.length(values['duration_min'])} · {at.business.money(values['price_cents'])}",
    }


def _items(at, sheet, mapping):
    taken = [csv_import.key(each.category.name if each.category else "", each.name) for each in queries.services()]
    return csv_import.items(sheet, mapping, currency=at.business.currency_code, taken=taken)


def _download(request, at):
    data = _unpack(request.POST["problems"], at, "problems")
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="services-to-correct.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _as_text(mapping):
    """A mapping as it travels in a form: which columns the page's look was about."""
    return ",".join(f"{name}:{'' if place is None else place}" for name, place in sorted(mapping.items()))


def _pack(data, at, kind):
    return _signer(at, kind).sign(base64.urlsafe_b64encode(zlib.compress(data)).decode())


def _unpack(packed, at, kind):
    """The bytes; None for what we did not sign for this salon, or too long ago."""
    try:
        return zlib.decompress(base64.urlsafe_b64decode(_signer(at, kind).unsign(packed, max_age=AGE)))
    except signing.BadSignature:
        return None


def _signer(at, kind):
    return signing.TimestampSigner(salt=f"onboarding.import.{kind}.{at.business.pk}")
