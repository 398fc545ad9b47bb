import pytest

from config.testing_browser import chromium, open_page, site, stripe_process, violations
from dashboard.live import publishing
from dashboard.live.tests import listening
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords", "chromium", "open_page", "site", "stripe_process", "violations"]


@pytest.fixture(scope="session")
def socket_port(live_server, django_db_setup):
    """The process for sockets beside the site; its port."""
    with listening.live_process(PORT=live_server.url.rpartition(":")[2]) as port:
        yield port


@pytest.fixture
def sockets(socket_port, live_server, settings):
    """The same, with the site's pages leading there; its port."""
    settings.LIVE_UPDATES = True
    settings.LIVE_PORT = str(socket_port)
    settings.PLATFORM_PORT = live_server.url.rpartition(":")[2]
    return socket_port


@pytest.fixture
def cookie_of(client_for):
    """`cookie_of(business, user)`: a session on that salon's host."""
    return lambda business, user: client_for(business, user).cookies["sessionid"].value


@pytest.fixture
def ear(sockets, cookie_of):
    """`ear(business, user)`: a page's open socket."""
    opened = []

    def listen(business, user, *, cookie=None):
        cookie = cookie or cookie_of(business, user)
        opened.append(listening.Ear(sockets, business=business, cookie=cookie))
        return opened[-1]

    yield listen
    for one in opened:
        one.close()


@pytest.fixture
def valkey():
    server = listening.Valkey()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_sockets(valkey, live_server, settings):
    """The process for sockets on a Valkey that may be stopped; its port."""
    settings.PLATFORM_PORT = live_server.url.rpartition(":")[2]
    settings.LIVE_UPDATES = True
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {
        "default": layer
        | {"CONFIG": layer["CONFIG"] | {"hosts": [{"address": valkey.url, "socket_connect_timeout": 1}]}}
    }
    publishing.forget()
    with listening.live_process(PORT=settings.PLATFORM_PORT, REDIS_URL=valkey.url) as port:
        settings.LIVE_PORT = str(port)
        yield port
    publishing.forget()
