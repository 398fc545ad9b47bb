import pytest

from bookings.tests.factories import make_member, make_service
from tenants.tests.api import cheap_passwords, signed_in

__all__ = ["cheap_passwords"]


@pytest.fixture
def cut(salon):
    """An hour's cut for 50.00 in rosa; nobody performs it yet."""
    return make_service()


@pytest.fixture
def ann(cut):
    """Works nine to five every day and performs the cut."""
    return make_member(performs=[cut])


@pytest.fixture
def works_here(salon, member):
    """`works_here("staff")`: an Api signed in with that role in rosa."""
    return lambda role="staff": signed_in(salon, member(role))
