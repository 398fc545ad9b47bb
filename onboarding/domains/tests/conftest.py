import pytest

from audit.actors import SYSTEM
from onboarding.domains import names, services
from tenants.tests.name_server import NameServer

OURS = "192.0.2.10"


@pytest.fixture
def name_server(settings):
    """A name server of the test's own, which is the one that is asked."""
    server = NameServer()
    settings.DNS_RESOLVERS = [server.address]
    settings.PLATFORM_ADDRESSES = [OURS]
    yield server
    server.close()


@pytest.fixture
def publish(name_server):
    """`publish(row)`: everything its owner has to write into the DNS."""

    def write(row, *others):
        name_server.set(row.domain, "A", OURS)
        name_server.set(names.proof_of(row.domain), "TXT", row.token, *others)

    return write


@pytest.fixture
def add(db):
    """`add(business, now)`: a name of that salon's, not verified."""

    def make(business, now, text="rosa-studio.example"):
        return services.add_domain(business=business, text=text, by=SYSTEM, now=now)

    return make
