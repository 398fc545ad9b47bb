"""The API's allowances: one caller's, and a salon's."""

import pytest

from tenants import limits
from tenants.api import throttling
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api, cheap_passwords, signed_in

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
SERVICES = "/api/v1/services"


@pytest.fixture
def allow(monkeypatch):
    """`allow("PER_PERSON", 2)`: so many requests a minute."""

    def set_limit(name, times):
        monkeypatch.setattr(throttling, name, limits.Limit(f"test-{name}", times=times, seconds=60))

    return set_limit


def statuses(api, times):
    return [api.get(SERVICES).status_code for _ in range(times)]


def elsewhere(business, user):
    api = signed_in(business, user)
    api.address = ELSEWHERE
    return api


def test_a_person_is_told_when_to_come_back(allow, salon, staff):
    allow("PER_PERSON", 2)
    api = elsewhere(salon, staff)
    statuses(api, 2)

    answer = api.get(SERVICES)

    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (429, "rate_limited", "60")


def test_one_persons_haste_is_not_anothers(allow, salon, staff, viewer):
    allow("PER_PERSON", 2)

    assert statuses(elsewhere(salon, staff), 3) == [200, 200, 429]
    assert statuses(elsewhere(salon, viewer), 1) == [200]


def test_all_of_a_salon_share_an_allowance_and_other_salons_have_their_own(allow, salon, other_salon, member):
    allow("PER_SALON", 2)

    assert statuses(elsewhere(salon, member("staff")), 1) == [200]
    assert statuses(elsewhere(salon, member("viewer")), 2) == [200, 429]
    assert statuses(elsewhere(other_salon, member("staff", other_salon)), 1) == [200]


def test_strangers_are_counted_by_address(allow, salon):
    allow("PER_ADDRESS", 2)
    path = f"/booking/tenant-data/{salon.pk}"

    here = [Api(salon, address=ELSEWHERE).get(path).status_code for _ in range(3)]
    there = Api(salon, address="198.51.100.9").get(path).status_code

    assert (here, there) == ([200, 200, 429], 200)
