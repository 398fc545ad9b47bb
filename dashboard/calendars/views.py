"""Calendars that leave the salon: addresses to subscribe to; and the list of those that come in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from audit.admin import actor_of
from bookings.models import TeamMember
from bookings.services import records
from dashboard.calendars import busy
from dashboard.calendars.forms import EVERYBODY, LinkForm
from dashboard.frame import page, show
from feeds import links, policies, queries, services
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.VIEW_DIARY)
def calendars(request):
    """The addresses in use, and one more: shown on the answer to the press, and never again."""
    people = {str(each.pk): each for each in _people() if policies.may_share(request.membership, each)}
    form = LinkForm(request.POST if request.method == "POST" else None, choices=_choices(request, people))
    made = None
    if request.method == "POST":
        if not form.fields["person"].choices:
            raise PermissionDenied
        made = _make(request, form, people) if form.is_valid() else None
    context = {
        "form": _fresh(request, people) if made else form,
        "made": made,
        "rows": _rows(request),
        "busy": busy.rows(request),
        "may_bring": bool(busy.people(request.membership)),
    }
    return show(request, "dashboard/calendars/list.html", context, here="settings", status=422 if form.errors else 200)


def _people():
    return TeamMember.objects.filter(is_active=True).order_by("sort_order", "first_name", "pk")


def _choices(request, people):
    everybody = [(EVERYBODY, "Everybody’s")] if policies.may_share(request.membership) else []
    return [*everybody, *((pk, f"{person}’s") for pk, person in people.items())]


def _fresh(request, people):
    return LinkForm(choices=_choices(request, people))


def _make(request, form, people):
    """What the page shows of the new address; None with the refusal in the form."""
    asked = form.cleaned_data
    try:
        link, token = services.make_link(
            membership=request.membership,
            by=actor_of(request),
            name=asked["name"],
            team_member=people.get(asked["person"]),
            now=timezone.now(),
        )
    except DomainError as exc:
        form.add_error(None, str(exc))
        return None
    url = links.feed_url(business=request.tenant, token=token)
    return {"link": link, "url": url, "webcal": links.webcal_url(url)}


def _rows(request):
    """The links somebody may see, each with whether it still opens anything."""
    found = queries.kept_links(request.membership)
    alive = queries.makers(request.tenant, found)
    return [{"link": link, "maker": _maker(alive.get(link.membership_id))} for link in found]


def _maker(membership):
    """Who made it, as far as they are still here."""
    return str(membership.user) if membership else None


@require_POST
@page(Permission.VIEW_DIARY)
def revoke(request, pk):
    link = next((link for link in queries.kept_links(request.membership) if link.pk == pk), None)
    if link is None:
        raise Http404
    try:
        services.revoke_link(membership=request.membership, by=actor_of(request), link=link, now=timezone.now())
    except records.Gone as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, f"Revoked: {link}. Programs that have it find nothing any more.")
    return redirect("dashboard:calendars")
