"""What has to be set where salons work."""

from django.conf import settings
from django.core.checks import Error, Tags, register

SHORTEST = 32


@register(Tags.security, deploy=True)
def check_calendar_keys(app_configs=None, **kwargs):
    """Each is long enough not to be guessed, and there is one; what they are is not said."""
    hint = "Set CALENDAR_KEYS to 50 random characters; when you change it, keep the old ones behind a comma."
    if not settings.CALENDAR_KEYS:
        return [Error("Addresses of calendars cannot be kept: there is no key.", hint=hint, id="feeds.E001")]
    if any(len(secret) < SHORTEST for secret in settings.CALENDAR_KEYS):
        return [Error(f"A key of CALENDAR_KEYS has fewer than {SHORTEST} characters.", hint=hint, id="feeds.E002")]
    if settings.SECRET_KEY in settings.CALENDAR_KEYS:
        return [Error("CALENDAR_KEYS has the SECRET_KEY in it.", hint=hint, id="feeds.E003")]
    return []
