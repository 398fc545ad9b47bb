"""Time a person cannot be booked: added, changed and removed, with a way back from each. As the API: admins and owners.

What is typed over visits asks first, and names them; a box that is dragged over them shows where it lies.
"""

from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audit.admin import actor_of
from bookings import stranded, words
from bookings.models import Booking, TeamMember, TimeBlock
from bookings.services import team
from dashboard.calendar import axis, laid_over, said
from dashboard.calendar.asked import YEARS, day_url, uuid_or_none
from dashboard.calendar.forms import BlockForm, PutBackForm
from dashboard.frame import page, show
from dashboard.settings.shown import visit_rows
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

AN_HOUR = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def new(request):
    """Block some time; `?start=` and `&end=` (wall times) and `&person=` fill the form in."""
    form = BlockForm(request.POST or None, business=request.tenant, initial=_asked(request))
    told = {"title": "Block time", "button": "Block this time"}
    if request.method == "POST" and form.is_valid():
        values = form.values()
        over = laid_over.visits(fields=values, now=timezone.now())
        if not laid_over.is_seen(request, over):
            return _form(request, form, over=over, **told)
        try:
            block = team.add_time_block(member=values.pop("team_member"), **values, **_who(request))
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            undo = (
                said.Undo(reverse("dashboard:calendar-block-remove", args=[block.pk])) if _may_remove(request) else None
            )
            return said.done(request, _sentence(request, "Blocked", block), url=_day_of(request, block), undo=undo)
    return _form(request, form, **told)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def block(request, pk):
    """Change a block, or remove it."""
    found = _block(pk)
    form = BlockForm(
        request.POST or None,
        business=request.tenant,
        member=found.team_member,
        initial=_initial(found.starts_at, found.ends_at, request.tenant.zone)
        | {"person": found.team_member_id, "reason": found.reason},
    )
    told = {"title": "Blocked time", "button": "Save", "blocked": found if _may_remove(request) else None}
    if request.method == "POST" and form.is_valid():
        values = form.values()
        over = laid_over.visits(fields=values, now=timezone.now(), block=found)
        if not laid_over.is_seen(request, over):
            return _form(request, form, over=over, **told)
        try:
            return _change(request, found, values)
        except DomainError as exc:
            form.add_error(None, str(exc))
    return _form(request, form, **told)


@require_POST
@page(Permission.ARRANGE)
def remove(request, pk):
    if not _may_remove(request):
        raise PermissionDenied
    found = _block(pk)
    undo = _put_back(found, removed=True)
    try:
        team.remove_time_block(time_block=found, **_who(request))
    except DomainError as exc:
        return said.refused(request, exc, url=_day_of(request, found))
    sentence = f"{found.team_member.name} can be booked again: {_span(found, request.tenant.zone)}."
    return said.done(request, sentence, url=_day_of(request, found), undo=undo)


@require_POST
@page(Permission.ARRANGE)
def put_back(request):
    """Undo: a block as it was before it was changed or removed."""
    form = PutBackForm(request.POST)
    if not form.is_valid():
        raise PermissionDenied
    data = form.cleaned_data
    member = get_object_or_404(TeamMember, pk=data["person"])
    values = {name: data[name] for name in ("starts_at", "ends_at", "reason")}
    try:
        if data["block"]:
            fields = values | {"team_member": member}
            found, seen = _block(data["block"]), data["seen"]
            back = team.change_time_block(time_block=found, fields=fields, seen=seen, **_who(request))
        else:
            back = team.add_time_block(member=member, **values, **_who(request))
    except DomainError as exc:
        return said.refused(request, exc, url=reverse("dashboard:calendar"))
    return said.done(request, _sentence(request, "Blocked again", back), url=_day_of(request, back))


