"""A day at the desk in a real browser: for every reader, at every width, with and without script, by keyboard alone."""

import re

from config.testing_browser import LOOKS, MARKS, PHONE
from dashboard.tests.pages import page as address_of
from dashboard.tests.pages import url

pytestmark = MARKS

NARROW = {"width": 320, "height": 640}


def screens(page, card_site, visit):
    """Every screen of the desk by name, as the page stands on it."""
    service = card_site.services["Dry trim"]
    for name, path in (
        ("today", url("today")),
        ("an empty day", url("today", day="2031-01-01")),
        ("visits", url("visits", when="today")),
        ("no visits", url("visits", q="nobody")),
        ("a visit", address_of(visit)),
        ("completed", address_of(visit, "complete")),
        ("cancelled", address_of(visit, "cancel")),
        ("new visit", url("visit-new")),
        ("walk-in", url("walk-in", service=service.pk)),
        ("search", url("search", q="berg")),
    ):
        page.goto(card_site.url + path)
        yield name
    page.goto(card_site.url + url("visit-new", service=service.pk))
    page.get_by_label("Date").fill("2001-01-01")
    page.get_by_role("textbox", name="Time").fill("10:00")
    page.get_by_label("Customer's name").fill("Anna Maria von Wolkenstein-Trostburg und zu Rodank-Haarverlaengerung")
    page.get_by_role("button", name="Book", exact=True).click()
    page.locator("[data-error-summary]").wait_for()
    yield "a refused visit"
    page.goto(card_site.url + url("today"))
    page.keyboard.press("/")
    page.keyboard.type("berg")
    page.locator("#desk-suggestions a").first.wait_for()
    yield "suggestions"


@LOOKS
def test_every_screen_is_for_everybody(card_site, visit, desk, violations, viewport, scheme):
    page = desk("owner", viewport=viewport, color_scheme=scheme)

    found = {
        name: (violations(page), page.evaluate("document.documentElement.scrollWidth"))
        for name in screens(page, card_site, visit)
    }

    assert {name: rules for name, (rules, _) in found.items() if rules} == {}
    assert {name: width for name, (_, width) in found.items() if width > viewport["width"]} == {}
    assert page.complaints == []


def test_nothing_is_cut_off_at_320(card_site, visit, desk):
    page = desk("owner", viewport=NARROW)

    widths = {name: page.evaluate("document.documentElement.scrollWidth") for name in screens(page, card_site, visit)}

    assert {name: width for name, width in widths.items() if width > 320} == {}


def moved(card_site, visit):
    """(kind, amount, platform fee) of what truly moved."""
    rows = card_site.control(f"ledger?account={visit.card_setup.stripe_account_id}")
    return [(row["kind"], row["amount"], row["application_fee"]) for row in rows if row["kind"] != "authorization"]


def test_completed_needs_no_script(card_site, visit, desk):
    page = desk(java_script_enabled=False)
    page.get_by_role("link", name=re.compile("Completed.*Anna Berg")).click()
    page.get_by_role("button", name="Completed: charge $45.00").click()

    assert page.locator("[role=status].page-head").inner_text().startswith("Completed: $45.00 charged to Visa")
    assert moved(card_site, visit) == [("capture", 4500, 45)]


def test_an_impatient_finger_charges_once(card_site, visit, desk):
    page = desk(viewport=PHONE)
    page.get_by_role("link", name=re.compile("Completed.*Anna Berg")).click()
    page.get_by_role("button", name="Completed: charge $45.00").dblclick()
    page.wait_for_url(f"**{address_of(visit)}")

    assert moved(card_site, visit) == [("capture", 4500, 45)]


def tab_to(page, label):
    """Press Tab until what begins with `label` has the focus, which is seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        text, outline = page.evaluate(
            "[document.activeElement.innerText, getComputedStyle(document.activeElement).outlineStyle]"
        )
        if text and text.startswith(label):
            assert outline != "none"
            return
    raise AssertionError(f"nothing called {label} is reached by Tab")


def test_the_keyboard_alone_leads_from_today_to_completed(card_site, visit, desk):
    page = desk()
    tab_to(page, "Completed")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address_of(visit, 'complete')}")
    tab_to(page, "Completed: charge $45.00")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address_of(visit)}")

    assert moved(card_site, visit) == [("capture", 4500, 45)]


def test_the_keyboard_finds_a_visit_from_anywhere(card_site, visit, desk):
    page = desk()
    page.keyboard.press("/")
    page.keyboard.type(visit.ref)
    page.locator("#desk-suggestions a").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**{address_of(visit)}")


def test_a_walk_in_is_two_presses(card_site, visit, desk):
    page = desk(viewport=PHONE)
    page.get_by_role("link", name="Walk-in").click()
    page.get_by_role("button", name="Dry trim").click()
    page.get_by_role("button", name="Check in with").first.click()
    page.wait_for_url("**/dashboard/")

    assert "Walk-in is here: Dry trim with" in page.locator("[role=status].page-head").inner_text()


def test_on_a_phone_the_filter_that_is_chosen_stands_in_sight(card_site, desk):
    page = desk(viewport=PHONE)
    strip = page.get_by_role("navigation", name="When")
    page.goto(card_site.url + url("visits"))
    last = strip.get_by_role("link", name="Past")
    assert last.bounding_box()["x"] > PHONE["width"]  # it takes a swipe

    page.goto(card_site.url + url("visits", when="past"))

    box = last.bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE["width"]


def test_without_a_script_every_filter_stands_in_sight(card_site, desk):
    page = desk(java_script_enabled=False, viewport=NARROW)

    page.goto(card_site.url + url("visits"))

    boxes = [each.bounding_box() for each in page.get_by_role("navigation", name="When").get_by_role("link").all()]
    assert boxes
    assert all(box["x"] + box["width"] <= NARROW["width"] for box in boxes)
