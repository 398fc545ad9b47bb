import pytest

from messaging import composing, gateway
from messaging.tests.local_twilio import ACCOUNT, FROM, TOKEN, LocalTwilio


@pytest.fixture(scope="session")
def twilio_server():
    server = LocalTwilio()
    yield server
    server.stop()


@pytest.fixture
def local_twilio(twilio_server, settings):
    """The local Twilio, empty, with text messages switched on; what it would tell us waits in `news`."""
    twilio_server.control("/reset")
    twilio_server.control("/hold", on=True)
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = ACCOUNT, TOKEN, FROM
    settings.TWILIO_API_BASE = twilio_server.base
    gateway.client.cache_clear()
    yield twilio_server
    gateway.client.cache_clear()


@pytest.fixture
def no_twilio(local_twilio, settings):
    """Nobody answers at Twilio's address any more."""
    settings.TWILIO_API_BASE = "http://127.0.0.1:9"
    gateway.client.cache_clear()


@pytest.fixture(autouse=True)
def nobody_writes(monkeypatch):
    """What higher apps write when it leaves is theirs: here every message has the words it was given."""
    monkeypatch.setattr(composing, "_writers", {})
