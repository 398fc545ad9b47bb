"""The page that leads everywhere; the salon's details, booking rules and policies."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit.admin import actor_of
from bookings import queries, words
from bookings.services import policies as policy_verbs
from bookings.services import profile, zones
from bookings.services import settings as rule_verbs
from bookings.settings_rules import PRESETS, preset
from dashboard.frame import page, show
from dashboard.settings.forms import DashboardPoliciesForm, DetailsForm, RulesForm
from dashboard.settings.hub import groups_for
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_safe
@page(Permission.ARRANGE, Permission.MANAGE_GIFT_CARDS)
def settings(request):
    context = {"groups": groups_for(request.membership, request.tenant)}
    return show(request, "dashboard/settings/settings.html", context, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def details(request):
    form = DetailsForm(posted(request), instance=request.tenant)
    if request.method == "POST" and form.is_valid():
        changed = profile.change_profile(business=request.tenant, changes=form.changes(), **press(request))
        return saved(request, changed, "dashboard:details")
    return show(request, "dashboard/settings/details.html", {"form": form}, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def rules(request):
    form = RulesForm(posted(request), business=request.tenant, editable=True)
    if request.method == "POST" and form.is_valid():
        changed = _change_rules(request, form)
        if changed is not None:
            return saved(request, changed, "dashboard:rules")
    context = {"form": form, "local_time": words.clock(timezone.localtime())}
    return show(request, "dashboard/settings/rules.html", context, here="settings")


def _change_rules(request, form):
    """What was changed; None with the refusal at its field."""
    keep = form.cleaned_data["keep"] or None
    try:
        return rule_verbs.change_booking_rules(
            business=request.tenant, changes=form.rules(), keep=keep, **press(request)
        )
    except rule_verbs.ZoneUndecided as exc:
        form.ask_what_to_keep(exc.visits)
    except rule_verbs.RulesContradict as exc:
        form.add_error(exc.field, str(exc))
    except zones.VisitsClash as exc:
        form.asks = True
        form.add_error("keep", str(exc))
    except DomainError as exc:
        form.add_error(None, str(exc))
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.ARRANGE)
def policies(request):
    """`?start=` fills in one of the usual sets and saves nothing."""
    business = request.tenant
    start = preset(request.GET.get("start")) if request.method != "POST" else None
    form = DashboardPoliciesForm(posted(request), business=business, editable=True, start=start)
    if request.method == "POST" and form.is_valid():
        changed = _change_policies(request, form)
        if changed is not None:
            return saved(request, changed, "dashboard:policies", "It holds for visits booked from now on.")
    columns = start.columns if start else {}
    context = {
        "form": form,
        "presets": PRESETS,
        "start": start,
        "warnings": queries.warnings_about_policies(business=queries.as_if(business=business, columns=columns)),
        "example": queries.policies_examples(business=business, variants=[columns], now=timezone.now())[0],
    }
    return show(request, "dashboard/settings/policies.html", context, here="settings")


def _change_policies(request, form):
    """What was changed; None with the refusals at their fields."""
    try:
        return policy_verbs.change_policies(business=request.tenant, changes=form.policies(), **press(request))
    except policy_verbs.PoliciesContradict as exc:
        for field, sentence in exc.sentences.items():
            form.add_error(field, sentence)
    return None


def posted(request):
    """What was sent, also where that is nothing; None where nothing was to be sent."""
    return request.POST if request.method == "POST" else None


def press(request):
    """What every verb is told: who acts, and when."""
    return {"by": actor_of(request), "now": timezone.now()}


def saved(request, changed, back, more=""):
    messages.success(request, f"Saved. {more}".strip() if changed else "Nothing was changed.")
    return redirect(back)
