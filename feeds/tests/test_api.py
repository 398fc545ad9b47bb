"""Calendars through the API: addresses that leave, and other calendars that come in."""

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking, make_member
from feeds.models import BusyCalendar, FeedLink
from feeds.tests.making import events_of, feed_link
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
FEEDS, BUSY = "/api/v1/calendars/feeds", "/api/v1/calendars/busy"
ROLES = ("owner", "admin", "staff", "viewer")
KEY = "https://calendar.example.com/private-key/ann.ics"


def test_an_address_is_made_told_once_listed_and_revoked(salon, cut, ann, admin, salon_client):
    api = signed_in(salon, admin)
    make_booking(salon, cut, at(salon, "10:00"))

    made = api.post(FEEDS, {"name": "Office"}).json()
    path = made["url"].removeprefix(salon.url)
    [listed] = api.get(FEEDS).json()

    assert len(events_of(salon_client.get(path))) == 1
    assert (listed["id"], listed["name"], listed["team_member_id"]) == (made["id"], "Office", None)
    assert "url" not in listed
    assert api.delete(f"{FEEDS}/{made['id']}").status_code == 204
    assert (api.get(FEEDS).json(), salon_client.get(path).status_code) == ([], 404)
    assert set(AuditEntry.objects.values_list("action", "actor_id")) >= {
        ("feed_link.made", admin.pk),
        ("feed_link.revoked", admin.pk),
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("whose", "may"), [("own", ROLES), ("another's", ROLES[:2]), ("everybody's", ROLES[:2])])
def test_who_may_make_an_address(salon, member, role, whose, may):
    user = member(role)
    people = {"own": make_member("Own", user_id=user.pk), "another's": make_member("Other")}
    person = people.get(whose)

    answer = signed_in(salon, user).post(FEEDS, {"name": "Phone", "team_member_id": person and str(person.pk)})

    assert answer.status_code == (201 if role in may else 403)
    assert FeedLink.objects.count() == (role in may)


def test_a_calendar_comes_in_and_goes(salon, ann, admin):
    api = signed_in(salon, admin)

    made = api.post(BUSY, {"name": "Private", "team_member_id": str(ann.pk), "url": KEY})
    [listed] = api.get(BUSY).json()

    assert made.status_code == 201
    assert listed == made.json()
    assert (listed["team_member_id"], listed["host"], listed["read_at"]) == (str(ann.pk), "calendar.example.com", None)
    assert "private-key" not in made.text
    assert api.delete(f"{BUSY}/{listed['id']}").status_code == 204
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"url": "https://127.0.0.1/a.ics"}, 422),
        ({"url": "http://calendar.example.com/a.ics"}, 422),
        ({"url": "not an address"}, 422),
        ({"name": ""}, 400),
        ({"team_member_id": None}, 400),
        ({"team_member_id": "0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c01"}, 404),
        ({"due_at": "2027-01-01T00:00:00Z"}, 400),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_cannot_be_is_refused(salon, ann, admin, changes, status):
    sent = {"name": "Private", "team_member_id": str(ann.pk), "url": KEY} | changes

    assert signed_in(salon, admin).post(BUSY, sent).status_code == status
    assert not BusyCalendar.objects.exists()


@pytest.mark.parametrize(("role", "own", "other"), [("viewer", 403, 403), ("staff", 201, 403), ("admin", 201, 201)])
def test_who_may_bring_one_in(salon, member, role, own, other):
    user = member(role)
    people = [make_member("Own", user_id=user.pk), make_member("Other")]
    api = signed_in(salon, user)

    found = [
        api.post(BUSY, {"name": "Private", "team_member_id": str(person.pk), "url": KEY}).status_code
        for person in people
    ]

    assert found == [own, other]


def test_nobody_sees_or_ends_what_is_not_theirs(salon, standing, ann, member):
    admin = standing("admin")
    link, _ = feed_link(admin)
    calendar = signed_in(salon, admin.user).post(BUSY, {"name": "P", "team_member_id": str(ann.pk), "url": KEY}).json()
    staff = signed_in(salon, member("staff"))

    assert (staff.get(FEEDS).json(), staff.get(BUSY).json()) == ([], [])
    assert staff.delete(f"{FEEDS}/{link.pk}").status_code == 404
    assert staff.delete(f"{BUSY}/{calendar['id']}").status_code == 404
    assert (FeedLink.objects.kept().count(), BusyCalendar.objects.count()) == (1, 1)


def test_strangers_and_other_salons_find_nothing(salon, other_salon, standing, ann, member):
    link, _ = feed_link(standing("admin"))
    neighbour = signed_in(salon, member("owner", other_salon))

    for path in (FEEDS, BUSY):
        assert (Api(salon).get(path).status_code, neighbour.get(path).status_code) == (401, 404)
    assert neighbour.delete(f"{FEEDS}/{link.pk}").status_code == 404
    with tenant_context(other_salon):
        elsewhere = signed_in(other_salon, neighbour_user(other_salon))
        assert elsewhere.delete(f"{FEEDS}/{link.pk}").status_code == 404
    assert FeedLink.objects.kept().get() == link


def neighbour_user(business):
    return business.memberships.filter(role="owner").first().user
