"""Whether a certificate for a name is worth having, asked by the proxy in front of us."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from onboarding.domains import queries


@login_not_required
@require_safe
@never_cache
def served(request):
    """200 for a name that is answered here, 404 for any other: it costs the proxy nothing but this question."""
    known = queries.is_served(request.GET.get("name") or request.GET.get("domain", ""))
    return HttpResponse(status=200 if known else 404)
