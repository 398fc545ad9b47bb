"""How a program enters with an API token: on its own salon's host, where its scopes lead, as far as its maker may go."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication

from accounts.api_tokens import services
from accounts.api_tokens.models import MARK
from accounts.api_tokens.scopes import scope_for, withheld_from
from tenants.addresses import client_address
from tenants.api.errors import CHALLENGE
from tenants.errors import DomainError


class ClosedToTokens(DomainError):
    code = "closed_to_tokens"
    status = 403
    message = "API tokens are not let in here. Sign in instead."


class ScopeMissing(DomainError):
    code = "scope_missing"
    status = 403
    message = "This API token does not include what this needs."


class APITokenAuthentication(BaseAuthentication):
    """Bearer keys that begin with `tithi_`; all others are left to who comes after.

    The scope is asked for here, before any view or permission of its own: an address nobody declared is closed. What
    the maker may is the endpoints' own business, and as it is today; what only owners may, nobody's key may.
    """

    def authenticate(self, request):
        text = _key_in(request)
        if text is None:
            return None
        token, membership = services.enter(
            text=text, business=request.tenant, address=client_address(request), now=timezone.now()
        )
        _check_scope(token, request)
        membership.through_token, membership.withheld = True, withheld_from(token)
        request._salon_membership = membership
        membership.user.through = token.name
        return membership.user, token

    def authenticate_header(self, request):
        return CHALLENGE


def _key_in(request):
    kind, _, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    text = text.strip()
    return text if kind.lower() == "bearer" and text.startswith(MARK) else None


def _check_scope(token, request):
    match = request.resolver_match
    scope = scope_for(match.view_name, request.method) if match else None
    if scope is None:
        raise ClosedToTokens
    if scope not in token.scopes:
        raise ScopeMissing(f"This needs the scope {scope}, which this API token does not include.")
