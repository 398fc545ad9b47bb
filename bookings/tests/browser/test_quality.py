"""How the public pages hold up: for every reader, at every width, under the policy, within the budget."""

import brotli
import pytest

from bookings.basket import MOST_SERVICES
from bookings.models import Service, ServiceTeamAssignment, TeamMember
from bookings.tests.factories import at
from config.testing_browser import LOOKS, MARKS, fill_details, press_confirm, press_slot

pytestmark = MARKS


#: About 60 characters, with and without a place to break.
LONG_NAMES = (
    "Balayage, gloss, toner, blow-dry and care for very long hair",
    "Haarverlaengerungsbehandlungskombinationspflegevorbereitung",
)


def crowd(site):
    """The address of a visit of as many services as one takes, and people, all of them with long names."""
    TeamMember.objects.update(display_name="Maximiliane-Theodora Wolkenstein-Trostburg von und zu Rodank")
    made = [
        Service.objects.create(name=LONG_NAMES[number % 2], duration_min=15, price_cents=12345, parallel_ok=number < 2)
        for number in range(MOST_SERVICES)
    ]
    for service in made:
        for person in TeamMember.objects.all():
            ServiceTeamAssignment.objects.create(service=service, team_member=person)
    others = "&".join(f"also={service.pk}" for service in made[1:])
    return f"{site.url}/book/{made[0].pk}/?{others}"


def screens(page, site):
    """Every screen from the front page to the cancelled visit, by name, as the page stands on it."""
    crowded = crowd(site)
    page.goto(site.url)
    yield "home"
    page.get_by_role("link", name="Book Dry trim").click()
    yield "times"
    page.locator("label.slot").first.click()
    yield "time chosen"
    page.goto(f"{page.url}?date=2000-01-01&month=2000-01")
    page.goto(site.url + "/book/" + str(site.services["Cut for friends"].pk) + "/")
    yield "times of a party"
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/")
    for opened in page.locator("summary").all():
        opened.click()
    yield "services to add"
    page.goto(f"{crowded}&with=any&with={TeamMember.objects.first().pk}&date=2000-01-01")
    yield "times of eight services"
    page.goto(f"{crowded}&also={site.services['Dry trim'].pk}")
    yield "times with a refusal"
    press_slot(page)
    yield "checkout"
    press_confirm(page)
    page.locator("#errors").wait_for()
    yield "checkout with errors"
    fill_details(page)
    press_confirm(page)
    page.wait_for_url("**/book/done/**")
    yield "done"
    page.get_by_role("link", name="Manage this visit").click()
    yield "manage"
    page.get_by_role("link", name="Move to another time").click()
    yield "move"
    page.go_back()
    page.get_by_role("link", name="Cancel this visit").click()
    yield "cancel"
    page.goto(f"{site.url}/nowhere/")
    yield "not found"
    page.goto(f"{site.url}/accounts/login/")
    yield "sign in"
    page.goto(f"http://localhost:{site.port}/")
    yield "platform"
    page.goto(f"http://localhost:{site.port}/accounts/signup/")
    yield "sign up"


@LOOKS
def test_axe_finds_nothing_wrong(site, open_page, violations, viewport, scheme):
    # Colours on their way from one state to the next are nobody's to read.
    page = open_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    found = {name: violations(page) for name in screens(page, site)}

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_nothing_scrolls_sideways_at_320_pixels_and_targets_are_large(site, open_page):
    page = open_page(viewport={"width": 320, "height": 640})
    too_wide, too_small = [], []

    for name in screens(page, site):
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            too_wide.append(name)
        too_small += [(name, *target) for target in page.evaluate(SMALL_TARGETS)]

    assert too_wide == []
    assert too_small == []


#: Slots and buttons below 44 px, other targets below 24 px. Links in a sentence may be as low as their line (2.5.8).
SMALL_TARGETS = """
(() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, label.slot, summary")]
  .filter((e) => e.checkVisibility({opacityProperty: true, visibilityProperty: true}) && !e.closest(".only-spoken"))
  .filter((e) => !(e.matches("a") && getComputedStyle(e).display === "inline" && e.parentElement.innerText !== e.innerText))
  .filter((e) => !(e.matches("input[type=checkbox], input[type=radio]") && e.closest("label")))
  .map((e) => [e.innerText || e.id || e.tagName, e.matches(".btn, .slot, .turn") ? 44 : 24, e.getBoundingClientRect()])
  .filter(([, least, box]) => box.width < least - 0.5 || box.height < least - 0.5)
  .map(([name, least, box]) => [name, least, Math.round(box.width), Math.round(box.height)]))()
"""


@pytest.mark.parametrize("javascript", [True, False], ids=("scripts on", "scripts off"))
def test_the_flow_raises_no_complaint_and_calls_nobody_else(site, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2].split(":")[0]))

    for name in screens(page, site):
        if name == "cancel":
            break

    assert page.complaints == []
    assert hosts == {"rosa.localhost"}


def test_every_first_view_is_light(site, open_page):
    page = open_page()
    weights = {}

    for name in screens(page, site):
        if name == "checkout with errors":
            break
        if name == "time chosen":
            continue
        page.wait_for_load_state("networkidle")
        loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
        weights[name] = {
            "requests": 1 + len(loaded),
            "document": weight(page, [page.url]),
            "styles": weight(page, [url for url in loaded if ".css" in url]),
            "scripts": weight(page, [url for url in loaded if ".js" in url]),
        }

    assert set(weights) == {
        "home",
        "times",
        "times of a party",
        "services to add",
        "times of eight services",
        "times with a refusal",
        "checkout",
    }
    assert weights["home"]["scripts"] == 0
    assert {
        (name, part, found[part]) for name, found in weights.items() for part in BUDGET if found[part] > BUDGET[part]
    } == set()


#: What a first view may weigh, compressed.
BUDGET = {"requests": 12, "document": 20_000, "styles": 15_000, "scripts": 30_000}


def weight(page, urls):
    """The compressed size of what the page itself gets at these addresses."""
    texts = page.evaluate("urls => Promise.all(urls.map(async (url) => (await fetch(url)).text()))", urls)
    return sum(len(brotli.compress(text.encode(), quality=5)) for text in texts)


def test_nothing_moves_where_motion_is_unwelcome(site, open_page):
    page = open_page(reduced_motion="reduce")
    page.goto(site.url)

    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => getComputedStyle(e).transitionDuration !== '0s').length"
    )

    assert moving == 0


def test_a_sticky_bar_never_covers_the_focus(site, open_page):
    page = open_page()
    whole_day = at(site.salon, days=1).astimezone(site.salon.zone).date()
    page.goto(f"{site.url}/book/{site.services['Dry trim'].pk}/?date={whole_day}")
    slots = page.locator("[name=start]")
    covered = []

    slots.first.focus()
    for number in range(slots.count() - 1):
        page.keyboard.press("ArrowDown")
        box = page.evaluate("(e => [e.top, e.bottom])(document.activeElement.parentElement.getBoundingClientRect())")
        bar = page.evaluate("(e => [e.top, e.bottom])(document.querySelector('.slot-bar').getBoundingClientRect())")
        if box[1] > bar[0] and box[0] < bar[1]:
            covered.append(number)

    assert covered == []
