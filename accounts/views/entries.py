"""From “My salons” into a salon. See docs/decisions/0021."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as METHODS
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import services
from tenants.addresses import client_address


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
def enter(request):
    """Sign in on this salon's host with a token from the platform.

    A press there that led straight here is enough. Where the browser cannot say so, one button asks: whoever followed a
    link that somebody else prepared sees whose account it is.
    """
    token = (request.POST if request.method == "POST" else request.GET).get("token", "")[:100]
    asked = {"token": token, "business": request.tenant, "now": timezone.now()}
    try:
        if request.method == "POST" or _came_straight_from_us(request):
            return _sign_in(request, services.use_entry(address=client_address(request), **asked))
        entry = services.find_entry(**asked)
    except services.NoEntry as exc:
        return render(request, "accounts/no_entry.html", {"sentence": str(exc)}, status=exc.status)
    return render(request, "accounts/enter.html", {"entry": entry, "token": token})


def _came_straight_from_us(request):
    """Every step of the way lay under the platform's domain, by the word of the browser, which no page can change."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Site") in ("same-site", "same-origin")


def _sign_in(request, entered):
    get_adapter().login(request, entered.user)
    record_authentication(request, entered.user, "platform")
    request.session[METHODS] = [*entered.methods, *request.session[METHODS]]
    return redirect("dashboard:today")
