"""Where a page finds its news."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

PATH = "/ws/dashboard/"


@dataclass(frozen=True, slots=True)
class Line:
    """`socket` is empty where there is no process for sockets; `since` is asked instead."""

    origin: str
    since: str
    shown_at: str

    @property
    def socket(self):
        return f"{self.origin}{PATH}" if self.origin else ""


def line_of(business):
    return Line(_origin(business), reverse("dashboard:since"), timezone.now().isoformat())


def _origin(business):
    if not settings.LIVE_UPDATES:
        return ""
    port = f":{settings.LIVE_PORT}" if settings.LIVE_PORT else ""
    return f"{'wss' if settings.PLATFORM_SCHEME == 'https' else 'ws'}://{business.host}{port}"
