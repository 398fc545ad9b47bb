"""Signing in through Google, on the platform's host, where the two keys of it are set."""

from django.conf import settings


def is_offered(request):
    """Whether this host has the button and answers what lies behind it."""
    keys = settings.GOOGLE_CLIENT_ID and settings.GOOGLE_CLIENT_SECRET
    return bool(keys) and getattr(request, "tenant", None) is None
