"""A salon changes the words of a message in a real browser: with scripts and without, on a phone and at a desk."""

import pytest

from config.testing_browser import DESK, MARKS, PHONE, sign_in
from messaging.models import NotificationTemplate

pytestmark = MARKS
PASSWORD = "correct horse battery"
PAGE = "/admin/words/booking_confirmed/email/"


@pytest.fixture
def at_work(open_page, site, admin):
    def opened(path, **options):
        page = open_page(**options)
        sign_in(page, site, admin, path)
        return page

    return opened


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_words_are_seen_before_they_are_saved(at_work, scripts, size):
    page = at_work(PAGE, viewport=size, java_script_enabled=scripts)
    page.get_by_role("textbox", name="Text").fill("Ciao {{customer_name}}!\n\nA <presto>")
    page.get_by_role("button", name="Show preview").click()
    page.locator("#preview").get_by_text("Ciao Jordan Lee!").wait_for()
    assert page.locator("#preview").get_by_text("A <presto>").count() == 1
    assert page.locator("#preview").count() == 1
    assert not NotificationTemplate.objects.exists()

    page.get_by_role("textbox", name="Text").fill("Ciao {{customer}}")
    page.get_by_role("button", name="Show preview").click()
    page.locator("#preview").get_by_text("Did you mean {{customer_name}}?").wait_for()

    page.get_by_role("textbox", name="Text").fill("Ciao {{customer_name}}")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/admin/words/")
    assert NotificationTemplate.objects.get().body == "Ciao {{customer_name}}"
    assert page.complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("path", ["/admin/words/", PAGE, "/admin/words/reminder/sms/"])
def test_the_pages_fit_and_everybody_can_use_them(at_work, violations, path, size):
    page = at_work(path, viewport=size)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.complaints == []
