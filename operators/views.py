"""What a salon's owner sees of support, on the platform's host."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from operators import queries, services
from tenants.addresses import client_address
from tenants.errors import DomainError


@require_safe
@never_cache
def support(request, business_id):
    """Who of Tithi looked in, why, until when, and at what. For owners and admins; for others it does not exist."""
    business = _managed(request, business_id)
    visits = queries.visits_of_support(business, now=timezone.now())
    return render(request, "operators/support.html", {"salon": business, "visits": visits})


@require_POST
def end_support(request, business_id, access_id):
    business = _managed(request, business_id)
    access = get_object_or_404(business.support_accesses, pk=access_id)
    try:
        services.end_access(access=access, by=request.user, address=client_address(request), now=timezone.now())
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Ended. Support is out.")
    return redirect("salon-support", business.pk)


def _managed(request, business_id):
    business = queries.salon_managed_by(request.user, business_id)
    if business is None:
        raise Http404
    return business
