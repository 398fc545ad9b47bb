"""A visitor books a visit that is paid at the salon, in a real browser."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from bookings.models import Booking, Status
from bookings.tests.factories import at
from config.testing_browser import MARKS, fill_details, free_time, next_month, press_confirm, press_slot

pytestmark = MARKS


def confirmed():
    return list(Booking.objects.exclude(status__in=[Status.HOLD, Status.EXPIRED]).values_list("status", "contact_name"))


def test_a_visit_takes_five_screens_and_seven_taps(site, open_page):
    page = open_page()
    taps, screens = [], []
    page.on("framenavigated", lambda frame: screens.append(frame.url))

    page.goto(site.url)
    for target in (
        lambda: page.get_by_role("link", name="Book Dry trim"),
        lambda: free_time(page),
        lambda: page.locator(".slot-bar button"),
    ):
        target().click()
        taps.append(target)
    page.wait_for_url("**/book/checkout/**")
    fill_details(page)  # one more tap: the consent box
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert len(screens) <= 5
    assert len(taps) + 2 <= 7
    assert confirmed() == [("confirmed", "Anna Berg")]
    assert page.complaints == []


def test_everything_works_without_scripts(site, open_page):
    page = open_page(java_script_enabled=False)

    page.goto(site.url)
    page.get_by_role("link", name="Book Dry trim").click()
    page.get_by_role("link", name="Tom Keller").click()
    page.get_by_role("link", name="Next month").click()
    page.locator("a.day").first.click()
    press_slot(page, 3)
    fill_details(page)
    press_confirm(page)
    page.get_by_role("link", name="Manage this visit").click()
    page.get_by_role("link", name="Move to another time").click()
    free_time(page, -1).click()  # late in the evening the first day has few
    page.locator(".slot-bar button").click()
    page.get_by_text("Your visit is moved").wait_for()
    page.get_by_role("link", name="Cancel this visit").click()
    page.get_by_role("button", name="Cancel").click()

    assert page.get_by_role("status").inner_text() == "Your visit is cancelled. We have sent you an e-mail."
    assert confirmed() == [("canceled", "Anna Berg")]


def test_the_keyboard_alone_is_enough(site, open_page):
    page = open_page(viewport={"width": 1280, "height": 900})
    press = page.keyboard.press

    def tab_to(name):
        for _ in range(80):
            press("Tab")
            label = page.evaluate(
                "e => e.getAttribute('aria-label') || e.innerText || e.id",
                page.evaluate_handle("document.activeElement"),
            )
            if name in (label or ""):
                return
        raise AssertionError(f"{name!r} is not reached by Tab")

    page.goto(site.url)
    page.get_by_role("link", name="Book Dry trim").focus()
    press("Enter")
    page.wait_for_url("**/book/*/")
    heading_has_focus(page)
    free_time(page).locator("input").focus()
    press("Space")
    press("ArrowRight")
    tab_to("Continue")
    outline_is_visible(page)
    press("Enter")
    page.wait_for_url("**/book/checkout/**")
    heading_has_focus(page)
    page.get_by_label("First name").focus()
    for text in ("Anna", "Berg", "(212) 555-0187", "anna@example.com"):
        page.keyboard.type(text)
        press("Tab")
    press("Tab")  # the note
    while page.evaluate("document.activeElement.name") != "policies":
        press("Tab")
    press("Space")
    press("Enter")  # in a box Enter presses the form's default button: it must be the one that books
    page.wait_for_url("**/book/done/**")
    heading_has_focus(page)

    assert confirmed() == [("confirmed", "Anna Berg")]


def heading_has_focus(page):
    expect(page.locator("h1")).to_be_focused()


def outline_is_visible(page):
    style = page.evaluate(
        "(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])(getComputedStyle(document.activeElement))"
    )
    assert style == ["solid", "3px"]


def test_errors_take_the_focus_and_keep_what_was_typed(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    press_slot(page)

    page.get_by_label("First name").fill("Anna")
    page.get_by_label("Mobile").fill("12")
    press_confirm(page)
    expect(page.locator("#errors")).to_be_focused()
    links = page.locator("#errors a").all_inner_texts()
    page.get_by_role("link", name="Last name:").click()

    assert links == [
        "Last name: Please write your last name.",
        "Mobile: Please write the number with its area code, for example (201) 555-0123.",
        "E-mail: Please write your e-mail address.",
        "I agree to these terms: Please tick the box if you agree to the terms.",
    ]
    assert page.evaluate("document.activeElement.id") == "id_last_name"
    assert page.get_by_label("First name").input_value() == "Anna"


def test_pressing_twice_books_once(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    press_slot(page)
    fill_details(page)

    page.locator("#confirm").dblclick()
    page.wait_for_url("**/book/done/**")
    done = page.url
    page.reload()
    page.go_back()
    page.goto(page.url)

    assert page.url == done
    assert confirmed() == [("confirmed", "Anna Berg")]


def test_losing_the_race_offers_three_times_nearby(site, open_page):
    first, second = open_page(), open_page()
    tomorrow = at(site.salon, "10:00", days=1).astimezone(site.salon.zone).date()  # a whole day, whatever the time now
    times = f"{site.url}/book/{site.services['Long colour'].pk}/?date={tomorrow}"
    first.goto(times)
    second.goto(times)
    press_slot(first, 1)

    second.locator("label.slot").nth(1).click()
    second.locator(".slot-bar button").click()
    expect(second.locator("[data-error-summary]")).to_be_focused()
    sentence = second.get_by_role("alert").locator("strong").inner_text()
    nearby = second.locator("[data-error-summary] button")
    count = nearby.count()
    nearby.first.click()
    second.wait_for_url("**/book/checkout/**")

    assert sentence == "That time has just been taken. Please choose another one."
    assert count == 3


def test_days_and_people_change_in_place_and_are_announced(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    page.evaluate("window.stayed = true")

    page.get_by_role("link", name="Tom Keller").click()
    expect(page.locator("#picker-status")).to_contain_text(re.compile(r"\d times? on "))
    focused = page.evaluate("document.activeElement.id")
    next_month(page)
    page.locator("a.day").nth(1).click()
    expect(page.locator("a.day").nth(1)).to_have_attribute("aria-current", "date")

    assert page.evaluate("window.stayed")
    assert focused == "person-3"
    assert "member=" in page.url
    assert "date=" in page.url


@pytest.mark.parametrize(
    ("zone", "shown"), [("America/New_York", False), ("Asia/Tokyo", True)], ids=("the salon's zone", "another zone")
)
def test_another_clock_is_explained(site, open_page, zone, shown):
    page = open_page(timezone_id=zone)
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")

    page.locator("label.slot").first.click()
    note = page.locator("[data-zone-note]")

    assert note.is_visible() is shown
    if shown:
        assert note.inner_text().startswith("On your own clock (Tokyo) that is ")
    assert page.get_by_text("Times in Eastern Time (New York).").is_visible()


def test_another_clock_is_still_explained_after_a_change_in_place(site, open_page):
    page = open_page(timezone_id="Asia/Tokyo")
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")

    page.get_by_role("link", name="Tom Keller").click()
    expect(page.get_by_role("link", name="Tom Keller")).to_have_attribute("aria-current", "true")

    start = page.locator("[name=start]").first.get_attribute("value")
    salon, visitor = (
        f"{wall:%a} {wall.day} {wall:%b}, {wall:%H:%M}"
        for wall in (
            datetime.fromisoformat(start).astimezone(ZoneInfo(zone)) for zone in ("America/New_York", "Asia/Tokyo")
        )
    )
    expect(page.locator("[data-zone-note]")).to_have_text(
        f"Your own clock (Tokyo) differs: {salon} at the salon is {visitor} for you."
    )
    page.locator("label.slot").first.click()
    expect(page.locator("[data-zone-note]")).to_have_text(f"On your own clock (Tokyo) that is {visitor}.")


@pytest.mark.parametrize(("scripts", "kept"), [(True, "Asia/Tokyo"), (False, "")], ids=("scripts", "no scripts"))
def test_where_the_visitor_is_is_kept_for_the_quiet_hours(site, open_page, scripts, kept):
    page = open_page(timezone_id="Asia/Tokyo", java_script_enabled=scripts)
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")

    press_slot(page, 0)
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert Booking.objects.get().customer_tz == kept


def test_one_person_is_not_asked_for(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Long colour'].pk}/")

    assert page.get_by_text("With whom").count() == 0
    press_slot(page)
    assert page.get_by_text("Ines Duarte", exact=True).is_visible()


def test_anyone_comes_first_and_the_assigned_person_is_shown(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    first = page.locator(".choice").first

    assert first.inner_text() == "Anyone available"
    assert first.get_attribute("aria-current") == "true"
    press_slot(page)
    assert page.locator(".recap dd").nth(1).inner_text().endswith("(chosen for you)")


def test_a_party_is_priced_together(site, open_page):
    page = open_page()
    page.goto(f"{site.url}/book/{site.services['Cut for friends'].pk}/")

    page.locator("#party-3").click()
    expect(page.locator("#party-3")).to_have_attribute("aria-current", "true")
    press_slot(page)

    assert page.locator(".recap-total").inner_text().split() == ["Total", "$150.00"]


def test_the_hold_warns_is_extended_and_runs_out_with_entries_kept(site, open_page):
    page = open_page()
    page.clock.install()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    press_slot(page)
    page.get_by_label("First name").fill("Anna")

    page.clock.run_for(9 * 60 * 1000 + 5000)
    warning = page.locator("[data-spoken]").inner_text()
    page.locator("#more").click()
    expect(page.locator("[data-spoken]")).to_have_text("Kept for five minutes longer.")
    extended = page.locator("[data-clock]").inner_text()
    page.clock.run_for(16 * 60 * 1000)
    page.wait_for_url("**/book/*/?date=*")
    press_slot(page)

    assert warning.startswith("Your time is kept for one more minute.")
    assert extended.startswith(("14:", "15:"))
    assert page.get_by_label("First name").input_value() == "Anna"
