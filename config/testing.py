"""The pytest plugin: two salons in every session, and tables left as they were found."""

import os

import pytest

#: A Redis server has sixteen databases: 15 and 14 are the first test process's, 13 and 12 the second's.
MOST_PROCESSES = 6


def redis_url(number):
    """One of the two Redis databases (0, 1) that belong to this test process alone."""
    process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{15 - 2 * process - number}"


# Before the settings are read: nothing remembered about hosts between two requests, and a Redis database of our own.
os.environ.setdefault("TITHI_ENV", "test")
os.environ.setdefault("HOST_CACHE_SECONDS", "0")
if os.environ.get("REDIS_URL"):
    os.environ["REDIS_URL"] = redis_url(0)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One process for each core."""
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def pytest_configure():
    """After a committing test Django would empty `public` and forget the salons; put them back instead."""
    from django.conf import settings
    from django.test import TransactionTestCase

    from config import testing_restore

    TransactionTestCase._fixture_teardown = lambda self: testing_restore.restore()
    settings.WHITENOISE_AUTOREFRESH = True  # else every new Client reads all static files: 90 ms


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that only share a rolled-back transaction run first; committing ones come last."""
    items.sort(key=lambda item: "transactional_db" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _clean_process(request):
    """What a process remembers does not travel from test to test."""
    from django.core.cache import cache
    from django.db import connection

    from tenants import hosts, publishing

    hosts.forget()
    publishing.forget()
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        cache.clear()
    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


def _salon(slug):
    from tenants.models import Business

    return Business.objects.select_related("billing").get(slug=slug)


@pytest.fixture
def rosa(db):
    """The salon `rosa` (New York, USD), active; the connection stays in `public`."""
    return _salon("rosa")


@pytest.fixture
def nora(db):
    """The salon `nora` (Paris, EUR), active; the connection stays in `public`."""
    return _salon("nora")


@pytest.fixture
def salon(rosa):
    """The salon `rosa`, with the connection in its schema for the whole test."""
    from django_tenants.utils import tenant_context

    with tenant_context(rosa):
        yield rosa


@pytest.fixture
def other_salon(nora):
    """The salon `nora`, for tests that must not reach it."""
    return nora


@pytest.fixture
def client_for():
    """`client_for(business, user=None)`: a browser on that salon's host; on the platform's for None."""
    from config.testing_client import HostClient

    return HostClient.opened


@pytest.fixture
def salon_client(client_for, rosa):
    """An anonymous browser on rosa's host."""
    return client_for(rosa)


@pytest.fixture
def other_client(client_for, nora):
    """An anonymous browser on nora's host."""
    return client_for(nora)


@pytest.fixture
def platform_client(client_for, db):
    """An anonymous browser on the platform's host."""
    return client_for(None)


@pytest.fixture
def member(rosa):
    """`member("staff")`: a new user with that role in rosa, or in the business given."""
    from tenants.models import Membership, User

    def make(role, business=rosa):
        user = User.objects.create_user(f"{role}@{business.slug}.example", "correct horse battery")
        Membership.objects.create(user=user, business=business, role=role)
        return user

    return make


@pytest.fixture
def owner(rosa):
    """The person rosa belongs to."""
    from tenants.models import Role, User

    return User.objects.get(memberships__business=rosa, memberships__role=Role.OWNER)


@pytest.fixture
def admin(member):
    return member("admin")


@pytest.fixture
def staff(member):
    return member("staff")


@pytest.fixture
def viewer(member):
    return member("viewer")


@pytest.fixture
def account_mails(mailoutbox):
    """`account_mails()`: the mails about accounts so far, after their outbox has been emptied."""
    from django.utils import timezone

    from accounts import services

    def sent():
        services.send_due(now=timezone.now())
        return mailoutbox

    return sent
