"""Reminders in a real browser: phone and desk, light and dark, without scripts and by keyboard."""

import pytest

from bookings.queries.reminders import reminding
from config.testing_browser import DESK, MARKS, PHONE, sign_in
from tenants.models import Business

pytestmark = MARKS
PATH = "/dashboard/settings/reminders/"
NARROW = {"width": 320, "height": 640}
LOOKS = pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark"), (NARROW, "light")],
    ids=["phone, light", "phone, dark", "desk, light", "desk, dark", "very small"],
)


@pytest.fixture
def at_work(open_page, site, member):
    def opened(**context):
        page = open_page(**context)
        sign_in(page, site, member("owner"), PATH)
        return page

    return opened


@LOOKS
def test_everybody_can_read_and_use_the_page(at_work, site, violations, size, scheme):
    Business.objects.filter(pk=site.salon.pk).update(cancellation_fee_type="fixed", cancellation_fee_cents=1000)
    page = at_work(viewport=size, color_scheme=scheme)
    found = violations(page)
    page.get_by_label("How long before").first.fill("3")
    page.get_by_label("Counted in").first.select_option("minutes")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[data-error-summary]")
    found += violations(page)

    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_an_owner_looks_first_and_then_saves(at_work, site, scripts):
    page = at_work(viewport=PHONE, java_script_enabled=scripts)
    page.get_by_label("How long before").first.fill("1")
    page.get_by_label("Counted in").first.select_option("days")
    page.get_by_label("At", exact=False).first.fill("18:00")

    page.get_by_role("button", name="Show what that does").click()
    page.get_by_text("Nothing is saved yet.").wait_for()
    assert page.get_by_text("1 day before, at 18:00, by e-mail").count() == 2
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. Visits to come follow in a moment.").wait_for()

    assert [rule.about for rule in reminding().rules] == ["1 day before, at 18:00", "2 h before the visit"]
    assert page.complaints == []
