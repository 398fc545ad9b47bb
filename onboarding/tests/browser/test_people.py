"""Steps 4 and 7 in a real browser: people and their hours, with and without scripts, by keyboard, for every reader."""

import pytest
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from bookings.models import OpeningHours, TeamMember, TeamMemberAvailability
from config.testing_browser import LOOKS, MARKS
from onboarding.tests.browser.pages import SCRIPTS, press

pytestmark = MARKS
LONG = "Unbreakable" * 7


@pytest.fixture(autouse=True)
def named(owner):
    owner.first_name = "Olga"
    owner.save()


def names(site):
    with tenant_context(site.salon):
        return sorted(TeamMember.objects.values_list("first_name", flat=True))


@SCRIPTS
def test_people_are_added_one_below_the_other(wizard, site, scripts):
    page = wizard("team", java_script_enabled=scripts)
    there = names(site)
    before = page.get_by_label("First name").count()

    for name in ("Cleo", "Dana"):
        press(page, "Add another person")
        page.get_by_label("First name").last.fill(name)
    expect(page.get_by_label("First name")).to_have_count(before + 2)
    assert names(site) == there

    page.get_by_label("First name").last.press("Enter")
    page.wait_for_url("**/branding/**")
    assert names(site) == sorted([*there, "Olga", "Cleo", "Dana"])
    assert page.complaints == []


def test_a_new_row_takes_the_focus(wizard):
    page = wizard("team")

    page.get_by_role("button", name="Add another person").press("Enter")

    expect(page.get_by_label("First name").last).to_be_focused()


def test_somebody_is_opened_and_changed_by_keyboard(wizard, site):
    page = wizard("team")
    row = page.locator("details.team-row").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    title = row.get_by_label("Title customers read")
    title.fill("Stylist")
    title.press("Enter")

    page.wait_for_url("**/branding/**")
    with tenant_context(site.salon):
        assert TeamMember.objects.filter(title="Stylist").count() == 1


def starts(site):
    """The mornings of the first person of the page, by weekday."""
    with tenant_context(site.salon):
        return dict(
            TeamMemberAvailability.objects.filter(team_member__first_name="Ines").values_list(
                "day_of_week", "start_min"
            )
        )


@SCRIPTS
def test_a_week_is_written_and_made_like_the_opening_hours_again(wizard, site, scripts):
    with tenant_context(site.salon):
        OpeningHours.objects.all().delete()
        OpeningHours.objects.create(day_of_week=3, start_min=600, end_min=1080)
    page = wizard("availability", java_script_enabled=scripts)
    week = page.get_by_role("group", name="Every week, Ines")
    week.get_by_label("Monday from").fill("7:30")

    week.get_by_label("Monday from").press("Enter")
    page.wait_for_url(lambda url: "saved=1" in url or "/availability/" not in url)
    assert (starts(site)[1], len(starts(site))) == (450, 7)

    page.goto(f"{page.home}availability/")
    page.get_by_role("button", name="Same as opening hours").first.click()
    expect(week.get_by_label("Monday", exact=True)).not_to_be_checked()
    expect(week.get_by_label("Wednesday from")).to_have_value("10:00")
    assert len(starts(site)) == 7
    press(page, "Save")
    page.wait_for_url(lambda url: "saved=1" in url or "/availability/" not in url)
    assert starts(site) == {3: 600}


def screens(page):
    """Every screen of the two steps, by name, as the page stands on it."""
    yield "team"
    page.locator("details.team-row summary").first.click()
    press(page, "Add another person")
    new = page.locator(".team-row").last
    new.get_by_label("First name").fill(LONG)
    new.get_by_label("Last name").fill(LONG)
    new.get_by_label("Phone").fill("12")
    new.get_by_label("E-mail").fill("nobody")
    press(page, "Save")
    page.locator("#errors").wait_for()
    yield "team with errors"
    new = page.locator(".team-row").last
    new.get_by_label("Phone").fill("")
    new.get_by_label("E-mail").fill("")
    press(page, "Save")
    page.wait_for_url("**/branding/**")
    page.goto(f"{page.home}team/")
    yield "team with long names"
    page.goto(f"{page.home}availability/")
    yield "hours"
    page.locator("summary", has_text="Other hours").first.click()
    page.get_by_label("Tuesday", exact=True).first.check()
    page.get_by_label("Tuesday from").first.fill("soon")
    press(page, "Save")
    page.locator("#errors").wait_for()
    yield "hours with errors"


@LOOKS
def test_every_screen_fits_and_is_for_every_reader(wizard, violations, viewport, scheme):
    page = wizard("team", viewport=viewport, color_scheme=scheme)
    found = {}

    for name in screens(page):
        wide = page.evaluate("document.documentElement.scrollWidth") > viewport["width"]
        found[name] = violations(page) + ["too wide"] * wide

    assert {name: faults for name, faults in found.items() if faults} == {}
    assert len(found) == 5
    assert page.complaints == []
