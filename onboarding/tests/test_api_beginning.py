"""Steps 1 to 3 for programs."""

import pytest

from onboarding.models import OnboardingProgress
from tenants.models import Business
from tenants.tests.api import NO_STATIC, Api, signed_in

pytestmark = NO_STATIC
BUSINESS = {
    "business_name": "My Salon",
    "description": "Hair salon",
    "legal_name": "My Salon LLC",
    "industry": "Beauty",
}
LOCATION = {
    "phone": "+1 212 555 0142",
    "email": "hello@mysalon.example",
    "address": {"line1": "12 Mercer St", "city": "New York", "postal_code": "10013", "country": "US"},
    "timezone": "America/New_York",
}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


def post(api, step, body, status=200):
    answer = api.post(f"/api/v1/onboarding/{step}", body)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_first_three_steps(api, newcomer):
    first = post(api, "step1/business-account", BUSINESS, 201)
    tenant_id = first["data"]["tenant_id"]
    assert first == {
        "success": True,
        "data": {"tenant_id": tenant_id, "subdomain": None, "current_step": 2, "completed_steps": [1]},
    }

    second = post(api, "step2/booking-website", {"subdomain": "my-salon"})
    assert second["data"]["subdomain"] == "my-salon"

    third = post(api, "step3/location-contacts", LOCATION)
    assert third["data"] == {
        "tenant_id": tenant_id,
        "subdomain": "my-salon",
        "current_step": 4,
        "completed_steps": [1, 2, 3],
    }
    business = Business.objects.get(pk=tenant_id)
    assert (business.city, business.currency_code, business.category) == ("New York", "USD", "Beauty")


def test_progress_says_what_was_answered(api):
    post(api, "step1/business-account", BUSINESS, 201)
    before = api.get("/api/v1/onboarding/progress").json()["data"]
    assert (before["current_step"], before["step_data"], before["provisioning"]) == (2, {"1": BUSINESS}, "not_asked")
    post(api, "step2/booking-website", {"subdomain": "my-salon"})
    post(api, "step3/location-contacts", LOCATION)

    data = api.get("/api/v1/onboarding/progress").json()["data"]

    assert data["step_data"]["2"] == {"subdomain": "my-salon"}
    assert data["step_data"]["3"]["address"]["city"] == "New York"
    assert (data["status"], data["provisioning"]) == ("onboarding", "done")


def test_currency_and_number_are_read_as_in_the_country(api):
    post(api, "step1/business-account", BUSINESS, 201)
    post(api, "step2/booking-website", {"subdomain": "my-salon"})
    french = LOCATION | {
        "phone": "06 12 34 56 78",
        "address": {"line1": "3 rue du Lac", "city": "Lyon", "country": "FR"},
        "timezone": "Europe/Paris",
    }

    post(api, "step3/location-contacts", french)

    business = Business.objects.get(slug="my-salon")
    assert (business.currency_code, str(business.phone)) == ("EUR", "+33612345678")


def test_a_taken_name_is_a_conflict_with_suggestions(api, rosa):
    post(api, "step1/business-account", BUSINESS, 201)

    refused = post(api, "step2/booking-website", {"subdomain": "rosa"}, 409)

    assert refused["code"] == "subdomain_taken"
    assert "rosa-studio" in refused["suggestions"]


@pytest.mark.parametrize(("subdomain", "status"), [("admin", 409), ("a", 422), ("Ünder", 422)])
def test_other_names_are_refused(api, subdomain, status):
    post(api, "step1/business-account", BUSINESS, 201)
    post(api, "step2/booking-website", {"subdomain": subdomain}, status)


def test_steps_come_in_order(api):
    assert post(api, "step2/booking-website", {"subdomain": "my-salon"}, 409)["code"] == "nothing_begun"
    post(api, "step1/business-account", BUSINESS, 201)
    assert post(api, "step3/location-contacts", LOCATION, 409)["code"] == "salon_not_ready"


def test_answered_again_the_first_step_changes_the_salon_on_its_way(api):
    post(api, "step1/business-account", BUSINESS, 201)
    post(api, "step1/business-account", BUSINESS | {"business_name": "Better name"})

    assert OnboardingProgress.objects.get().name == "Better name"


def test_another_salon_is_begun_when_asked_for(api):
    post(api, "step1/business-account", BUSINESS, 201)
    post(api, "step1/business-account", BUSINESS | {"new": True}, 201)

    assert OnboardingProgress.objects.count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"currency_code": "XXZ"}, "currency_code"),
        ({"address": {"line1": "x", "city": "y", "country": "Atlantis"}}, "address"),
        ({"latitude": 3}, "latitude"),
    ],
)
def test_wrong_answers_are_named(api, change, field):
    post(api, "step1/business-account", BUSINESS, 201)
    post(api, "step2/booking-website", {"subdomain": "my-salon"})

    assert field in post(api, "step3/location-contacts", LOCATION | change, 400)["errors"]


def test_somebody_elses_salon_does_not_exist(api, rosa, nora):
    for business in (rosa, nora):
        for step, body in (
            ("step1/business-account", BUSINESS),
            ("step2/booking-website", {"subdomain": "mine-now"}),
            ("step3/location-contacts", LOCATION),
        ):
            post(api, step, body | {"tenant_id": str(business.pk)}, 404)
        assert api.get(f"/api/v1/onboarding/progress?tenant_id={business.pk}").status_code == 404


def test_a_login_is_needed(db):
    assert Api(None).post("/api/v1/onboarding/step1/business-account", BUSINESS).status_code == 401
    assert Api(None).get("/api/v1/onboarding/progress").status_code == 401
