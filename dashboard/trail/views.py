"""The trail: who did what, when and from where, before and after. To read; nobody edits it."""

import csv
import io
import json
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit import queries
from audit.admin import actor_of
from audit.services import record
from audit.wording import words
from bookings.csv_tables import defused
from dashboard.frame import page, show
from dashboard.trail import shown
from dashboard.trail.forms import TrailForm
from tenants.permissions import Permission

SIZE = 50
#: Lines of one file: what a spreadsheet opens without complaint.
MOST_LINES = 20_000
COLUMNS = ("When", "Who", "What", "About", "Kind", "Before", "After", "From where", "Request")


@require_safe
@page(Permission.VIEW_TRAIL)
def trail(request):
    form = TrailForm(request.GET, business=request.tenant)
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    found = queries.page(
        form.entries(),
        size=SIZE,
        older_than=request.GET.get("older", ""),
        newer_than=request.GET.get("newer", ""),
    )
    context = {
        "form": form,
        "lines": [shown.line_of(entry) for entry in found.entries],
        "newer_url": found.newer and f"?{urlencode(asked | {'newer': found.newer})}",
        "older_url": found.older and f"?{urlencode(asked | {'older': found.older})}",
        "asked": asked,
        "about": _about(form, found),
        "without_subject": shown.trail_url(**{name: value for name, value in asked.items() if name != "subject"}),
    }
    return show(request, "dashboard/trail/trail.html", context, here="settings")


def _about(form, found):
    """What the trail is narrowed down to beside the form's fields, in words."""
    if not form.is_valid() or not form.cleaned_data["subject"]:
        return ""
    first = next(iter(found.entries), None)
    return f"{shown.kind_of(first)} {first.subject_label}" if first else "one thing"


@require_safe
@page(Permission.VIEW_TRAIL)
def entry(request, pk):
    """One line of it with all that is known: who, from where, before and after."""
    found = get_object_or_404(queries.entries(), pk=pk)
    context = {
        "line": shown.line_of(found),
        "kind": shown.kind_of(found),
        "same_subject": shown.trail_url(subject=f"{found.subject_type}:{found.subject_id}"),
        "same_person": shown.trail_url(who=found.actor_id),
    }
    return show(request, "dashboard/trail/entry.html", context, here="settings")


@require_POST
@page(Permission.VIEW_TRAIL)
def as_csv(request):
    """The same lines as a file, newest first, MOST_LINES at most: narrow it down for earlier ones. Who took it along
    stands in the trail."""
    form = TrailForm(request.POST, business=request.tenant)
    out, count = io.StringIO(), 0
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    for row in form.entries().order_by("-at", "-id")[:MOST_LINES].iterator():
        sheet.writerow([defused(value) for value in _cells(row)])
        count += 1
    asked = {name: str(value) for name, value in form.cleaned_data.items() if value}
    record(
        actor=actor_of(request),
        action="trail.exported",
        subject=request.tenant,
        at=timezone.now(),
        after={"count": count, **asked},
    )
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="trail-{request.tenant.slug}.csv"'
    return answer


def _cells(row):
    return (
        timezone.localtime(row.at).isoformat(timespec="seconds"),
        row.actor_label or "Tithi",
        words(row.action),
        row.subject_label,
        shown.kind_of(row),
        json.dumps(row.before, ensure_ascii=False) if row.before else "",
        json.dumps(row.after, ensure_ascii=False) if row.after else "",
        row.address or "",
        row.request_id,
    )
