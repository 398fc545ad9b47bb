"""Whose pages these are: the owner's. For strangers they do not exist; for the team they are closed."""

from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.cache import never_cache

from tenants import policies
from tenants.models import Membership


def own_salon(view):
    """Load the signed-in owner's salon."""

    @never_cache
    @wraps(view)
    def opened(request, business: UUID, **more):
        rows = Membership.objects.select_related("business__billing").filter(user=request.user, business=business)
        membership = rows.first()
        if membership is None:
            raise Http404
        if not policies.can_own(membership):
            raise PermissionDenied
        return view(request, membership.business, **more)

    return opened
