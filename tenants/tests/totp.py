"""The codes an authenticator app shows."""

import time

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value


def code_now(secret):
    """This moment's code: still good when it arrives a step later, which the earliest that is accepted would not be."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
