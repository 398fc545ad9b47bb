import base64
import binascii
from dataclasses import dataclass

from .errors import access_revoked, unauthenticated
from .store import PLATFORM


@dataclass(frozen=True)
class Caller:
    account: str
    publishable: bool


def authenticate(world, headers, params):
    """Who asks, and in whose account; a browser may also send `key` and `_stripe_account` as parameters."""
    key = _key(headers.get("authorization", "")) or params.get("key", "")
    if not key:
        raise unauthenticated(
            "You did not provide an API key. You need to provide your API key in the Authorization header, "
            "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
        )
    if not key.startswith(("sk_test_", "rk_test_", "pk_test_")):
        raise unauthenticated(f"Invalid API Key provided: {_masked(key)}")
    account = headers.get("stripe-account") or params.get("_stripe_account") or PLATFORM
    if not world.store.knows_account(account):
        raise access_revoked(_masked(key), account)
    return Caller(account, publishable=key.startswith("pk_"))


def _key(header):
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _masked(key):
    return f"{key[:8]}{'*' * max(0, len(key) - 12)}{key[-4:]}"
