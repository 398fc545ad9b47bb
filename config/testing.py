"""The pytest plugin: two salons in every session, and tables left as they were found."""

import os

import pytest

os.environ.setdefault("TITHI_ENV", "test")


@pytest.fixture(scope="session")
def _salons(django_db_setup, django_db_blocker):
    """The two salons of the test database, by slug, read once."""
    from tenants.models import Business

    with django_db_blocker.unblock():
        return {business.slug: business for business in Business.objects.select_related("billing")}


@pytest.fixture(autouse=True)
def _clean_process():
    """Caches of the process do not travel from test to test."""
    from django.core.cache import cache
    from django.db import connection

    from tenants import hosts

    hosts.forget()
    cache.clear()
    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def rosa(_salons, db):
    """The salon `rosa` (New York, USD), as a fresh row; the connection stays in `public`."""
    from tenants.models import Business

    return Business.objects.select_related("billing").get(slug="rosa")


@pytest.fixture
def nora(_salons, db):
    """The salon `nora` (Paris, EUR)."""
    from tenants.models import Business

    return Business.objects.select_related("billing").get(slug="nora")


@pytest.fixture
def salon(rosa):
    """The salon `rosa`, with the connection in its schema for the whole test."""
    from django_tenants.utils import tenant_context

    with tenant_context(rosa):
        yield rosa


@pytest.fixture
def other_salon(nora):
    return nora


@pytest.fixture
def salon_client(rosa):
    from django.test import Client

    return Client(HTTP_HOST=rosa.host)


@pytest.fixture
def other_client(nora):
    from django.test import Client

    return Client(HTTP_HOST=nora.host)


@pytest.fixture
def platform_client(db):
    from django.conf import settings
    from django.test import Client

    return Client(HTTP_HOST=settings.PLATFORM_DOMAIN)


@pytest.fixture
def member(rosa):
    """`member("staff")`: a user with that role in rosa."""
    from tenants.models import Membership, User

    def make(role, business=rosa):
        user = User.objects.create_user(f"{role}@{business.slug}.example", "correct horse battery")
        Membership.objects.create(user=user, business=business, role=role)
        return user

    return make


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Tests that only share a rolled-back transaction run first; committing ones come last."""
    items.sort(key=lambda item: "transactional_db" in getattr(item, "fixturenames", ()))


@pytest.fixture(autouse=True)
def _restore_after_commits(request):
    """After a test that commits: empty the salons, restore the shared rows the flush has removed."""
    if "transactional_db" not in request.fixturenames and not _is_transactional(request):
        yield
        return
    blocker = request.getfixturevalue("django_db_blocker")
    request.getfixturevalue("django_db_setup")
    from config.testing_restore import Snapshot

    with blocker.unblock():
        snapshot = Snapshot.take()
    request.addfinalizer(lambda: _restore(blocker, snapshot))
    yield


def _is_transactional(request):
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


def _restore(blocker, snapshot):
    with blocker.unblock():
        snapshot.restore()
