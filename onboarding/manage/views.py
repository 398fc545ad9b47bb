"""An owner's pages about one salon. Every button is a form; what is refused is said on the page."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import actors
from onboarding.domains import queries as domains
from onboarding.domains import services as naming
from onboarding.leaving import export as taking
from onboarding.leaving import queries as leaving
from onboarding.leaving import services as departures
from onboarding.manage import moving, shown
from onboarding.manage.access import own_salon, shown_who
from onboarding.manage.cards import cards_of
from onboarding.manage.forms import AddressForm, DomainForm, LeaveForm
from tenants import limits, slugs
from tenants.addresses import client_address
from tenants.errors import DomainError
from tenants.models import CustomDomain
from tenants.queries import departure_of

#: An export reads all of a salon, a check asks other people's name servers.
EXPORTS = limits.Limit("salon-exports", times=5, seconds=60 * 60)
CHECKS = limits.Limit("domain-checks", times=30, seconds=60 * 60)
PAGE = ["GET", "HEAD", "POST"]


@require_safe
@own_salon
def overview(request, business):
    context = {"cards": cards_of(business, timezone.now()), "departure": shown.departure(business)}
    return page(request, business, "overview", context)


@require_http_methods(PAGE)
@own_salon
def address(request, business):
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            moved = moving.move_salon(business=business, slug=form.cleaned_data["slug"], **press(request))
        except slugs.SlugTaken as exc:
            form.add_error("slug", shown.taken(exc))
        except DomainError as exc:
            form.add_error("slug", str(exc))
        else:
            messages.success(request, f"Your salon’s address is {moved.host} now.")
            return redirect("salon:address", business.pk)
    old = moving.old_addresses(business).values_list("domain", flat=True)
    context = {"form": form, "ending": shown.ending(business), "old": old, "kept": moving.was_published(business)}
    return page(request, business, "address", context)


@require_http_methods(PAGE)
@own_salon
def domain(request, business):
    """The salon's own names, and what to write into the DNS for each."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            naming.add_domain(business=business, text=form.cleaned_data["domain"], **press(request))
        except DomainError as exc:
            form.add_error("domain", str(exc))
        else:
            messages.success(request, "The name is noted. Now write the two records below into its DNS.")
            return redirect("salon:domain", business.pk)
    context = {"form": form, "rows": [shown.own_domain(business, row) for row in domains.domains_of(business)]}
    return page(request, business, "domain", context)


@require_POST
@own_salon
def check(request, business, domain_id):
    row = own_domain(business, domain_id)
    try:
        limits.take(CHECKS, str(business.pk), address=client_address(request))
        found = naming.check_domain(business=business, domain=row, **press(request))
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        if found.problem:
            messages.warning(request, found.problem)
        else:
            messages.success(request, "This name leads to your booking page.")
    return redirect("salon:domain", business.pk)


@require_POST
@own_salon
def remove(request, business, domain_id):
    naming.remove_domain(business=business, domain=own_domain(business, domain_id), **press(request))
    messages.success(request, "The name is removed.")
    return redirect("salon:domain", business.pk)


@require_http_methods(PAGE)
@own_salon
@shown_who
def export(request, business):
    """Everything, as a file: by a press, of somebody who has just shown who they are."""
    if request.method == "POST":
        try:
            limits.take(EXPORTS, str(business.pk), address=client_address(request))
        except limits.TooMany as exc:
            messages.error(request, str(exc))
        else:
            archive = taking.write_archive(business=business, **press(request))
            return FileResponse(archive, as_attachment=True, filename=f"{business.slug}.zip")
    return page(request, business, "export", {})


@require_http_methods(PAGE)
@own_salon
@shown_who
def leave(request, business):
    """What closing for good means, and the press; for a salon that leaves, when, and the way back."""
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            departures.ask_to_leave(
                business=business,
                typed_name=asked["name"],
                reason=asked["reason"],
                cancel_visits=asked["cancel_visits"],
                **press(request),
            )
        except DomainError as exc:
            form.add_error("name", str(exc))
        else:
            messages.success(request, f"{business.name} is closed.")
            return redirect("salon:leave", business.pk)
    if departure_of(business):
        return page(request, business, "leaving", {"departure": shown.departure(business)})
    found = leaving.consequences(business, timezone.now())
    return page(request, business, "leave", {"form": form, "found": found, "kept_days": leaving.KEPT.days})


@require_POST
@own_salon
def stay(request, business):
    try:
        departures.withdraw(business=business, **press(request))
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"{business.name} stays.")
    return redirect("salon:overview", business.pk)


def page(request, business, name, context):
    return render(request, f"onboarding/manage/{name}.html", {"salon": business} | context)


def press(request):
    """What every verb is told."""
    return {"by": actors.user(request.user, client_address(request)), "now": timezone.now()}


def own_domain(business, domain_id):
    try:
        return domains.domain_of(business, domain_id)
    except CustomDomain.DoesNotExist as exc:
        raise Http404 from exc
