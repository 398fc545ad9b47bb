"""What every page of the dashboard shares: who may open it, the salon's clock, the menu around it."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from dashboard import menu
from dashboard.live.shown import line_of
from messaging.notices.queries import unread_of
from tenants import policies


def page(permission, *others):
    """A view of the salon's team: 404 for whoever is none of it, 403 for whose role has none of these permissions, the
    salon's clock inside.

    Strangers are sent to sign in before that, by the login middleware.
    """

    def decorate(view):
        @never_cache
        @wraps(view)
        def opened(request, *args, **kwargs):
            if request.tenant is None or not request.membership:
                raise Http404
            if not any(policies.may(request.membership, each) for each in (permission, *others)):
                raise PermissionDenied
            with timezone.override(request.tenant.zone):
                return view(request, *args, **kwargs)

        opened.permission = permission
        return opened

    return decorate


def show(request, template, context=None, *, here="", status=200):
    """Render a page inside the dashboard; `here` is the key of its entry in the menu."""
    around = {"menu": menu.of(request.membership, here), "here": here, "may": Allowed(request.membership)}
    around["live"] = line = line_of(request.tenant)
    around["unread"] = unread_of(request.membership)
    response = render(request, template, around | (context or {}), status=status)
    if line.origin:
        response._csp_update = {"connect-src": [line.origin]}
    return response


class Allowed:
    """For templates: `may.refund` is whether the person has the permission of that name."""

    def __init__(self, membership):
        self.membership = membership

    def __getitem__(self, name):
        return policies.may(self.membership, name)
