"""The team's week, single days that differ, and time in which a person is not booked."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import stranded, words
from bookings.models import SpecialDay, TeamMember, TeamMemberAvailability, TimeBlock
from bookings.models.hours import clock
from bookings.services import previews, records
from bookings.services import team as verbs
from dashboard.frame import page, show
from dashboard.settings import previewing, telling
from dashboard.settings.forms import BlockForm, DayForm, HoursForm
from dashboard.settings.views.hours import check_may_remove
from dashboard.settings.views.salon import press
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

SHOWN = 100


@require_safe
@page(Permission.ARRANGE)
def team(request):
    members = TeamMember.objects.filter(is_active=True).order_by("sort_order", "first_name", "pk")
    weeks = {}
    for row in TeamMemberAvailability.objects.filter(team_member__in=members, service=None):
        weeks.setdefault(row.team_member_id, set()).add(row.get_day_of_week_display()[:3])
    rows = [{"member": member, "days": _in_order(weeks.get(member.pk, ()))} for member in members]
    return show(request, "dashboard/settings/team.html", {"rows": rows}, here="settings")


def _in_order(days):
    return ", ".join(day for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") if day in days)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def person(request, pk):
    """Three forms on one page; `save` says which of them was sent, the others stay as they are."""
    member = get_object_or_404(TeamMember, pk=pk)
    sent = request.POST.get("save", "") if request.method == "POST" else ""
    plan = TeamMemberAvailability.objects.filter(team_member=member, service=None)
    forms = {
        "week": HoursForm(request.POST if sent == "week" else None, rows=plan, prefix="week", empty="day off"),
        "day": DayForm(request.POST if sent == "day" else None, prefix="day"),
        "block": BlockForm(request.POST if sent == "block" else None, prefix="block"),
    }
    if sent == "leave" and previewing.wanted(request):
        return _leave(request, member)
    if sent in forms and previewing.wanted(request) and forms[sent].is_valid():
        saved = _save(request, member, sent, forms[sent])
        if saved is not None:
            return saved
    context = {
        "member": member,
        "week": forms["week"],
        "day": forms["day"],
        "blocking": forms["block"],  # `block` is a template's own word
        "wrong": forms.get(sent),
        "has_own_plans": member.availability.exclude(service=None).exists(),
        "days": _days(member),
        "blocks": _blocks(member),
        "may_remove": policies.may_remove(request.membership, Permission.ARRANGE),
    }
    return show(request, "dashboard/settings/person.html", context, here="settings")


def _save(request, member, which, form):
    """The response; None where the service refuses, which is shown at its field."""
    try:
        return SAVE[which](request, member, form) or redirect("dashboard:person", member.pk)
    except records.Refused as exc:
        form.refuse(exc.sentences)
    except DomainError as exc:
        form.add_error(None, str(exc))
    return None


def _save_week(request, member, form):
    change = previews.Working(member.pk, tuple(form.shifts()))
    said, back = f"Saved: the week of {member}.", reverse("dashboard:person", args=[member.pk])
    return previewing.save(request, change, title=f"The week of {member}", said=said, back=back)


def _leave(request, member):
    change, said, title = previews.Leaving(member.pk), f"{member} takes no more visits.", f"{member} leaves"
    try:
        return previewing.save(request, change, title=title, said=said, back="dashboard:team", ask=True)
    except DomainError as exc:  # what is written of them is no good any more
        messages.error(request, str(exc))
    return redirect("dashboard:person", member.pk)


def _save_day(request, member, form):
    asked = {name: form.cleaned_data[name] for name in ("date", "shifts", "reason")}
    day = verbs.set_special_day(member=member, **asked, **press(request))
    messages.success(request, f"Saved: {words.full_date(day.date)}.")
    found = stranded.on_special_day(business=request.tenant, day=day, now=timezone.now())
    telling.moves(request, telling.OUTSIDE, found)


def _save_block(request, member, form):
    asked = form.instants(request.tenant.zone) | {"reason": form.cleaned_data["reason"]}
    block = verbs.add_time_block(member=member, **asked, **press(request))
    messages.success(request, f"{member} is not booked then.")
    telling.moves(request, telling.BLOCKED, stranded.in_block(block=block, now=timezone.now()))


SAVE = {"week": _save_week, "day": _save_day, "block": _save_block}


def _days(member):
    rows = member.special_days.filter(date__gte=timezone.localdate()).order_by("date")[:SHOWN]
    return [
        {
            "row": row,
            "when": words.full_date(row.date),
            "hours": ", ".join(f"{clock(start)}–{clock(end)}" for start, end in row.shifts) or "Day off",
        }
        for row in rows
    ]


def _blocks(member):
    rows = member.time_blocks.filter(ends_at__gt=timezone.now()).order_by("starts_at")[:SHOWN]
    return [
        {
            "row": row,
            "when": f"{words.when(timezone.localtime(row.starts_at))} to {words.when(timezone.localtime(row.ends_at))}",
        }
        for row in rows
    ]


@require_POST
@page(Permission.ARRANGE)
def remove_day(request, pk, day):
    found = get_object_or_404(SpecialDay, pk=day, team_member=pk)
    return _removed(request, pk, lambda: verbs.remove_special_day(special_day=found, **press(request)))


@require_POST
@page(Permission.ARRANGE)
def remove_block(request, pk, block):
    found = get_object_or_404(TimeBlock, pk=block, team_member=pk)
    return _removed(request, pk, lambda: verbs.remove_time_block(time_block=found, **press(request)))


def _removed(request, pk, remove):
    check_may_remove(request)
    try:
        remove()
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Removed. The weekly plan counts again.")
    return redirect("dashboard:person", pk)
