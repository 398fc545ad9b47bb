"""The page of figures in a real browser: for every reader, at every width, with and without scripts."""

import os
from datetime import date

import pytest

from bookings.models import Service, TeamMember
from bookings.tests.browser.test_quality import SMALL_TARGETS
from bookings.tests.figures import visited
from config.testing_browser import DESK, LOOKS, MARKS, PHONE
from payments.tests.test_figures import moved

pytestmark = MARKS
PAGE = "/dashboard/analytics/"
MARCH = "?period=month&on=2026-03-10"
LONG = "Haarverlängerungsbehandlungskombinationspflegevorbereitung mit Kopfmassage"


@pytest.fixture
def desk(site, open_page, member):
    """`desk(**context options)`: a page with March's figures before its owner."""
    salon, (ines, tom) = site.salon, TeamMember.objects.order_by("sort_order")[:2]
    type(salon).objects.filter(pk=salon.pk).update(created_at="2026-02-01T12:00:00+00:00")
    Service.objects.filter(name="Dry trim").update(name=LONG)
    for day in range(1, 29):
        service = Service.objects.get(name=LONG if day % 3 else "Long colour")
        status = {5: "no_show", 6: "canceled"}.get(day % 7, "completed")
        booking = visited(
            salon, service, tom if day % 2 else ines, date(2026, 3, day), who=f"Guest {day % 9}", status=status
        )
        moved(4500 * day, at=f"2026-03-{day:02}T16:00:00Z", booking=booking)
    visited(salon, service, ines, date(2025, 12, 1), who="Guest 1")
    moved(9900000, "refund", at="2026-03-20T16:00:00Z")
    moved(1234567, currency="KWD", at="2026-03-20T16:00:00Z")

    def make(**options):
        page = open_page(**options)
        page.goto(f"{site.url}/accounts/login/?next={PAGE}{MARCH.replace('&', '%26')}")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill("correct horse battery")
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"**{PAGE}{MARCH}")
        return page

    user = member("owner")
    return make


@LOOKS
def test_axe_finds_nothing_wrong(desk, violations, viewport, scheme):
    page = desk(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    closed = violations(page)
    for summary in page.locator("main summary").all():
        summary.click()

    assert (closed, violations(page), page.complaints) == ([], [], [])
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=f"{folder}/figures-{viewport['width']}-{scheme}.png", full_page=True)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large(desk, width):
    page = desk(viewport={"width": width, "height": 800})
    for summary in page.locator("main summary").all():
        if summary.locator("..").get_attribute("open") is None:
            summary.click()

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))
def test_another_time_another_person_and_a_file(desk, scripts):
    page = desk(viewport=DESK, java_script_enabled=scripts)

    page.get_by_role("link", name="Quarter").click()
    page.get_by_text("1 January – 31 March 2026", exact=True).wait_for()
    page.get_by_role("link", name="Earlier").click()
    page.get_by_text("1 October – 31 December 2025", exact=True).wait_for()
    page.get_by_text("Other dates, one person").click()
    page.get_by_label("From", exact=True).fill("2026-03-02")
    page.get_by_label("To", exact=True).fill("2026-03-08")
    page.get_by_label("Person", exact=True).select_option("Tom Keller")
    page.get_by_role("button", name="Show").click()
    page.get_by_text("2–8 March 2026 · Tom Keller", exact=True).wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download “People” as CSV").click()

    assert download.value.suggested_filename == "rosa-people-2026-03-02-2026-03-08.csv"
    assert "Tom Keller,3," in download.value.path().read_text("utf-8-sig")


def test_a_chart_is_a_picture_with_words_and_a_table(desk):
    page = desk(viewport=PHONE)

    visits = page.get_by_role("img", name="Visits", exact=True)
    description = page.evaluate("chart => chart.querySelector('desc').textContent", visits.element_handle())
    page.locator("#visits summary").first.click()

    assert description.startswith("A bar for each day, 1–31 March 2026. The highest is 1, 1 March 2026.")
    assert page.get_by_role("table", name="Visits", exact=True).get_by_role("row").count() == 1 + 31 + 1


def test_on_paper_every_table_is_open(desk):
    page = desk(viewport=DESK)
    page.emulate_media(media="print")

    assert page.get_by_role("table", name="Visits", exact=True).is_visible()
    assert not page.get_by_role("navigation", name="Period").is_visible()
