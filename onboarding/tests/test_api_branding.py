"""Step 5 for programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.models import Business
from tenants.tests.api import NO_STATIC, signed_in
from tenants.tests.pictures import REFUSED, png

pytestmark = NO_STATIC
PATH = "/api/v1/onboarding/step5/branding"


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send_form(api, **body):
    """A multipart form, as an upload needs it."""
    return api.client.post(PATH, body, headers=api._headers())


def test_colours_are_kept_and_read_back(api, opened):
    body = {"primary_color": "#2f6690", "secondary_color": "#d4a373", "font": "rounded"}

    answer = api.post(PATH, body)

    assert answer.json()["data"] == {
        "tenant_id": str(opened.pk),
        "subdomain": "lark",
        "current_step": 3,
        "completed_steps": [1, 2, 5],
        "logo_url": None,
    }
    assert api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["5"] == body


def test_what_is_not_named_stays(api, opened):
    api.post(PATH, {"primary_color": "#2f6690", "secondary_color": "#d4a373", "font": "rounded"})
    send_form(api, primary_color="#2f6690", logo=SimpleUploadedFile("logo.png", png()))

    api.post(PATH, {"primary_color": "#101010"})

    business = Business.objects.get(pk=opened.pk)
    assert (business.primary_color, business.secondary_color, business.font) == ("#101010", "#d4a373", "rounded")
    assert business.logo


def test_a_form_brings_a_logo_and_null_takes_it_away(api, opened):
    answer = send_form(api, primary_color="#2f6690", logo=SimpleUploadedFile("logo.png", png()))

    business = Business.objects.get(pk=opened.pk)
    assert answer.json()["data"]["logo_url"] == business.url + business.logo.url

    assert api.post(PATH, {"primary_color": "#2f6690", "logo": None}).json()["data"]["logo_url"] is None
    assert not Business.objects.get(pk=opened.pk).logo


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_picture_is_refused_and_nothing_kept(api, opened, name):
    answer = send_form(api, primary_color="#2f6690", logo=SimpleUploadedFile(name, REFUSED[name]))

    assert answer.status_code in (400, 422)
    assert "PNG, JPEG or WebP" in answer.text
    business = Business.objects.get(pk=opened.pk)
    assert (business.primary_color, business.logo.name) == ("#7c3f58", "")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "primary_color"),
        ({"primary_color": "blue"}, "primary_color"),
        ({"primary_color": "#2f6690", "font": "comic"}, "font"),
        ({"primary_color": "#2f6690", "secondary_color": "#12"}, "secondary_color"),
        ({"primary_color": "#2f6690", "logo": "a.png"}, "logo"),
        ({"primary_color": "#2f6690", "slogan": "x"}, "slogan"),
    ],
)
def test_wrong_answers_are_named(api, opened, body, field):
    answer = api.post(PATH, body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])


def test_it_can_be_left_for_later(api, opened):
    assert api.post(PATH, {"skip": True}).json()["data"]["completed_steps"] == [1, 2]


def test_somebody_elses_salon_does_not_exist(api, opened, rosa):
    assert api.post(PATH, {"primary_color": "#2f6690", "tenant_id": str(rosa.pk)}).status_code == 404
    assert Business.objects.get(pk=rosa.pk).primary_color == "#7c3f58"
