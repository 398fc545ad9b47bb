"""Packages by the API: what is on offer for everybody, the catalogue for the team."""

import pytest
from django_tenants.utils import tenant_context

from bookings.tests.factories import make_service
from giftcards.models import Package
from giftcards.tests.making import make_offer
from tenants.models import Role, TenantBilling
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
PACKAGES = "/api/v1/packages"


@pytest.fixture
def body(cut):
    return {"name": "Cut", "visits": 5, "price_cents": 20_000, "service_ids": [str(cut.pk)], "valid_months": 12}


@pytest.fixture
def staff_api(salon, member):
    return lambda role: signed_in(salon, member(role))


def test_admins_add_a_package_and_change_it(salon, ann, cut, body, staff_api):
    admin = staff_api("admin")
    made = admin.post(PACKAGES, body)

    assert (made.status_code, made.json()["title"], made.json()["visit_cents"]) == (201, "5 × Cut", 4000)
    assert (made.json()["sold"], made.json()["to_come"], made.json()["active"]) == (0, 0, True)
    changed = admin.patch(f"{PACKAGES}/{made.json()['id']}", {"active": False})
    assert (changed.status_code, changed.json()["active"], changed.json()["visits"]) == (200, False, 5)


@pytest.mark.parametrize(
    "wrong", [{"visits": 1}, {"price_cents": 0}, {"service_ids": []}, {"name": ""}, {"price_cents": 4}, {"tenant": "x"}]
)
def test_what_cannot_be_is_refused(salon, ann, cut, body, staff_api, wrong):
    answer = staff_api("admin").post(PACKAGES, body | wrong)

    assert answer.status_code in (400, 422)
    assert not Package.objects.exists()


@pytest.mark.parametrize("role", Role.values)
def test_who_may(salon, ann, cut, body, staff_api, role):
    manages = role in (Role.OWNER, Role.ADMIN)

    somebody = staff_api(role)

    assert somebody.get(PACKAGES).status_code == 200
    assert somebody.post(PACKAGES, body).status_code == (201 if manages else 403)


def test_everybody_reads_what_is_on_offer(salon, ann, cut, salon_client):
    TenantBilling.objects.filter(business=salon).update(charges_enabled=True, stripe_account_id="acct_1")
    make_offer(cut)
    make_offer(cut, name="Old", active=False)
    make_offer(cut, name="Desk", sold_online=False)

    [offered] = salon_client.get(f"{PACKAGES}/on-offer").json()

    assert (offered["title"], offered["price_cents"], offered["currency_code"]) == ("5 × Cut", 20_000, "USD")
    assert "sold" not in offered


def test_without_stripe_nothing_is_on_offer(salon, ann, cut, salon_client):
    make_offer(cut)

    assert salon_client.get(f"{PACKAGES}/on-offer").json() == []


def test_a_service_that_is_not_ours_is_refused(salon, other_salon, ann, cut, body, staff_api):
    with tenant_context(other_salon):
        foreign = make_service("Theirs")

    answer = staff_api("admin").post(PACKAGES, body | {"service_ids": [str(foreign.pk)]})

    assert (answer.status_code, answer.json()["code"]) == (422, "not_accepted")
