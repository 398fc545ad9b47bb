"""The bell and its list in a real browser: phone and desk, light and dark, by themselves and without scripts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.tests.browser.test_quality import SMALL_TARGETS
from config.testing_browser import DESK, LOOKS, MARKS, PHONE
from messaging.models import Notice
from messaging.notices.services import mark_read, tell
from tenants.models import Membership
from tenants.tests.api import PASSWORD

pytestmark = MARKS
PAGE = "/dashboard/notices/"
PATHS = (PAGE, f"{PAGE}?unread=1", f"{PAGE}settings/", "/dashboard/settings/notices/")
LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"


def told(words, minutes=0, event="visit_booked"):
    at = timezone.now() + timedelta(minutes=minutes)
    tell(event=event, about_id=uuid4(), words=words, now=at)


@pytest.fixture
def person(member):
    return member("owner")


@pytest.fixture
def desk(site, open_page, person):
    """`desk(**context options)`: a member's page with notices, read and unread."""
    told("Anna Berg has booked Cut, Tue 4 Nov, 10:00.")
    mark_read(membership=Membership.objects.with_roles().get(user=person), now=timezone.now())
    told(f"{LONG} has moved Cut to Wed 5 Nov, 10:00.", 1, "visit_moved")
    told("The card of Bob Stone was not charged for Cut.", 2, "payment_stopped")

    def make(**options):
        page = open_page(**options)
        page.goto(f"{site.url}/accounts/login/?next={PAGE}")
        page.locator("[name=login]").fill(person.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"**{PAGE}")
        return page

    return make


@LOOKS
def test_axe_finds_nothing_wrong(site, desk, violations, viewport, scheme):
    page, found = desk(viewport=viewport, color_scheme=scheme, reduced_motion="reduce"), {}
    for path in PATHS:
        page.goto(site.url + path)
        found[path] = violations(page)

    assert (found, page.complaints) == ({path: [] for path in PATHS}, [])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large(site, desk, width):
    page, wide, small = desk(viewport={"width": width, "height": 800}), {}, {}
    for path in PATHS:
        page.goto(site.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
        small[path] = page.evaluate(SMALL_TARGETS)

    assert (wide, small) == (dict.fromkeys(PATHS, width), {path: [] for path in PATHS})


@pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))
def test_notices_are_read_one_by_one_and_all_at_once(desk, person, scripts):
    page = desk(viewport=PHONE, java_script_enabled=scripts)

    page.locator(".notice-row", has_text="Bob Stone").get_by_role("button", name="Mark as read").click()
    page.get_by_role("link", name="Notices 1 not read").wait_for()
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_text("1 notice marked as read.").wait_for()

    assert Notice.objects.filter(reader_id=person.pk, read_at=None).count() == 0


def test_the_bell_counts_by_itself(desk):
    page = desk(viewport=DESK)
    page.get_by_role("link", name="Notices 2 not read").wait_for()

    told("Cleo Fox has booked Cut.", 3)
    page.evaluate("document.dispatchEvent(new CustomEvent('tithi:changed', {detail: {changes: []}}))")

    page.get_by_role("link", name="Notices 3 not read").wait_for()
    page.get_by_role("button", name="Cleo Fox has booked Cut.", exact=False).first.wait_for()
