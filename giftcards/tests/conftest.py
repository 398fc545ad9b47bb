import pytest

from bookings.tests.conftest import ann, cut, works_here
from bookings.tests.factories import at, make_booking
from tenants.tests.api import cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut", "works_here"]


@pytest.fixture
def booking(salon, cut, ann):
    """A confirmed visit for 50.00 in rosa."""
    return make_booking(salon, cut, at(salon))
