"""Around every page: what is kept of it, whether Google is there, and where people are signed in."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import Http404
from django.utils.cache import add_never_cache_headers

from accounts import presence
from accounts.google import is_offered

HOME = "/accounts/"
#: What exists only where Google is offered.
THIRD_PARTY = ("/accounts/google/", "/accounts/3rdparty/", "/accounts/social/")
#: Nobody chooses an address there: it is Google's, or there is no account.
NEVER = "/accounts/3rdparty/signup/"


class NeverKeptMiddleware:
    """Pages about an account are nobody else's, not even the next person's at the same screen.

    Whatever is answered under `/accounts/` is kept by no cache and shown again by no Back button.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(HOME):
            add_never_cache_headers(response)
        return response


class GoogleMiddleware:
    """No Google on salons' hosts, and none anywhere without its keys. Where it is, forms of `/accounts/` may lead to it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        offered = is_offered(request)
        if request.path.startswith(NEVER) or (request.path.startswith(THIRD_PARTY) and not offered):
            raise Http404
        response = self.get_response(request)
        if offered and request.path.startswith(HOME):
            response._csp_update = {"form-action": [_origin()]}
        return response


class SignInMiddleware:
    """Keeps the list of where people are signed in: one write in five minutes, and no question on the way in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        user = getattr(request, "_cached_user", None)  # who was not asked for is not loaded for this
        if user is not None and user.is_authenticated and SESSION_KEY in request.session:
            presence.refresh(request, user)
        return response


def _origin():
    address = urlsplit(settings.SOCIALACCOUNT_PROVIDERS["google"]["AUTHORIZE_URL"])
    return f"{address.scheme}://{address.netloc}"
