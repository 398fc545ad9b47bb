"""Who may see a salon's bills: its owner. For strangers the address does not exist; for the team it is closed."""

from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.cache import never_cache

from payments.origins import hosted_policy
from payments.subscriptions import queries
from tenants import policies
from tenants.permissions import Permission


def own_salon(view):
    """Load the signed-in owner's salon. The page may send a form's answer on to pages that Stripe hosts."""

    @never_cache
    @wraps(view)
    def opened(request, business: UUID, **more):
        membership = queries.membership_in(request.user, business)
        if membership is None:
            raise Http404
        if not policies.may(membership, Permission.OWN):
            raise PermissionDenied
        response = view(request, membership.business, **more)
        response._csp_update = hosted_policy()
        return response

    return opened
