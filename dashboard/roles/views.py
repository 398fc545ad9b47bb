"""What each role may: read by who lets people in, changed by the owner."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import services
from dashboard.frame import page, show
from dashboard.roles import shown
from tenants import policies
from tenants.addresses import client_address
from tenants.permissions import Permission, changes_of


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.MANAGE_ACCESS)
def roles(request):
    owns = policies.may(request.membership, Permission.OWN)
    changes, refused = request.membership.role_changes, None
    if request.method == "POST":
        if not owns:
            raise PermissionDenied
        wanted = {} if "reset" in request.POST else shown.wanted(set(request.POST.getlist("allowed")))
        try:
            saved(request, wanted)
        except services.RolesOutOfOrder as exc:
            changes, refused = changes_of(wanted), exc
        else:
            return redirect("dashboard:roles")
    context = {
        "rows": shown.rows(changes, editable=owns, refused=refused),
        "owns": owns,
        "refused": refused,
        "differs": bool(request.membership.role_changes),
    }
    return show(request, "dashboard/roles/roles.html", context, here="settings")


def saved(request, wanted):
    """Raises RolesOutOfOrder; whatever else is refused was not offered."""
    changed = services.change_permissions(
        business=request.tenant,
        wanted=wanted,
        by=request.user,
        address=client_address(request),
        now=timezone.now(),
    )
    messages.success(
        request, "Saved. It holds at once, also for who is signed in." if changed else "Nothing was changed."
    )
