"""Addresses of other calendars as they are kept: encrypted, for whoever has the address reads the calendar.

Keys follow from `CALENDAR_KEYS`: the first one seals, every one opens. `manage.py seal_calendars` brings all to the first.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NO_KEY = "CALENDAR_KEYS is not set: addresses of calendars cannot be kept without it."


class Unsealable(ValueError):
    """Sealed with a key that is no longer there, or not by us."""


def seal(url):
    """The address as it may be stored; another text each time."""
    return _fernet().encrypt(url.encode()).decode()


def opened(sealed):
    """The address. Raises Unsealable."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken as exc:
        raise Unsealable from exc


def digests(url):
    """What tells whether an address is there already, by every key; the first is to be stored."""
    return [hmac.digest(_key(secret, "digest"), url.encode(), "sha256").hex() for secret in _secrets()]


def _fernet():
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(secret, "seal"))) for secret in _secrets()])


def _secrets():
    if not settings.CALENDAR_KEYS:
        raise ImproperlyConfigured(NO_KEY)
    return settings.CALENDAR_KEYS


def _key(secret, use):
    """32 bytes of one secret for one use."""
    return hmac.digest(secret.encode(), f"feeds.sealing:{use}".encode(), "sha256")
