import pytest

from bookings.tests.factories import at, make_booking, make_member, make_service
from tenants.tests.api import cheap_passwords

__all__ = ["cheap_passwords"]


@pytest.fixture
def cut(salon):
    return make_service()


@pytest.fixture
def ann(cut):
    """Works nine to five every day and performs the cut."""
    return make_member("Ann", performs=[cut])


@pytest.fixture
def bea(cut):
    """As Ann, and shown after her."""
    return make_member("Bea", performs=[cut], sort_order=1)


@pytest.fixture
def visit(salon, cut, ann, bea):
    """Anna Berg's cut with Ann at ten, a week from today."""
    return make_booking(salon, cut, at(salon, "10:00"), team_member=ann)


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role in rosa."""
    return lambda role="staff": client_for(salon, member(role))
