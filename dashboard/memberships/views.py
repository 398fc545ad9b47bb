"""Memberships: who has one and how it stands, what is offered, and what the salon does with one."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.admin import actor_of
from bookings import words
from dashboard.frame import page, show
from dashboard.memberships import shown
from dashboard.memberships.forms import STATES, EndForm, MembersForm, PlanForm
from dashboard.paging import paged
from memberships import queries, services
from memberships.models import MembershipGrant, MembershipState
from tenants import policies
from tenants.errors import DomainError
from tenants.permissions import Permission

HERE = "memberships"


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def members(request):
    form, now = MembersForm(request.GET), timezone.now()
    asked = form.asked()
    rows, pager, total = paged(request, queries.members(**asked))
    context = {
        "form": form,
        "narrows": bool(asked["q"]),
        "shortcuts": shortcuts(asked["state"]),
        "state": asked["state"],
        "lines": [shown.line_of(row, business=request.tenant, now=now) for row in rows],
        "pager": pager,
        "total": words.count(total, "membership", "memberships"),
    }
    return show(request, "dashboard/memberships/list.html", context, here=HERE)


def shortcuts(chosen):
    """(address, label, whether it is chosen)"""
    here = reverse("dashboard:memberships")
    return [
        (f"{here}?{urlencode({'state': state})}" if state else here, label, state == chosen) for state, label in STATES
    ]


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def plans(request):
    context = {"plans": queries.plans(), "charges": request.tenant.billing.charges_enabled}
    return show(request, "dashboard/memberships/plans.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def add(request):
    return _plan(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def change(request, pk):
    return _plan(request, get_object_or_404(queries.plans(), pk=pk))


def _plan(request, plan):
    currency = plan.currency_code if plan else request.tenant.currency_code
    form = PlanForm(request.POST or None, currency=currency, plan=plan)
    if request.method == "POST" and form.is_valid():
        what = form.asked() | {"by": actor_of(request), "now": timezone.now()}
        try:
            if plan:
                services.change_plan(plan=plan, **what)
            else:
                services.add_plan(business=request.tenant, **what)
        except DomainError as exc:
            form.add_error(None, str(exc))
        else:
            messages.success(request, "Saved.")
            return redirect("dashboard:membership-plans")
    status = 422 if form.errors else 200
    context = {"form": form, "plan": plan}
    return show(request, "dashboard/memberships/plan.html", context, here=HERE, status=status)


def _found(pk):
    return get_object_or_404(queries.members(), pk=pk)


@require_safe
@page(Permission.VIEW_CUSTOMERS)
def member(request, pk):
    membership, business = _found(pk), request.tenant
    may_refund = policies.may(request.membership, Permission.REFUND)
    living, ending = membership.is_living, membership.cancel_at_period_end
    context = {
        "membership": membership,
        "state": shown.state_of(membership),
        "badge": shown.BADGES.get(membership.state, ""),
        "facts": shown.facts_of(membership, business=business),
        "consent": membership.consent.splitlines(),
        "months": [
            shown.month_of(grant, business=business, may_refund=may_refund) for grant in membership.grants.all()
        ],
        "can_end": living and may_refund,
        "can_keep": may_refund and ending and membership.state == MembershipState.ACTIVE,
        "ends_on": shown.next_of(membership, business) if ending else "",
    }
    return show(request, "dashboard/memberships/member.html", context, here=HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.REFUND)
def end(request, pk):
    """What ending means, and the button that does it."""
    membership, form = _found(pk), EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = form.cleaned_data["when"] == EndForm.NOW
        return _pressed(request, membership, services.end_now if now else services.end_at_period_end)
    context = {"membership": membership, "form": form}
    return show(request, "dashboard/memberships/end.html", context, here=HERE, status=400 if form.errors else 200)


@require_POST
@page(Permission.REFUND)
def keep(request, pk):
    return _pressed(request, _found(pk), services.keep)


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.REFUND)
def refund(request, pk, grant):
    """What giving a month back means, and the button that does it."""
    membership = _found(pk)
    grant = get_object_or_404(
        MembershipGrant.objects.select_related("membership", "card"), pk=grant, membership=membership
    )
    if request.method == "POST":
        return _pressed(request, membership, services.refund, about={"grant": grant})
    context = {
        "membership": membership,
        "grant": grant,
        "month": shown.month_of(grant, business=request.tenant, may_refund=True),
    }
    return show(request, "dashboard/memberships/refund.html", context, here=HERE)


def _pressed(request, membership, act, about=None):
    about = about or {"membership": membership}
    try:
        act(**about, business=request.tenant, by=actor_of(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Done.")
    return redirect("dashboard:membership", membership.pk)
