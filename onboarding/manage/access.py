"""Whose pages these are: the owner's. For strangers they do not exist; for the team they are closed."""

import time
from functools import wraps
from uuid import UUID

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from tenants import policies
from tenants.models import Membership
from tenants.permissions import Permission


def own_salon(view):
    """Load the signed-in owner's salon."""

    @never_cache
    @wraps(view)
    def opened(request, business: UUID, **more):
        rows = Membership.objects.select_related("business__billing").filter(user=request.user, business=business)
        membership = rows.first()
        if membership is None:
            raise Http404
        if not policies.may(membership, Permission.OWN):
            raise PermissionDenied
        return view(request, membership.business, **more)

    return opened


def shown_who(view):
    """Ask for the password or the passkey once more: a browser that was left open somewhere is not its owner.

    Who has neither, and signs in by mail, has to have done so a moment ago.
    """
    again = reauthentication_required(view)

    @wraps(view)
    def asked(request, business, **more):
        if get_reauthentication_flows(request.user):
            return again(request, business, **more)
        if not _signed_in_just_now(request):
            messages.error(request, "Please sign out and in again first, so that we know it is you.")
            return redirect("salon:overview", business.pk)
        return view(request, business, **more)

    return asked


def _signed_in_just_now(request):
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
