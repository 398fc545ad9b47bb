"""Memberships by the API: what can be joined for everybody, plans and members for the team."""

import pytest
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.tests.factories import make_service
from memberships.models import MembershipPlan, MembershipState
from tenants.models import Role, TenantBilling
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
PLANS, MEMBERS = "/api/v1/membership-plans", "/api/v1/memberships"


@pytest.fixture
def body(cut):
    return {"name": "Every month", "price_cents": 6000, "included_visits": 3, "service_ids": [str(cut.pk)]}


@pytest.fixture
def staff_api(salon, member):
    return lambda role="owner": signed_in(salon, member(role))


@pytest.fixture
def joined(club, stripes_time):
    stripes_time(club)
    return club.join()


def test_admins_add_a_plan_and_change_some_of_it(salon, ann, cut, body, staff_api):
    admin = staff_api("admin")
    made = admin.post(PLANS, body)

    assert (made.status_code, made.json()["currency_code"], made.json()["is_active"]) == (201, "USD", True)
    changed = admin.patch(f"{PLANS}/{made.json()['id']}", {"price_cents": 6500})
    assert changed.status_code == 200
    assert (changed.json()["price_cents"], changed.json()["service_ids"]) == (6500, [str(cut.pk)])
    assert (changed.json()["included_visits"], changed.json()["members"]) == (3, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"included_visits": 0},
        {"price_cents": 0},
        {"price_cents": 4},
        {"service_ids": []},
        {"name": ""},
        {"tenant": "x"},
    ],
)
def test_what_cannot_be_is_refused(salon, ann, body, staff_api, wrong):
    answer = staff_api().post(PLANS, body | wrong)

    assert answer.status_code in (400, 422)
    assert not MembershipPlan.objects.exists()


def test_a_service_that_is_not_ours_is_refused(salon, other_salon, ann, body, staff_api):
    with tenant_context(other_salon):
        foreign = make_service("Theirs")

    answer = staff_api().post(PLANS, body | {"service_ids": [str(foreign.pk)]})

    assert (answer.status_code, answer.json()["code"]) == (422, "membership_plan_refused")


@pytest.mark.parametrize("role", Role.values)
def test_who_may(salon, ann, body, staff_api, role):
    arranges = role in (Role.OWNER, Role.ADMIN)
    somebody = staff_api(role)

    assert somebody.get(PLANS).status_code == somebody.get(MEMBERS).status_code == 200
    assert somebody.post(PLANS, body).status_code == (201 if arranges else 403)


def test_everybody_reads_what_can_be_joined(salon, ann, body, staff_api, salon_client):
    TenantBilling.objects.filter(business=salon).update(charges_enabled=True, stripe_account_id="acct_1")
    owner = staff_api()
    owner.post(PLANS, body)
    owner.post(PLANS, body | {"name": "Old", "is_active": False})

    [offered] = salon_client.get("/booking/memberships").json()

    assert (offered["name"], offered["price_cents"], offered["included_visits"]) == ("Every month", 6000, 3)
    assert "members" not in offered


def test_without_stripe_nothing_can_be_joined(salon, ann, body, staff_api, salon_client):
    staff_api().post(PLANS, body)

    assert salon_client.get("/booking/memberships").json() == []


def test_members_are_listed_with_what_is_used_and_without_their_code(club, joined, staff_api):
    api = staff_api("viewer")

    [listed] = api.get(f"{MEMBERS}?state=active&plan={club.plan.pk}").json()["results"]

    assert listed == api.get(f"{MEMBERS}/{joined.pk}").json()
    assert (listed["name"], listed["state"], listed["price_cents"]) == ("Anna Berg", "active", 4500)
    assert (listed["visits_included"], listed["visits_used"]) == (2, 0)
    assert listed["next_charge_at"] == listed["period_ends_at"]
    assert "code" not in listed
    assert api.get(f"{MEMBERS}?state=cancelled").json()["results"] == []


def test_owners_end_with_the_month_take_it_back_and_end_now(club, joined, staff_api):
    owner, one = staff_api(), f"{MEMBERS}/{joined.pk}"

    ending = owner.post(f"{one}/end", {"when": "month"})
    kept = owner.post(f"{one}/keep", {})
    ended = owner.post(f"{one}/end", {"when": "now"})

    assert (ending.json()["cancel_at_period_end"], ending.json()["next_charge_at"]) == (True, None)
    assert (kept.status_code, kept.json()["cancel_at_period_end"]) == (200, False)
    assert (ended.json()["state"], club.fresh(joined).state) == ("cancelled", MembershipState.CANCELLED)
    assert owner.post(f"{one}/end", {"when": "now"}).status_code == 200, "asked again it changes nothing"
    assert owner.post(f"{one}/keep", {}).status_code == 409
    said = AuditEntry.objects.filter(subject_id=str(joined.pk)).values_list("action", flat=True)
    assert {"membership.ending", "membership.kept", "membership.moved"} <= set(said)


@pytest.mark.parametrize("press", ["end", "keep"])
def test_receptionists_end_nothing(club, joined, staff_api, press):
    answer = staff_api("staff").post(f"{MEMBERS}/{joined.pk}/{press}", {"when": "now"})

    assert answer.status_code == 403
    assert club.fresh(joined).state == MembershipState.ACTIVE


def test_members_of_another_salon_are_not_there(other_club, salon, staff_api, stripes_time):
    stripes_time(other_club)
    with tenant_context(other_club.business):
        theirs = other_club.join()
    owner = staff_api()

    assert owner.get(MEMBERS).json()["results"] == []
    for answer in (owner.get(f"{MEMBERS}/{theirs.pk}"), owner.post(f"{MEMBERS}/{theirs.pk}/end", {"when": "now"})):
        assert answer.status_code == 404
    with tenant_context(other_club.business):
        assert other_club.fresh(theirs).state == MembershipState.ACTIVE