def drop(request, data):
    """A block's box was dragged or made longer. Raises DomainError."""
    if not policies.may(request.membership, Permission.ARRANGE):
        raise PermissionDenied
    found = _block(data["pk"])
    column = axis.of(view=data["view"], day=data["date"], zone=request.tenant.zone)
    fields = {}
    if data["start"]:
        start = column.instant(data["start"])
        fields = {"starts_at": start, "ends_at": start + (found.ends_at - found.starts_at)}
    if data["end"]:
        # As long as the box is drawn, whatever the clocks do meanwhile.
        start = fields.get("starts_at", found.starts_at)
        fields["ends_at"] = start + (data["end"] - column.place(start))
    if data["person"]:
        fields["team_member"] = get_object_or_404(TeamMember, pk=data["person"])
    return _change(request, found, fields)


def _change(request, found, fields):
    undo = _put_back(found)
    changed = team.change_time_block(time_block=found, fields=fields, **_who(request))
    undo.fields["seen"] = team.mark_of(changed)
    return said.done(request, _sentence(request, "Blocked", changed), url=_day_of(request, changed), undo=undo)


def _may_remove(request):
    """Support deletes nothing."""
    return policies.may_remove(request.membership, Permission.ARRANGE)


def _block(pk):
    return get_object_or_404(TimeBlock.objects.select_related("team_member"), pk=pk, team_member__isnull=False)


def _put_back(block, *, removed=False):
    return said.Undo(
        reverse("dashboard:calendar-block-put-back"),
        {
            "block": "" if removed else str(block.pk),
            "person": str(block.team_member_id),
            "starts_at": block.starts_at.isoformat(),
            "ends_at": block.ends_at.isoformat(),
            "reason": block.reason,
        },
    )


def _who(request):
    return {"by": actor_of(request), "now": timezone.now()}


def _sentence(request, verb, block):
    """`Blocked: Ann, Tue 4 Nov, 10:00 – 12:00. 2 visits stand in this time and stay until you move them.`"""
    text = f"{verb}: {block.team_member.name}, {_span(block, request.tenant.zone)}."
    left = len(stranded.in_block(block=block, now=timezone.now()))
    if not left:
        return text
    if left == 1:
        return f"{text} 1 visit stands in this time and stays until you move it."
    return f"{text} {left} visits stand in this time and stay until you move them."


def _span(block, zone):
    start, end = block.starts_at.astimezone(zone), block.ends_at.astimezone(zone)
    if start.date() == end.date():
        return f"{words.moment(start)} – {axis.label(end, zone)}"
    return f"{words.moment(start)} – {words.moment(end)}"


def _day_of(request, block):
    return day_url(block.starts_at.astimezone(request.tenant.zone).date(), column=block.team_member_id)


def _asked(request):
    """What the address fills in; an hour from the next full one where it says nothing."""
    zone = request.tenant.zone
    start = _wall(request.GET.get("start", "")) or _next_hour(timezone.now().astimezone(zone), request.GET)
    end = _wall(request.GET.get("end", "")) or start + AN_HOUR
    return {
        "date": start.date(),
        "time": start.time(),
        "until_date": end.date(),
        "until_time": end.time(),
        "person": uuid_or_none(request.GET.get("person", "")),
    }


def _next_hour(wall, params):
    start = wall.replace(minute=0, second=0, microsecond=0, tzinfo=None) + AN_HOUR
    try:
        day = date.fromisoformat(params.get("date", ""))
    except ValueError:
        return start
    return start if day == start.date() else datetime.combine(day, time(12))


def _wall(text):
    try:
        wall = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return wall if wall.year in YEARS else None


def _initial(starts_at, ends_at, zone):
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    return {"date": start.date(), "time": start.time(), "until_date": end.date(), "until_time": end.time()}


def _form(request, form, *, over=(), **context):
    """The form; with the visits it would be laid `over`, where they have not been seen."""
    if over:
        named = Booking.objects.filter(pk__in=[visit.pk for visit in over]).order_by("start_at", "ref")
        rows, more = visit_rows(named, request.membership)
        context |= {"rows": rows, "more": more, "mark": laid_over.mark(over)}
        context["standing"] = words.count(len(over), "visit", "visits")
    context |= {"form": form, "back_url": day_url(form.initial["date"], column=form.initial["person"])}
    status = 422 if form.errors else 200
    return show(request, "dashboard/calendar/block.html", context, here="calendar", status=status)
