"""Step 5 as a page: colours in three ways, a logo that is a picture, and everything kept when something is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from onboarding import colors, queries, services
from tenants.models import Business
from tenants.tests.api import NO_STATIC
from tenants.tests.pictures import REFUSED, png

pytestmark = NO_STATIC
PAGE = "/onboarding/branding/"
LOOKS = {"primary_color": "#2f6690", "secondary_color": "", "font": "serif"}


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def looks(opened):
    return Business.objects.values_list("primary_color", "secondary_color", "font").get(pk=opened.pk)


def file(name, data):
    return SimpleUploadedFile(name, data, content_type="image/png")


def test_the_kind_of_business_offers_its_colour_and_nothing_is_written_yet(browser, opened):
    Business.objects.filter(pk=opened.pk).update(category="Barbershop")

    page = browser.get(PAGE).text

    assert '<input type="color" name="primary_color-pick" value="#2f4858"' in page
    assert looks(opened) == ("#7c3f58", "", "sans")


def test_looks_are_kept_and_the_wizard_goes_on(browser, opened):
    answer = browser.post(PAGE, LOOKS | {"salon": opened.pk, "logo": file("logo.png", png())})

    assert answer["Location"] == f"/onboarding/services/?salon={opened.pk}"
    assert looks(opened) == ("#2f6690", "", "serif")
    business = Business.objects.get(pk=opened.pk)
    assert business.logo.name.startswith(f"{business.schema_name}/branding/")
    with business.logo.open() as kept:
        assert kept.read(4) == b"RIFF"
    with tenant_context(business):
        assert set(AuditEntry.objects.values_list("action", flat=True)) == {"salon.changed"}


WAS = {"primary_color": "#2f4858", "primary_color-was": "#2f4858", "primary_color-shown": "#2f4858"}
SECOND = {"secondary_color": "", "secondary_color-was": "", "secondary_color-shown": "#ffffff"}


@pytest.mark.parametrize(
    ("sent", "primary", "secondary"),
    [
        ({}, "#2f4858", ""),
        ({"primary_color": "AbCdEf"}, "#abcdef", ""),
        ({"primary_color": "#abc"}, "#aabbcc", ""),
        ({"primary_color-pick": "#101010"}, "#101010", ""),
        ({"primary_color-ready": "#b0476b"}, "#b0476b", ""),
        (
            {"primary_color": "#111111", "primary_color-pick": "#222222", "primary_color-ready": "#b0476b"},
            "#111111",
            "",
        ),
        ({"secondary_color-pick": "#d4a373"}, "#2f4858", "#d4a373"),
        ({"secondary_color": "#d4a373"}, "#2f4858", "#d4a373"),
        (
            {"secondary_color-was": "#d4a373", "secondary_color-shown": "#d4a373", "secondary_color-pick": "#d4a373"},
            "#2f4858",
            "",
        ),
    ],
    ids=["nothing", "written", "short", "picked", "ready", "written counts", "second picked", "second", "emptied"],
)
def test_of_a_colours_inputs_the_one_that_was_changed_counts(browser, opened, sent, primary, secondary):
    unchanged = {"primary_color-pick": "#2f4858", "secondary_color-pick": "#ffffff", "font": "sans"}

    answer = browser.post(PAGE, WAS | SECOND | unchanged | sent)

    assert answer.status_code == 302, answer.text
    assert looks(opened)[:2] == (primary, secondary)


def test_what_is_no_colour_is_refused_and_the_rest_kept(browser, opened):
    sent = {"primary_color": "blueish", "secondary_color": "#d4a373", "font": "rounded"}

    page = browser.post(PAGE, sent | {"logo": file("logo.png", png())}).text

    assert "Write the colour as # and six digits or letters" in page
    assert "choose the picture once more" in page
    assert 'value="blueish"' in page
    assert 'value="rounded" id="id_font_2" checked' in page or 'value="rounded"' in page.split("checked")[-2]
    assert looks(opened) == ("#7c3f58", "", "sans")
    assert not Business.objects.get(pk=opened.pk).logo


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_picture_is_refused_at_its_field(browser, opened, name):
    answer = browser.post(PAGE, LOOKS | {"logo": file(name, REFUSED[name])})

    assert answer.status_code == 200
    assert '<a href="#id_logo">Logo: Please choose a PNG, JPEG or WebP picture of at most 5 MB.</a>' in answer.text
    assert looks(opened) == ("#7c3f58", "", "sans")
    assert not Business.objects.get(pk=opened.pk).logo
    assert 5 not in queries.progress_of(opened.business).completed_steps


def test_the_logo_is_taken_away_and_the_page_stays(browser, opened):
    browser.post(PAGE, LOOKS | {"logo": file("logo.png", png())})
    assert "Remove logo" in browser.get(PAGE).text

    answer = browser.post(PAGE, LOOKS | {"remove_logo": "1"})

    assert answer["Location"] == f"{PAGE}?salon={opened.pk}&saved=1"
    assert not Business.objects.get(pk=opened.pk).logo
    assert "Remove logo" not in browser.get(PAGE).text


def test_a_press_without_a_file_leaves_the_logo(browser, opened):
    browser.post(PAGE, LOOKS | {"logo": file("logo.png", png())})

    browser.post(PAGE, LOOKS | {"font": "sans"})

    assert Business.objects.get(pk=opened.pk).logo


def test_it_can_be_left_for_later(browser, opened):
    browser.post(PAGE, {"skip": "1"})

    progress = queries.progress_of(opened.business)
    assert (progress.skipped_steps, progress.completed_steps) == ([5], [1, 2])


def test_a_chosen_colour_is_not_replaced_by_the_starters(browser, opened, by):
    services.save_branding(progress=opened, looks={"primary_color": "#7c3f58"}, by=by, now=timezone.now())
    Business.objects.filter(pk=opened.pk).update(category="Barbershop")

    assert 'name="primary_color-pick" value="#7c3f58"' in browser.get(PAGE).text


def test_the_page_may_show_the_salons_own_pictures_and_frame_its_preview_only(browser, opened):
    policy = browser.get(PAGE)["Content-Security-Policy"]

    assert f"img-src 'self' data: {opened.business.url};" in policy + ";"
    assert f"frame-src {opened.business.url};" in policy + ";"


@pytest.mark.parametrize(
    ("text", "color"),
    [("#7C3F58", "#7c3f58"), ("fff", "#ffffff"), (" 7c3f58 ", "#7c3f58"), ("#7c3f5", None), ("", None)],
)
def test_colours_are_read_as_people_write_them(text, color):
    assert colors.read(text) == color


def test_neighbours_get_different_colours():
    assert len({colors.nth(number) for number in range(len(colors.READY))}) == len(colors.READY)
