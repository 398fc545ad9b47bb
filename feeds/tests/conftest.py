import pytest

from bookings.tests.conftest import ann, cut
from feeds.tests.making import feed_link
from tenants.models import Membership
from tenants.tests.api import cheap_passwords

__all__ = ["ann", "cheap_passwords", "cut"]


@pytest.fixture
def standing(member, salon):
    """`standing("staff")`: the Membership of a new user with that role in rosa."""
    return lambda role="owner", business=salon: Membership.objects.with_roles().get(
        user=member(role, business), business=business
    )


@pytest.fixture
def link(standing):
    """`link()`: (FeedLink, path) made by an admin, of everybody or of a person."""

    made = []

    def make(team_member=None):
        if not made:
            made.append(standing("admin"))
        return feed_link(made[0], team_member)

    return make
