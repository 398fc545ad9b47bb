"""A salon on its way and its owner's browser, signed in."""

from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from django_tenants.utils import tenant_context

from config.testing_client import HostClient
from tenants import hosts


@dataclass
class Opening:
    """The salon's progress, and pages of its owner."""

    progress: object
    open_page: object
    owner: object

    @property
    def salon(self):
        return self.progress.business

    def page(self, step, **options):
        """The owner's browser on the page of a step."""
        page = self.open_page(**options)
        client = HostClient.opened(None, self.owner)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": hosts.platform_url()}])
        page.goto(f"{hosts.platform_url()}/onboarding/{step}/?salon={self.progress.pk}")
        return page


@pytest.fixture
def opening(live_server, settings, tmp_path, open_page, opened, newcomer):
    """The new salon `lark` with Mara in it; the connection is in its schema."""
    from bookings.tests.factories import make_member

    settings.PLATFORM_PORT = live_server.url.rpartition(":")[2]
    settings.MEDIA_ROOT = tmp_path
    with tenant_context(opened.business):
        make_member("Mara")
        yield Opening(opened, open_page, newcomer)
