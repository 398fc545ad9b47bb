"""The waiting list: who waits for what, what is offered right now, adding somebody and taking somebody off."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.admin import actor_of
from bookings import texts, words
from dashboard.frame import page, show
from dashboard.paging import paged
from dashboard.waitlist import shown
from dashboard.waitlist.forms import STATES, AddForm, ListForm
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission
from waitlist import queries, rules, services
from waitlist.models import Wish


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def waitlist(request):
    form, now = ListForm(request.GET), timezone.now()
    rows, pager, total = paged(request, queries.wishes(**form.asked()))
    may_work = policies.may(request.membership, Permission.WORK_DIARY)
    context = {
        "form": form,
        "lines": [shown.line_of(wish, zone=request.tenant.zone, now=now, may_work=may_work) for wish in rows],
        "shortcuts": shortcuts(form.cleaned_data.get("state", "")),
        "state": form.cleaned_data.get("state", ""),
        "narrows": bool(form.cleaned_data.get("q") or form.cleaned_data.get("service")),
        "pager": pager,
        "total": words.count(total, "person", "people"),
        "rule": rules.RULE,
    }
    return show(request, "dashboard/waitlist/list.html", context, here="waitlist")


def shortcuts(chosen):
    """(address, label, whether it is chosen)"""
    here = reverse("dashboard:waitlist")
    return [
        (f"{here}?{urlencode({'state': state})}" if state else here, label, state == chosen) for state, label in STATES
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def add(request):
    business, now = request.tenant, timezone.now()
    how = {
        "business": business,
        "today": now.astimezone(business.zone).date(),
        "texts": texts.are_offered(),
    }
    if "more" in request.POST:
        return ask(request, AddForm.longer(request.POST, **how))
    form = AddForm(request.POST or None, **how)
    if request.method != "POST":
        return ask(request, form)
    if form.is_valid():
        try:
            wish = services.join(business=business, **form.wish(), now=now, by=actor_of(request))
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            messages.success(request, f"{wish.name} is on the waiting list.")
            return redirect("dashboard:waitlist")
    return ask(request, form, status=422)


def ask(request, form, status=200):
    context = {"form": form, "rule": rules.RULE}
    return show(request, "dashboard/waitlist/add.html", context, here="waitlist", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.WORK_DIARY)
def remove(request, pk):
    """What taking somebody off means, and the button that does it."""
    wish = get_object_or_404(Wish.objects.prefetch_related("wanted__service", "wanted__team_member"), pk=pk)
    if request.method == "POST":
        try:
            wish = services.leave(wish=wish, by=actor_of(request), now=timezone.now(), removed=True)
        except DomainError as exc:
            messages.error(request, str(exc))
        else:
            messages.success(request, f"{wish.name} is off the waiting list.")
        return redirect("dashboard:waitlist")
    context = {"wish": wish, "asked": shown.asked(wish), "offered": services.running_offer(wish) is not None}
    return show(request, "dashboard/waitlist/remove.html", context, here="waitlist")
