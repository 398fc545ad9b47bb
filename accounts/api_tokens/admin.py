"""“API access” in the salon's admin: the keys of its programs. For owners and admins; support never."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.admin import only
from accounts.api_tokens import queries, services
from accounts.api_tokens.api import pressed
from accounts.api_tokens.forms import TokenForm
from tenants.admin import site
from tenants.errors import DomainError
from tenants.permissions import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@only(Permission.MANAGE_INTEGRATIONS)
def api_access(request):
    """The keys, and a form for one more. A new key is on the page that answers the press, and nowhere else."""
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        made = _make(request, form)
    context = {
        **site.each_context(request),
        "title": "API access",
        "form": TokenForm() if made else form,
        "made": made,
        "listed": queries.listed(request.tenant, timezone.now()),
        "api_url": f"{request.tenant.url}/api/v1/",
        "per_minute": services.REQUESTS.times,
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/salon/api_access.html", context)


def _make(request, form):
    """{"token", "key"}, or None with the refusal beside its field."""
    now, chosen = timezone.now(), form.cleaned_data
    try:
        token, key = services.make_token(
            name=chosen["name"],
            scopes=chosen["scopes"],
            expires_at=form.expires_at(now),
            now=now,
            **pressed(request),
        )
    except DomainError as exc:
        form.add_error("name", str(exc))
        return None
    return {"token": token, "key": key}


@require_POST
@only(Permission.MANAGE_INTEGRATIONS)
def revoke(request, pk):
    try:
        services.revoke_token(token_id=pk, now=timezone.now(), **pressed(request))
    except DomainError as exc:
        messages.error(request, str(exc))
    else:
        messages.success(request, "Revoked. The program is not let in any more.")
    return redirect("admin:api_access")


def _urls():
    return [
        path("api-access/", site.admin_view(api_access), name="api_access"),
        path("api-access/<uuid:pk>/revoke/", site.admin_view(revoke), name="api_token_revoke"),
        *_others(),
    ]


# Unfold's hook for pages that belong to no model.
_others = getattr(site, "extra_urls", list)
site.extra_urls = _urls
