"""The talk with Google: a code for a signed statement about the person, and what has to be true of it."""

import hmac
from functools import lru_cache

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings

CLAIMS = ("sub", "aud", "iss", "exp", "iat", "nonce")
#: Clocks are off by seconds.
LEEWAY_SECONDS = 10


class GoogleOAuth2Adapter(OAuth2Adapter):
    """Believes an id_token that Google has signed, for us, now, for the very sign-in that was begun in this browser."""

    provider_id = "google"

    def __init__(self, request):
        super().__init__(request)
        endpoints = settings.SOCIALACCOUNT_PROVIDERS["google"]
        self.authorize_url = endpoints["AUTHORIZE_URL"]
        self.access_token_url = endpoints["ACCESS_TOKEN_URL"]
        self.nonce = ""

    def complete_login(self, request, app, token, **kwargs):
        """Raises OAuth2Error for a statement that is missing, forged, old, or about another sign-in."""
        claims = read(kwargs["response"].get("id_token") or "", audience=app.client_id)
        if not self.nonce or not hmac.compare_digest(str(claims["nonce"]), self.nonce):
            raise OAuth2Error("The id_token is about another sign-in.")
        return self.get_provider().sociallogin_from_response(request, claims)


def read(id_token, *, audience):
    """The claims of an id_token. Raises OAuth2Error.

    The signature is asked for although the token comes straight from Google: then a wrong address of it gives nothing.
    """
    google = settings.SOCIALACCOUNT_PROVIDERS["google"]
    try:
        return jwt.decode(
            id_token,
            _keys(google["CERTS_URL"]).get_signing_key_from_jwt(id_token).key,
            algorithms=["RS256"],
            audience=audience,
            issuer=google["ISSUERS"],
            leeway=LEEWAY_SECONDS,
            options={"require": list(CLAIMS)},
        )
    except jwt.PyJWTError as exc:
        raise OAuth2Error("Invalid id_token") from exc


@lru_cache
def _keys(address):
    """Google's keys, kept for a while in the process."""
    return jwt.PyJWKClient(address, timeout=5)
