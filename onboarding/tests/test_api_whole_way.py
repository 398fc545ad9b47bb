"""A program opens a salon from nothing: an account, twelve steps, and the first customer's visit."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from onboarding.tests.posting import posted
from tenants.models import Business
from tenants.tests.api import NO_STATIC, Api
from tenants.tests.pictures import png

pytestmark = NO_STATIC
EVERYWHERE = {"tenant_id", "subdomain", "current_step", "completed_steps"}
NEW = {
    "email": "ida@mysalon.example",
    "password": "correct horse battery",
    "first_name": "Ida",
    "last_name": "North",
    "phone": "+12125550199",
}
BUSINESS = {
    "business_name": "My Salon",
    "description": "Hair salon",
    "legal_name": "My Salon LLC",
    "industry": "Beauty",
}
LOCATION = {
    "phone": "+12125550142",
    "email": "hello@mysalon.example",
    "address": {
        "line1": "12 Mercer St",
        "line2": "Floor 2",
        "city": "New York",
        "region": "NY",
        "postal_code": "10013",
        "country": "US",
    },
    "timezone": "America/New_York",
    "currency_code": "USD",
}
PEOPLE = [
    {"first_name": "Ida", "last_name": "North", "email": NEW["email"], "phone": "+12125550199", "role": "owner"},
    {"first_name": "Sam", "last_name": "Reed", "role": "staff"},
]
HAIRCUTS = {
    "name": "Haircuts",
    "color": "#FF5733",
    "services": [
        {
            "name": "Men's Cut",
            "duration_min": 30,
            "price_cents": 3000,
            "instructions": "Arrive 5 minutes early",
        }
    ],
}
COLOUR = {
    "name": "Colour",
    "color": "#335577",
    "services": [{"name": "Gloss", "duration_min": 60, "price_cents": 8000}],
}
WEEK = [{"day_of_week": day, "start_time": "09:00", "end_time": "17:00"} for day in range(1, 8)]
TEXTS = [
    {
        "name": "Booked",
        "channel": "email",
        "trigger": "booking_confirmed",
        "subject": "Booked, {{customer_name}}",
        "body": "Hello {{customer_name}},\n\n{{manage_link}}",
    }
]
TERMS = {
    "policies": {
        "cancellation": {"window_hours": 24, "fee_type": "percent", "fee_percent": 50, "text": "Half within a day."},
        "no_show": {"fee_type": "fixed", "fee_cents": 2000, "text": "Twenty dollars."},
        "refund": {"text": "Within seven days."},
    },
    "booking": {"min_notice_min": 60, "horizon_days": 60, "slot_step_min": 15, "auto_confirm": True},
}
CARDS = [{"amount_cents": 5000, "quantity": 2}, {"discount_percent": 20, "quantity": 1}]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def register():
    answer = Api(None).post("/auth/register", NEW)
    assert answer.status_code == 201, answer.content
    return Api(None, token=answer.json()["access"])


def with_logo(api):
    form = {"primary_color": "#2f6690", "logo": SimpleUploadedFile("logo.png", png())}
    answer = api.client.post("/api/v1/onboarding/step5/branding", form, headers=api._headers())
    assert answer.status_code == 200, answer.content
    return answer.json()


def take_the_steps(api):
    """Number of the step → what it answered last; the ids of what was made."""
    said = {1: posted(api, "step1/business-account", BUSINESS, 201)}
    said[2] = posted(api, "step2/booking-website", {"subdomain": "my-salon"})
    said[3] = posted(api, "step3/location-contacts", LOCATION)
    said[4] = posted(api, "step4/team-members", {"team_members": PEOPLE})
    said[5] = with_logo(api)
    posted(api, "step6/services-categories", {"category": COLOUR})
    said[6] = posted(api, "step6/services-categories", {"category": HAIRCUTS})
    ida, sam = said[4]["data"]["team_member_ids"]
    [cut] = said[6]["data"]["service_ids"]
    posted(api, "step7/availability", {"team_member_id": ida, "availabilities": WEEK})
    said[7] = posted(api, "step7/availability", {"service_id": cut, "team_member_id": sam, "availabilities": WEEK[:1]})
    said[8] = posted(api, "step8/notifications", {"templates": TEXTS})
    said[9] = posted(api, "step9/policies", TERMS)
    said[10] = posted(api, "step10/gift-cards", {"gift_cards": CARDS})
    said[11] = posted(api, "step11/payment-setup", {"skip": True})
    said[12] = posted(api, "step12/go-live", {})
    return said, ida, cut


def test_a_program_opens_a_salon_and_a_customer_books(db, local_stripe):
    api = register()
    said, ida, cut = take_the_steps(api)
    tenant_id = said[1]["data"]["tenant_id"]

    for number, answer in said.items():
        assert answer["success"] is True
        assert answer["data"].keys() >= EVERYWHERE
        assert (answer["data"]["tenant_id"], number == 11 or number in answer["data"]["completed_steps"]) == (
            tenant_id,
            True,
        )
    assert said[12]["data"]["completed_steps"] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]
    progress = api.get("/api/v1/onboarding/progress").json()["data"]
    assert (progress["current_step"], progress["skipped_steps"], progress["status"]) == (12, [11], "active")
    assert progress["step_data"]["1"] == BUSINESS
    assert progress["step_data"]["3"] == LOCATION

    business = Business.objects.select_related("billing").get(pk=tenant_id)
    assert said[12]["data"]["booking_url"] == business.url
    public = Api(business)
    site = public.get(f"/booking/tenant-data/{tenant_id}").json()["data"]
    assert [part["name"] for part in site["categories"]] == ["Colour", "Haircuts"]
    day = str(timezone.localdate(timezone=business.zone) + timedelta(days=3))
    asked = {"tenant_id": tenant_id, "service_id": cut, "start_date": day, "end_date": day}
    [found] = posted_at(public, "/booking/availability", asked)["days"]
    visit = {
        "tenant_id": tenant_id,
        "service_id": cut,
        "team_member_id": ida,
        "start_time": found["slots"][0]["start"],
        "customer_info": {"name": "Jane Doe", "email": "jane@customer.example", "phone": "+12125550177"},
        "consent": {"policies": True, "marketing": False},
    }
    assert posted_at(public, "/booking/create", visit, 201)["confirmation_number"]


def posted_at(api, path, body, status=200):
    answer = api.post(path, body)
    assert answer.status_code == status, answer.content
    return answer.json()["data"]


def test_what_progress_answers_can_be_sent_again(db, local_stripe):
    """Every answer is the step's own body: sent back, nothing is made twice."""
    api = register()
    said, _, _ = take_the_steps(api)
    tenant_id = {"tenant_id": said[1]["data"]["tenant_id"]}
    before = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]

    posted(api, "step1/business-account", before["1"] | tenant_id)
    posted(api, "step2/booking-website", before["2"] | tenant_id)
    posted(api, "step3/location-contacts", before["3"] | tenant_id)
    posted(api, "step4/team-members", {"team_members": before["4"]["team_members"]} | tenant_id)
    posted(api, "step5/branding", before["5"] | tenant_id)
    for part in before["6"]:
        posted(api, "step6/services-categories", part | tenant_id)
    for plan in before["7"]["plans"]:
        posted(api, "step7/availability", {k: v for k, v in plan.items() if v} | tenant_id)
    posted(api, "step8/notifications", before["8"] | tenant_id)
    posted(api, "step9/policies", before["9"] | tenant_id)

    assert api.get("/api/v1/onboarding/progress").json()["data"]["step_data"] == before
