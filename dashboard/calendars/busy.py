"""Calendars that come in: what is busy elsewhere blocks the person here."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audit.admin import actor_of
from bookings import stranded, words
from bookings.models import TeamMember
from dashboard.calendars.forms import FileForm, NewForm
from dashboard.frame import page, show
from dashboard.settings import telling
from feeds import policies, queries, services
from tenants.errors import DomainError
from tenants.permissions import Permission

BUSY = "These visits fall into busy times"


def rows(request):
    """The calendars somebody may see, each with how much of it is ahead."""
    found = queries.calendars_of(request.membership)
    ahead = queries.blocks_ahead(found, now=timezone.now())
    return [{"calendar": each, "ahead": words.count(ahead.get(each.pk, 0), "time", "times")} for each in found]


def people(membership):
    """Those whose time the member may block, as choices."""
    members = TeamMember.objects.filter(is_active=True).order_by("sort_order", "first_name", "pk")
    return {str(each.pk): each for each in members if policies.may_bring(membership, each)}


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def new(request):
    """One more, at an address or from a file."""
    whose = people(request.membership)
    if not whose:
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = NewForm(*sent, choices=[(pk, str(person)) for pk, person in whose.items()])
    if request.method == "POST" and form.is_valid():
        try:
            return _add(request, whose[form.cleaned_data["person"]], form.cleaned_data)
        except DomainError as exc:
            at = "url" if form.cleaned_data["url"] else "file"
            form.add_error(at if isinstance(exc, services.NotRead) else None, str(exc))
    context = {"form": form}
    return show(request, "dashboard/calendars/new.html", context, here="settings", status=422 if form.errors else 200)


def _add(request, person, asked):
    """Raises DomainError."""
    named = {"team_member": person, "name": asked["name"], **_press(request)}
    if asked["url"]:
        calendar = services.add_address(url=asked["url"], **named)
        messages.success(request, f"Added: {calendar}. It is read in a moment; look here again in a minute.")
        return redirect("dashboard:busy", calendar.pk)
    calendar, done = services.add_file(business=request.tenant, data=asked["file"].read(), **named)
    return _read(request, calendar, done)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def calendar(request, pk):
    """One of them: how it stands, the visits in its times, and a newer file or another look."""
    found = _found(request, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent)
    if request.method == "POST" and found.host:
        return _ask_again(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            done = services.replace_file(
                business=request.tenant, calendar=found, data=form.cleaned_data["file"].read(), **_press(request)
            )
        except DomainError as exc:
            form.add_error("file", str(exc))
        else:
            return _read(request, found, done)
    now = timezone.now()
    context = {
        "form": form,
        "calendar": found,
        "ahead": words.count(queries.blocks_ahead([found], now=now).get(found.pk, 0), "busy time", "busy times"),
        "visits": stranded.in_read_blocks(source_id=found.pk, now=now),
    }
    status = 422 if form.errors else 200
    return show(request, "dashboard/calendars/busy.html", context, here="settings", status=status)


def _ask_again(request, found):
    try:
        services.ask_again(calendar=found, **_press(request))
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"{found} is read in a moment.")
    return redirect("dashboard:busy", found.pk)


@require_POST
@page(Permission.WORK_DIARY)
def remove(request, pk):
    found = _found(request, pk)
    try:
        services.remove_calendar(calendar=found, **_press(request))
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"Removed: {found}. {found.team_member} can be booked at its times again.")
    return redirect("dashboard:calendars")


def _found(request, pk):
    found = next((each for each in queries.calendars_of(request.membership) if each.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _press(request):
    return {"membership": request.membership, "by": actor_of(request), "now": timezone.now()}


def _read(request, calendar, done):
    """Say what was read, and name the visits in it: they stay until somebody moves them."""
    ahead = queries.blocks_ahead([calendar], now=timezone.now()).get(calendar.pk, 0)
    said = (
        f"Read: {calendar}. {calendar.team_member} is not booked at {words.count(ahead, 'time', 'times')} from now on."
    )
    messages.success(request, said)
    if done.odd:
        odd = words.count(done.odd, "event could", "events could")
        messages.warning(request, f"{odd} not be understood, and nothing is blocked for that.")
    telling.moves(request, BUSY, stranded.in_read_blocks(source_id=calendar.pk, now=timezone.now()))
    return redirect("dashboard:busy", calendar.pk)
