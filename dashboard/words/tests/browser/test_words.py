"""Words in a real browser: read and used by everybody, a preview while one types, without scripts too."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings.services.profile import change_languages
from config.testing_browser import DESK, LOOKS, MARKS, PHONE, sign_in
from messaging import services
from messaging.models import NotificationTemplate

pytestmark = MARKS
LIST = "/dashboard/settings/words/"
TEXT = f"{LIST}en/booking_confirmed/email/"
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def at_work(open_page, site, member):
    boss = member("owner")

    def opened(path=LIST, **context):
        page = open_page(**context)
        sign_in(page, site, boss, path)
        return page

    return opened


def own_text(**fields):
    said = {"channel": "email", "trigger": "booking_confirmed", "subject": "Own", "body": "Own words"}
    return services.save_template(fields=said | fields, by=SYSTEM, now=timezone.now())


@LOOKS
def test_everybody_can_read_and_use_the_pages(at_work, site, violations, viewport, scheme):
    change_languages(business=site.salon, language="en", others=["de", "fr"], by=SYSTEM, now=timezone.now())
    own_text(body="Wolfeschlegelsteinhausenbergerdorff" * 9)
    page, found, wide = at_work(viewport=viewport, color_scheme=scheme), [], {}

    for name in (
        "",
        "languages/",
        "en/booking_confirmed/email/",
        "en/booking_confirmed/email/reset/",
        "de/reminder/sms/",
    ):
        page.goto(f"{site.url}{LIST}{name}")
        found += [f"{name}: {line}" for line in violations(page)]
        wide[name] = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    assert (found, set(wide.values())) == ([], {False})


def test_nothing_is_wider_than_a_small_phone(at_work, site):
    page = at_work(TEXT, viewport=NARROW)

    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_the_preview_follows_the_typing_and_a_name_is_inserted(at_work):
    page = at_work(TEXT, viewport=DESK)
    page.get_by_label("Text", exact=True).fill("Dear ")

    page.get_by_role("button", name="{{customer_name}}").click()

    mail = page.frame_locator("iframe[title='The mail as HTML']")
    mail.get_by_text("Dear Jordan Lee").wait_for()
    assert page.get_by_label("Text", exact=True).input_value() == "Dear {{customer_name}}"
    page.get_by_label("Text", exact=True).fill("Dear {{nobody}}")
    page.get_by_text("Line 1, column 6: “{{nobody}}” is not a placeholder.").wait_for()
    assert not NotificationTemplate.objects.exists()


def test_without_scripts_a_text_is_looked_at_and_saved(at_work):
    page = at_work(TEXT, viewport=PHONE, java_script_enabled=False)
    page.get_by_label("Subject").fill("Hello {{customer_name}}")

    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_text("Hello Jordan Lee", exact=True).wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{LIST}en/")

    assert NotificationTemplate.objects.get().subject == "Hello {{customer_name}}"
