"""Support's one button in a salon's own admin: the end of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from operators import services
from tenants.addresses import client_address
from tenants.admin import site


@require_POST
def end_support(request):
    """Out of the salon with this press. For its own members there is no such page."""
    if not request.membership or request.support is None:
        raise Http404
    services.end_access(access=request.support, by=request.user, address=client_address(request), now=timezone.now())
    messages.success(request, "Your support access has ended.")
    return redirect("home")


def _urls():
    return [path("support/end/", site.admin_view(end_support), name="support_end"), *_others()]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
