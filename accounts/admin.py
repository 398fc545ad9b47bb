"""“Team access” in the salon's admin: who may sign in here, and as what. For owners and admins."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import forms, queries, services
from tenants import hosts, policies
from tenants.addresses import client_address
from tenants.admin import site
from tenants.errors import DomainError
from tenants.models import Role
from tenants.permissions import Permission


def my_salons_url(request):
    """The way back from a salon's admin."""
    return f"{hosts.platform_url()}{reverse('businesses', settings.PUBLIC_SCHEMA_URLCONF)}"


def only(permission):
    """For who has the permission; 403 for the rest of the team."""

    def decorate(view):
        @wraps(view)
        def guarded(request, **which):
            if not policies.may(request.membership, permission):
                raise PermissionDenied
            return view(request, **which)

        return guarded

    return decorate


managers_only = only(Permission.MANAGE_ACCESS)


@require_http_methods(["GET", "HEAD", "POST"])
@managers_only
def team_access(request):
    """The team, open invitations, and a form for one more."""
    form = forms.InviteForm(request.POST or None, membership=request.membership)
    if request.method == "POST" and form.is_valid():
        try:
            services.invite(**press(request), **form.cleaned_data)
        except DomainError as exc:
            form.add_error("email", str(exc))
        else:
            messages.success(request, f"An invitation is on its way to {form.cleaned_data['email']}.")
            return redirect("admin:team_access")
    context = {**site.each_context(request), "title": "Team access", "form": form, **_shown(request)}
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/team_access.html", context)


def _shown(request):
    """What may be done with whom; the services check it again."""
    roles = forms.roles_for(request.membership)
    own, owns = request.membership, policies.may(request.membership, Permission.OWN)
    now = timezone.now()
    return {
        "roles": roles,
        "owns": owns,
        "members": [
            {
                "membership": member,
                "changeable": member.role != Role.OWNER and member.pk != own.pk,
                "heir": owns and member.role == Role.ADMIN and member.user.is_active,
                "self": member.pk == own.pk,
            }
            for member in queries.team_of(request.tenant)
        ],
        "invitations": [
            {"invitation": row, "over": row.expires_at <= now} for row in queries.invitations_of(request.tenant)
        ],
    }


def press(request):
    """What every verb is told."""
    return {
        "business": request.tenant,
        "by": request.user,
        "address": client_address(request),
        "now": timezone.now(),
    }


def button(said):
    """A press: done and said, or refused with the service's sentence; back to the page either way."""

    def decorate(act):
        @require_POST
        @managers_only
        @wraps(act)
        def pressed(request, **which):
            try:
                act(request, **which)
            except DomainError as exc:
                messages.error(request, str(exc))
            else:
                messages.success(request, said)
            return redirect("admin:team_access")

        return pressed

    return decorate


@button("The invitation was sent again. The earlier link ends.")
def resend(request, pk):
    services.resend(invitation_id=pk, **press(request))


@button("The invitation was called back.")
def revoke(request, pk):
    services.revoke(invitation_id=pk, **press(request))


@button("Saved. The new role holds at once.")
def change_role(request, pk):
    services.change_role(membership_id=pk, role=request.POST.get("role", ""), **press(request))


@button("Removed. This person cannot enter the salon any more.")
def remove(request, pk):
    services.remove_member(membership_id=pk, **press(request))


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request, pk):
    """The salon changes hands: what that means, and the owner's password."""
    heir = next((row for row in queries.team_of(request.tenant) if row.pk == pk), None)
    if not policies.may(request.membership, Permission.OWN):
        raise PermissionDenied
    if heir is None:
        raise Http404
    if request.method == "POST":
        try:
            services.confirm_password(
                user=request.user, password=request.POST.get("password", "")[:128], address=client_address(request)
            )
            services.transfer_ownership(membership_id=pk, **press(request))
        except DomainError as exc:
            messages.error(request, str(exc))
        else:
            messages.success(request, f"{heir.user} owns the salon now. You are an admin.")
            return redirect("admin:team_access")
    context = {**site.each_context(request), "title": "Hand the salon over", "heir": heir}
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/hand_over.html", context)


def _urls():
    pages = {
        "": (team_access, "team_access"),
        "invitations/<uuid:pk>/resend/": (resend, "invitation_resend"),
        "invitations/<uuid:pk>/revoke/": (revoke, "invitation_revoke"),
        "members/<uuid:pk>/role/": (change_role, "member_role"),
        "members/<uuid:pk>/remove/": (remove, "member_remove"),
        "members/<uuid:pk>/hand-over/": (hand_over, "hand_over"),
    }
    ours = [path(f"team-access/{route}", site.admin_view(view), name=name) for route, (view, name) in pages.items()]
    return [*ours, *_others()]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
