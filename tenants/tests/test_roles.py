"""Who is what in a salon: read from the database, once a request, and compared in one place."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from tenants import policies, queries
from tenants.middleware import MembershipMiddleware
from tenants.models import Membership, Role, User


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        (Role.OWNER, (True, True, True, True)),
        (Role.ADMIN, (True, True, True, False)),
        (Role.STAFF, (True, True, False, False)),
        (Role.VIEWER, (True, False, False, False)),
        (None, (False, False, False, False)),
    ],
)
def test_the_order_of_roles(role, reached):
    membership = Membership(role=role) if role else None

    asked = (Role.VIEWER, Role.STAFF, Role.ADMIN, Role.OWNER)
    assert tuple(policies.has_role(membership, at_least) for at_least in asked) == reached


def test_a_role_nobody_knows_reaches_nothing():
    with pytest.raises(ValueError, match="'root' is not a valid Role"):
        policies.may(Membership(role="root"), "view_diary")


def test_a_membership_counts_in_its_own_salon_only(rosa, nora, member):
    person = member("admin")

    assert queries.membership_of(person, rosa).role == "admin"
    assert queries.membership_of(person, nora) is None
    assert list(queries.businesses_of(person)) == [rosa]


def test_strangers_and_the_inactive_are_nobody(rosa, member):
    person = member("owner")
    person.is_active = False

    assert queries.membership_of(person, rosa) is None
    assert queries.membership_of(AnonymousUser(), rosa) is None


def test_a_persons_salons_come_by_name(rosa, nora):
    person = User.objects.create_user("both@salons.example")
    for business in (rosa, nora):
        Membership.objects.create(user=person, business=business, role=Role.STAFF)

    assert list(queries.businesses_of(person)) == [nora, rosa]


def request_by(person, business, view):
    request = RequestFactory().get("/")
    request.user, request.tenant = person, business
    MembershipMiddleware(lambda request: view(request) or HttpResponse())(request)


def test_a_request_that_asks_nothing_costs_nothing(salon, member, django_assert_num_queries):
    person = member("staff")

    with django_assert_num_queries(0):
        request_by(person, salon, lambda request: None)


def test_a_request_that_asks_often_costs_one_query(salon, member, django_assert_num_queries):
    person, roles = member("staff"), []

    with django_assert_num_queries(1):
        request_by(person, salon, lambda request: roles.extend([request.membership.role, request.membership.role]))

    assert roles == ["staff", "staff"]


def test_on_the_platform_nobody_has_a_role(member):
    roles = []
    request_by(member("owner"), None, lambda request: roles.append(bool(request.membership)))

    assert roles == [False]
