"""Settings, roles and the trail in a real browser: phone and desk, light and dark, with the keyboard, without scripts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.services import record
from bookings.models import Closure, OpeningHours, Service, SpecialDay, TeamMember, TimeBlock
from bookings.tests.factories import at, make_booking
from config.testing_browser import DESK, LOOKS, MARKS, PHONE, sign_in
from tenants.models import Business

pytestmark = MARKS
NARROW = {"width": 320, "height": 640}
LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3


@pytest.fixture
def boss(member):
    return member("owner")


@pytest.fixture
def at_work(open_page, site, boss):
    def opened(path="/dashboard/settings/", **context):
        page = open_page(**context)
        sign_in(page, site, boss, path)
        return page

    return opened


@pytest.fixture
def pages(site):
    """Every page with something on it; the trail with a line that is hard to fit."""
    ines, now = TeamMember.objects.get(first_name="Ines"), timezone.now()
    soon = (now + timedelta(days=9)).date()
    Closure.objects.create(start_date=soon, end_date=soon + timedelta(days=3), reason=LONG)
    SpecialDay.objects.create(team_member=ines, date=soon, shifts=[[540, 720]], reason=LONG)
    TimeBlock.objects.create(team_member=ines, starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=3))
    Business.objects.filter(pk=site.salon.pk).update(role_changes={"refund": {"staff": True}})
    who = actors.Actor(label=f"{LONG} (customer)", address="2001:db8:85a3:8d3:1319:8a2e:370:7348")
    entry = record(
        actor=who, action="salon.changed", subject=site.salon, at=now, before={"name": LONG}, after={"name": "Rosa"}
    )
    settings = (
        "",
        "details/",
        "rules/",
        "policies/",
        "hours/",
        "closures/",
        "outside/",
        "lengths/",
        "team/",
        f"team/{ines.pk}/",
        "roles/",
    )
    trail = ("", f"{entry.pk}/", "?first=2026-03-11&last=2026-03-10", "?first=2999-01-01")
    return [*(f"settings/{name}" for name in settings), *(f"trail/{name}" for name in trail)]


@LOOKS
def test_everybody_can_read_and_use_the_pages(at_work, site, pages, violations, viewport, scheme):
    page, found, wide = at_work(viewport=viewport, color_scheme=scheme), [], {}

    for path in pages:
        page.goto(f"{site.url}/dashboard/{path}")
        found += [f"{path}: {line}" for line in violations(page)]
        wide[path] = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    assert found == []
    assert wide == dict.fromkeys(wide, False)
    assert page.complaints == []


@LOOKS
def test_what_a_change_would_do_can_be_read_by_everybody(at_work, site, violations, viewport, scheme):
    visit = make_booking(site.salon, Service.objects.first(), at(site.salon, "10:00"))
    page = at_work("/dashboard/settings/closures/", viewport=viewport, color_scheme=scheme)

    page.get_by_label("First day").fill(visit.local_date.isoformat())
    page.get_by_role("button", name="Close the salon then").click()
    page.get_by_text("Not saved yet.").wait_for()
    page.locator(".preview-service summary").first.click()
    found, wide = violations(page), page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Visits without their time").wait_for()
    page.get_by_role("link", name=f"Move {visit.ref}").click()
    page.wait_for_url(f"**/calendar/{visit.pk}/move/**")

    assert (found, wide, page.complaints) == ([], False, [])


def test_nothing_runs_out_of_a_very_small_screen(at_work, site, pages):
    page = at_work(viewport=NARROW)

    for path in pages:
        page.goto(f"{site.url}/dashboard/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], path


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_owner_changes_a_role_and_reads_it_in_the_trail(at_work, site, scripts):
    page = at_work("/dashboard/settings/roles/", viewport=PHONE, java_script_enabled=scripts)

    row = page.get_by_role("group", name="Give money back")
    row.get_by_label("Staff").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. It holds at once").wait_for()
    kept = Business.objects.get(pk=site.salon.pk).role_changes
    page.goto(f"{site.url}/dashboard/trail/")
    page.get_by_role("link", name="Roles changed").click()
    page.get_by_role("heading", name="Roles changed").wait_for()
    shown = page.get_by_role("table").inner_text()
    page.goto(f"{site.url}/dashboard/settings/roles/")
    page.get_by_role("button", name="Back to the defaults").click()
    page.get_by_text("Saved. It holds at once").wait_for()

    assert kept == {"refund": {"staff": True}}
    assert "staff yes" in shown
    assert Business.objects.get(pk=site.salon.pk).role_changes == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_hours_are_refused_kept_and_saved(at_work, site, scripts):
    page = at_work("/dashboard/settings/hours/", viewport=PHONE, java_script_enabled=scripts)

    page.get_by_label("Tuesday").fill("nine to five")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Tuesday: Write").wait_for()
    kept = page.get_by_label("Tuesday").input_value()
    page.get_by_label("Tuesday").fill("9:00-17:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Not saved yet.").wait_for()
    page.get_by_role("button", name="Change it first").click()
    again = page.get_by_label("Tuesday").input_value()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. It holds for visits booked from now on.").wait_for()

    assert (kept, again) == ("nine to five", "9:00-17:00")
    assert page.get_by_label("Tuesday").input_value() == "09:00–17:00"
    assert list(OpeningHours.objects.values_list("day_of_week", "start_min", "end_min")) == [(2, 540, 1020)]


def test_the_keyboard_is_enough(at_work, site):
    page = at_work("/dashboard/settings/roles/", viewport=DESK)

    page.get_by_role("group", name="Let fees go").get_by_label("Staff").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_text("Saved. It holds at once").wait_for()

    assert Business.objects.get(pk=site.salon.pk).role_changes == {"waive_fees": {"staff": True}}


def test_errors_take_the_focus(at_work):
    page = at_work("/dashboard/settings/closures/", viewport=DESK)

    page.get_by_role("button", name="Close the salon then").click()
    page.locator("[data-error-summary]").wait_for()

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
