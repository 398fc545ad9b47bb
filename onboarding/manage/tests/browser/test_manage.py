"""An owner looks after a salon in a real browser, also where scripts are off and with the keyboard alone."""

import zipfile

import pytest

from config.testing_browser import DESK, MARKS, PHONE
from tenants.models import Business, CustomDomain, Departure, User

pytestmark = MARKS
PASSWORD = "correct horse battery"
PAGES = ("", "address/", "domain/", "export/", "leave/")


@pytest.fixture
def platform(site):
    """The platform's address; rosa's owner can sign in there."""
    owner = User.objects.get(email="owner@rosa.test")
    owner.set_password(PASSWORD)
    owner.save()
    return f"http://localhost:{site.port}"


def sign_in(page, platform, site):
    page.goto(f"{platform}/businesses/{site.salon.pk}/")
    page.locator("[name=login]").fill("owner@rosa.test")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Rosa Studio").wait_for()


def confirm(page):
    """The password once more."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_owner_moves_names_takes_along_closes_and_keeps_a_salon(platform, site, open_page, scripts, tmp_path):
    page = open_page(java_script_enabled=scripts)
    sign_in(page, platform, site)

    page.get_by_role("link", name="Change the address").click()
    page.get_by_label("New name").fill("rosa-new")
    page.get_by_role("button", name="Change the address").click()
    page.get_by_text("Your salon’s address is rosa-new.localhost now.").wait_for()

    page.get_by_role("link", name="Rosa Studio").click()
    page.get_by_role("link", name="Domains").click()
    page.get_by_label("Domain").fill("book.rosa-studio.example")
    page.get_by_role("button", name="Add the name").click()
    page.get_by_text(CustomDomain.objects.get().token).wait_for()

    page.get_by_role("link", name="Rosa Studio").click()
    page.get_by_role("link", name="Download everything").click()
    confirm(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    download.value.save_as(tmp_path / "all.zip")
    assert "salon.json" in zipfile.ZipFile(tmp_path / "all.zip").namelist()

    page.goto(f"{platform}/businesses/{site.salon.pk}/leave/")
    page.get_by_label("The salon’s name, to be sure").fill("Rosa Studio")
    page.get_by_role("button", name="Close it for good").click()
    page.get_by_text("will be erased on").first.wait_for()
    assert Departure.objects.get().withdrawn_at is None
    page.get_by_role("button", name="Keep the salon").click()
    page.get_by_text("Rosa Studio stays.").wait_for()

    assert Departure.objects.get().withdrawn_at is not None
    assert Business.objects.get(pk=site.salon.pk).status == "active"
    assert page.complaints == []


def test_the_keyboard_alone_is_enough(platform, site, open_page):
    page = open_page(viewport=DESK)
    sign_in(page, platform, site)
    page.goto(f"{platform}/businesses/{site.salon.pk}/leave/")
    confirm(page)

    page.get_by_label("The salon’s name, to be sure").focus()
    page.keyboard.type("Something else")
    for _ in range(3):  # reason, the tick, the button
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("alert").get_by_role("link").wait_for()
    assert Departure.objects.count() == 0


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_are_accessible_and_fit(platform, site, open_page, violations, size):
    CustomDomain.objects.create(
        business=site.salon,
        domain="a-rather-long-name-of-a-salon.and-of-its-street.example",
        token="tithi-0123456789abcdef0123456789abcdef",
        created_at="2026-01-01T00:00Z",
        problem="The TXT record _tithi-verify.a-rather-long-name-of-a-salon.and-of-its-street.example does not hold it.",
    )
    page = open_page(viewport=size)
    sign_in(page, platform, site)
    found, wide = {}, {}

    def look(name):
        found[name] = violations(page)
        wide[name] = page.evaluate("document.documentElement.scrollWidth > innerWidth")

    for name in PAGES:
        page.goto(f"{platform}/businesses/{site.salon.pk}/{name}")
        if "/reauthenticate/" in page.url:
            confirm(page)
        look(name)
    page.get_by_label("The salon’s name, to be sure").fill("Rosa Studio")
    page.get_by_role("button", name="Close it for good").click()
    page.get_by_text("will be erased on").first.wait_for()
    look("leaving")
    page.goto(f"{platform}/businesses/")
    look("list")

    assert [name for name, problems in found.items() if problems] == [], found
    assert [name for name, is_wide in wide.items() if is_wide] == []
    assert page.complaints == []
