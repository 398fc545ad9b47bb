from django.conf import settings


def salon(request):
    """What every page needs to know about where it is; runs no query."""
    port = f":{settings.PLATFORM_PORT}" if settings.PLATFORM_PORT else ""
    business = getattr(request, "tenant", None)
    return {
        "business": business,
        "is_platform": business is None,
        "platform_url": f"{settings.PLATFORM_SCHEME}://{settings.PLATFORM_DOMAIN}{port}",
        "is_local": settings.LOCAL,
    }
