"""What an account asks of its own person."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user, methods):
    """Whether a sign-in by `methods` (allauth's records) went as far as the account asks today."""
    return any(method["method"] == "mfa" for method in methods) or not is_mfa_enabled(user, STEPS)
