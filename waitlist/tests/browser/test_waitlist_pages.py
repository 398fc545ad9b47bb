"""The waiting list in a real browser: from a day without times to a booked visit, for every reader, at every width."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from audit.actors import SYSTEM
from bookings.models import TeamMember
from bookings.services import team
from bookings.tests.browser.test_quality import SMALL_TARGETS
from config.testing_browser import DESK, LOOKS, MARKS, press_confirm
from tenants.tests.api import PASSWORD
from waitlist import links
from waitlist.models import Offer, Wish
from waitlist.tests.making import ask, day_of, wait

pytestmark = MARKS
LONG = "Haarverlängerungsbehandlungskombinationspflegevorbereitung Wolkenstein"


@pytest.fixture
def busy(site):
    """Nobody works in nine days; the service that cannot be had then."""
    now = timezone.now()
    for member in TeamMember.objects.all():
        team.set_special_day(member=member, date=day_of(site.salon, 9), shifts=[], by=SYSTEM, now=now)
    return site.services["Dry trim"]


def work_again(site):
    for member in TeamMember.objects.all():
        day = member.special_days.get(date=day_of(site.salon, 9))
        team.remove_special_day(special_day=day, by=SYSTEM, now=timezone.now())


@pytest.fixture
def offer(site, busy):
    wait(site.salon, busy, LONG, days=9)
    work_again(site)
    ask(site.salon)
    return Offer.objects.get()


@pytest.fixture
def desk(site, open_page, member):
    user = member("owner")

    def make(**options):
        page = open_page(**options)
        page.goto(f"{site.url}/accounts/login/?next=/dashboard/waitlist/")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url("**/dashboard/waitlist/")
        return page

    return make


def day_without_times(site, busy, days=9):
    return f"/book/{busy.pk}/?date={day_of(site.salon, days)}"


def public(site, busy, offer):
    for member in TeamMember.objects.all():
        team.set_special_day(member=member, date=day_of(site.salon, 5), shifts=[], by=SYSTEM, now=timezone.now())
    return [
        day_without_times(site, busy, 5),
        f"/waitlist/{links.wish_token(offer.wish)}/",
        f"/waitlist/offers/{links.offer_token(offer)}/",
    ]


def of_the_team(offer):
    return [f"/dashboard/waitlist/{page}" for page in ("", "?q=nobody", "add/", f"{offer.wish_id}/remove/")]


@LOOKS
def test_axe_finds_nothing_wrong(site, busy, offer, desk, violations, viewport, scheme):
    page, found = desk(viewport=viewport, color_scheme=scheme, reduced_motion="reduce"), {}
    paths = [*public(site, busy, offer), *of_the_team(offer)]
    for path in paths:
        page.goto(site.url + path)
        found[path] = violations(page)

    assert (found, page.complaints) == ({path: [] for path in paths}, [])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large(site, busy, offer, desk, width):
    page, wide, small = desk(viewport={"width": width, "height": 800}), {}, {}
    paths = [*public(site, busy, offer), *of_the_team(offer)]
    for path in paths:
        page.goto(site.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
        small[path] = page.evaluate(SMALL_TARGETS)

    assert wide == dict.fromkeys(paths, width)
    assert small == {path: [] for path in paths}


@pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))
def test_a_day_without_times_leads_to_a_booked_visit(site, busy, open_page, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto(site.url + day_without_times(site, busy))
    page.get_by_label("Mornings").check()
    page.get_by_label("Your name").fill("Wanda Wait")
    page.get_by_label("E-mail").fill("wanda")
    page.get_by_role("button", name="Join the waiting list").click()
    expect(page.get_by_text("Please write the address in full").first).to_be_visible()
    expect(page.get_by_label("Mornings")).to_be_checked()
    page.get_by_label("E-mail").fill("wanda@example.com")
    page.get_by_role("button", name="Join the waiting list").click()
    expect(page.get_by_role("heading", name="Thank you, you are on the list")).to_be_visible()

    work_again(site)
    ask(site.salon)
    offer = Offer.objects.get()
    page.goto(links.offer_url(business=site.salon, offer=offer))
    page.get_by_role("button", name="Take this time").click()
    expect(page.get_by_label("First name")).to_have_value("Wanda")
    # It is kept for two hours, which nobody counts in seconds.
    expect(page.locator("[data-until]")).to_be_visible()
    expect(page.locator("[data-clock]")).to_be_hidden()
    page.get_by_label("Mobile").fill("+1 212 555 0187")
    page.locator("[name=policies]").check()
    press_confirm(page)
    page.wait_for_url("**/book/done/**")

    assert Wish.objects.get().status == "booked"
    assert [line for line in page.complaints if "422" not in line] == []


def test_a_time_is_passed_on_with_the_keyboard_alone(site, offer, open_page):
    page = open_page(viewport=DESK)
    page.goto(links.offer_url(business=site.salon, offer=offer))
    page.get_by_role("button", name="No, thank you: pass it on").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="This offer is over")).to_be_visible()
    assert Offer.objects.get().status == "declined"


def test_staff_add_somebody_and_take_them_off(site, busy, desk):
    page = desk(viewport=DESK)
    page.get_by_role("link", name="Add somebody").click()
    page.get_by_role("group", name="Service 1").get_by_role("combobox").first.select_option(label="Dry trim")
    for name in ("From", "Until"):
        page.get_by_label(name).fill((timezone.now() + timedelta(days=9)).date().isoformat())
    page.get_by_label("Name").fill("Paula Phone")
    page.get_by_label("Mobile").fill("212 555 0187")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("link", name="Take off").click()
    page.get_by_role("button", name="Take off").click()

    page.get_by_text("Paula Phone is off the waiting list.").wait_for()
    assert Wish.objects.get().status == "removed"
