import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.tests.conftest import ann, cut, works_here
from tenants.tests.api import cheap_passwords
from tenants.tests.name_server import NameServer
from webhooks import services
from webhooks.models import EventType
from webhooks.tests.listening import Listener

__all__ = ["ann", "cheap_passwords", "cut", "works_here"]


@pytest.fixture
def here(settings):
    """This machine may be called, as in the local environment."""
    settings.WEBHOOKS_TO_LOOPBACK = True


@pytest.fixture
def listen(here):
    """`listen(answers=[500])`: a program of a salon's."""
    opened = []

    def start(**how):
        opened.append(Listener(**how))
        return opened[-1]

    yield start
    for listener in opened:
        listener.close()


@pytest.fixture
def name_server(settings):
    """A name server of the test's own, which is the one that is asked."""
    server = NameServer()
    settings.DNS_RESOLVERS = [server.address]
    yield server
    server.close()


@pytest.fixture
def subscribe():
    """`subscribe(business, url)`: (endpoint, secret) of that salon, told of everything."""

    def add(business, url, events=tuple(EventType.values)):
        with tenant_context(business):
            return services.add_endpoint(business=business, url=url, events=events, by=SYSTEM, now=timezone.now())

    return add
