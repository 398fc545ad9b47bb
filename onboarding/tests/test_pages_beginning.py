"""The wizard's first three steps as pages: resumed anywhere, refused with sentences, closed to everybody else."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import OpeningHours
from onboarding import queries, services
from onboarding.models import OnboardingProgress
from onboarding.tests.conftest import FIELDS
from tenants.models import Business
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
BUSINESS = {"name": "Studio Lark", "industry": "hair-salon", "description": "", "legal_name": ""}
LOCATION = {
    "phone": "(212) 555-0142",
    "email": "hello@lark.example",
    "address_line1": "12 Mercer St",
    "city": "New York",
    "region": "NY",
    "postal_code": "10013",
    "country": "US",
    "timezone": "America/New_York",
    "currency_code": "USD",
    "week-open_2": "on",
    "week-from_2": "09:00",
    "week-to_2": "18:00",
    "week-open_5": "on",
    "week-from_5": "12:00",
    "week-to_5": "02:00",
}


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


def test_strangers_are_asked_to_sign_in(platform_client):
    paths = ("", "business/", "address/", "address/check/", "location/", "branding/", "services/", "services/import/")
    for path in (*paths, "team/", "availability/", "notifications/", "policies/"):
        answer = platform_client.get(f"/onboarding/{path}")
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")


def test_the_first_press_begins_a_salon(browser, newcomer):
    assert "Twelve short steps" in browser.get("/onboarding/").text

    answer = browser.post("/onboarding/", BUSINESS)

    progress = OnboardingProgress.objects.get(owner=newcomer)
    assert answer["Location"] == f"/onboarding/address/?salon={progress.pk}"
    assert (progress.name, progress.industry) == ("Studio Lark", "Hair salon")


def test_nothing_is_begun_without_a_name(browser):
    answer = browser.post("/onboarding/", BUSINESS | {"name": " "})

    assert "Please write this" in answer.text
    assert not OnboardingProgress.objects.exists()


def test_coming_back_leads_to_where_one_was(browser, begun, client_for, newcomer):
    for device in (browser, client_for(None, newcomer)):
        assert device.get("/onboarding/")["Location"] == f"/onboarding/address/?salon={begun.pk}"


def test_an_address_is_suggested_from_the_name(browser, begun):
    assert 'value="studio-lark"' in browser.get("/onboarding/address/").text


def test_a_taken_address_is_refused_with_free_ones(browser, begun, rosa):
    answer = browser.post("/onboarding/address/", {"subdomain": "rosa", "salon": begun.pk})

    assert "This name is taken" in answer.text
    assert "rosa-studio" in answer.text
    assert 'value="rosa"' in answer.text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("studio-lark", "studio-lark.localhost is free."),
        ("rosa", "This name is taken."),
        ("admin", "reserved"),
        ("xn--bcher-kva", "Use 3 to 40 small letters"),
        ("<script>", "Use 3 to 40 small letters"),
    ],
)
def test_a_name_is_looked_at_while_it_is_typed(browser, begun, rosa, text, sentence):
    answer = browser.get("/onboarding/address/check/", {"subdomain": text})

    assert sentence in answer.text
    assert "<script>" not in answer.text


def test_the_address_is_there_as_a_picture_once_the_salon_is(browser, opened):
    assert 'alt="QR code of http://lark.localhost' in browser.get("/onboarding/address/").text


def test_a_chosen_address_is_shown_as_ones_own(browser, begun, by):
    services.choose_address(progress=begun, slug="lark", by=by, now=timezone.now())

    assert "lark.localhost is free." in browser.get("/onboarding/address/check/", {"subdomain": "lark"}).text


def test_while_the_salon_is_made_the_page_says_so_and_then_goes_on(browser, begun, by):
    services.choose_address(progress=begun, slug="lark", by=by, now=timezone.now())
    waiting = browser.get("/onboarding/location/")

    assert "Your salon is being made" in waiting.text
    assert browser.post("/onboarding/location/")["Location"].startswith("/onboarding/location/")
    assert "Opening hours" in browser.get("/onboarding/location/").text


def test_the_place_and_its_hours_are_kept(browser, opened):
    answer = browser.post("/onboarding/location/", LOCATION | {"salon": opened.pk})

    assert answer.status_code == 302, answer.text
    business = Business.objects.get(pk=opened.pk)
    assert (business.city, str(business.phone), business.timezone) == ("New York", "+12125550142", "America/New_York")
    with tenant_context(business):
        assert list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min")) == [
            (2, 540, 1080),
            (5, 720, 1560),
        ]


def test_wrong_answers_are_named_and_the_others_kept(browser, opened):
    wrong = LOCATION | {"phone": "12", "city": "", "week-from_2": "9 o'clock", "salon": opened.pk}

    answer = browser.post("/onboarding/location/", wrong)

    assert "with its area code" in answer.text
    assert "Please write this: city." in answer.text
    assert "Write a time like 09:00" in answer.text
    assert answer.text.count('id="errors"') == 1
    assert 'value="12 Mercer St"' in answer.text
    assert Business.objects.get(pk=opened.pk).city == ""


def test_times_of_a_day_that_is_not_ticked_are_not_read(browser, opened):
    answer = browser.post("/onboarding/location/", LOCATION | {"week-from_3": "later", "salon": opened.pk})

    assert answer.status_code == 302
    with tenant_context(opened.business):
        assert not OpeningHours.objects.filter(day_of_week=3).exists()


def test_hours_of_the_kind_of_business_are_offered_before_the_first_answer(browser, opened):
    page = browser.get("/onboarding/location/").text

    assert 'value="09:00"' in page
    with tenant_context(opened.business):
        assert not OpeningHours.objects.exists()


def test_somebody_elses_salon_does_not_exist(client_for, staff, owner, opened, rosa):
    for person in (staff, owner):
        browser = client_for(None, person)
        for path in (
            "business/",
            "address/",
            "location/",
            "team/",
            "availability/",
            "branding/",
            "services/",
            "notifications/",
            "policies/",
            "gift-cards/",
        ):
            assert browser.get(f"/onboarding/{path}?salon={opened.pk}").status_code == 404
            assert browser.post(f"/onboarding/{path}", LOCATION | {"salon": opened.pk}).status_code == 404
    assert browser.get(f"/onboarding/business/?salon={uuid4()}").status_code == 404
    assert browser.get("/onboarding/business/?salon=nonsense").status_code == 404


def test_only_the_owner_of_a_salon_opens_its_settings_here(client_for, owner, admin, rosa):
    assert client_for(None, owner).get(f"/onboarding/location/?salon={rosa.pk}").status_code == 200
    assert client_for(None, admin).get(f"/onboarding/location/?salon={rosa.pk}").status_code == 404


def test_a_form_is_about_the_salon_it_was_made_for(browser, newcomer, opened):
    """Two tabs, two salons: what is chosen in the second changes nothing about the first one's form."""
    other = services.begin(owner=newcomer, fields=FIELDS | {"name": "Second"}, now=timezone.now())
    browser.get(f"/onboarding/business/?salon={other.pk}")

    browser.post("/onboarding/business/", BUSINESS | {"name": "First", "salon": opened.pk})

    assert Business.objects.get(pk=opened.pk).name == "First"
    assert queries.own_progress(newcomer, other.pk).name == "Second"
