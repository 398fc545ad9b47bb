"""How the salon is found: what it puts on its own website, and whether the platform's directory lists it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.admin import actor_of
from bookings import embed
from bookings.services.profile import change_listing
from tenants import hosts, policies
from tenants.admin import site
from tenants.permissions import Permission


class ListingForm(forms.Form):
    listed = forms.BooleanField(required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def website(request):
    """Read by everybody of the salon; owners and admins say whether it is listed."""
    editable = policies.may(request.membership, Permission.WRITE_WORDS)
    if request.method == "POST":
        if not editable:
            raise PermissionDenied
        _save(request)
        return redirect("admin:website")
    context = {
        **site.each_context(request),
        "title": "Your website",
        "snippet": embed.snippet(request.tenant),
        "listed": request.tenant.is_public_directory,
        "editable": editable,
        "directory_url": f"{hosts.platform_url()}/directory/",
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/website.html", context)


def _save(request):
    form = ListingForm(request.POST)
    form.is_valid()  # a box is ticked or it is not
    listed = form.cleaned_data["listed"]
    change_listing(business=request.tenant, listed=listed, by=actor_of(request), now=timezone.now())
    messages.success(request, "The salon is in the directory." if listed else "The salon is not in the directory.")


def _urls():
    return [path("website/", site.admin_view(website), name="website"), *_others()]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
