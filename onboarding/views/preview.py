"""The booking page before it is public, for who has its signed address."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from bookings.views.home import home
from onboarding import previews


@login_not_required
@require_safe
@never_cache
@xframe_options_exempt
def preview(request, token):
    """The front page as it would be; other addresses of a closed salon stay closed."""
    if not previews.is_valid(token, request.tenant):
        raise Http404
    response = home(request)
    response["X-Robots-Tag"] = "noindex"
    response._csp_replace = previews.framed()
    return response
