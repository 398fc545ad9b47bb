from django.conf import settings

from tenants import hosts


def salon(request):
    """What every page needs to know about where it is; runs no query."""
    business = getattr(request, "tenant", None)
    return {
        "business": business,
        "is_platform": business is None,
        "platform_url": hosts.platform_url(),
        "is_local": settings.LOCAL,
    }
