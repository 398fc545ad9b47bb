import pytest
from django.core.cache import cache

from bookings.tests.conftest import ann, cut, works_here
from bookings.tests.factories import at, make_booking
from tenants import limits
from tenants.tests.api import cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut", "works_here"]


@pytest.fixture
def booking(salon, cut, ann):
    """A confirmed visit for 50.00 in rosa."""
    return make_booking(salon, cut, at(salon))


@pytest.fixture
def no_cache(monkeypatch):
    """The cache is away: nobody can count."""

    def gone(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", gone, raising=False)
    yield
    limits.forget()
