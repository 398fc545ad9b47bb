"""What people see of live updates: a real browser, the process for sockets, changes made by other processes."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from audit.actors import SYSTEM
from bookings import services
from bookings.models import Booking
from config.testing_browser import DESK, MARKS, PHONE
from dashboard.live.tests.listening import environment
from tenants.models import Business

pytestmark = MARKS
#: A visit as customers book it, in a process of its own.
BOOK = """
import sys, django
django.setup()
from datetime import datetime
from django_tenants.utils import tenant_context
from bookings import services
from bookings.models import Service
from bookings.tests import factories
from tenants.models import Business
business = Business.objects.select_related("billing").get(slug=sys.argv[1])
details = services.Details(name=sys.argv[3], email="new@example.com", phone="+12125550187")
with tenant_context(business):
    service = Service.objects.get(name="Dry trim")
    factories.make_booking(business, service, datetime.fromisoformat(sys.argv[2]), details=details)
"""


def book(business, name, *, hours=2):
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    command = [sys.executable, "-c", BOOK, business.slug, start.isoformat(), name]
    subprocess.run(command, cwd=django_settings.BASE_DIR, env=environment(), check=True)


@pytest.fixture
def midday(site):
    """The salon, at a place on earth where it is noon: today is not over while the test runs."""
    Business.objects.filter(pk=site.salon.pk).update(timezone=f"Etc/GMT{timezone.now().hour - 12:+d}")
    site.salon.refresh_from_db()
    return site.salon


@pytest.fixture
def open_today(open_page, cookie_of, member):
    """`open_today(business, role)`: the list of today as a member sees it."""

    def opened(business, role="staff", *, viewport=DESK):
        page = open_page(viewport=viewport)
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie_of(business, member(role, business)), "url": business.url}]
        )
        page.goto(f"{business.url}/dashboard/")
        return page

    return opened


def line(page):
    return page.locator("#live")


def visit(page):
    return page.get_by_role("link", name="Mireille Unseen", exact=True)


def test_a_visit_that_is_booked_elsewhere_appears_on_every_page_of_the_salon(
    sockets, midday, nora, open_today, violations
):
    desk, phone = open_today(midday, "staff"), open_today(midday, "viewer", viewport=PHONE)
    other = open_today(nora, "staff")
    for page in (desk, phone, other):
        expect(line(page).get_by_text("Live", exact=True)).to_be_visible()
    asked = []
    other.on("request", lambda request: asked.append(request.url))

    book(midday, "Mireille Unseen")

    for page in (desk, phone):
        expect(visit(page)).to_be_visible()
        assert page.complaints == []
        assert violations(page) == []
    assert [url for url in asked if "/dashboard/" in url] == []


def test_nothing_is_taken_from_under_somebodys_fingers(sockets, midday, open_today):
    page = open_today(midday)
    expect(line(page)).to_have_attribute("data-state", "live")
    page.evaluate("""() => {
        const field = document.createElement("input")
        field.setAttribute("aria-label", "A note")
        document.getElementById("day").append(field)
    }""")
    note = page.get_by_label("A note")
    note.fill("half a sent")

    book(midday, "Mireille Unseen")
    page.wait_for_timeout(1500)

    expect(note).to_be_focused()
    expect(note).to_have_value("half a sent")
    expect(visit(page)).to_have_count(0)

    note.fill("")
    page.get_by_role("heading", name="Today", exact=True).click()
    expect(visit(page)).to_be_visible()


def check_in(business, name):
    with tenant_context(business):
        booking = Booking.objects.get(contact_name=name)
        services.check_in(booking=booking, by=SYSTEM, now=timezone.now())


def test_a_state_that_changes_elsewhere_changes_its_row_first(sockets, midday, open_today):
    book(midday, "Mireille Unseen")
    book(midday, "Somebody Else", hours=3)
    page = open_today(midday)
    expect(line(page)).to_have_attribute("data-state", "live")
    row = page.locator(".desk-list > li", has=visit(page))
    visit(page).focus()
    page.wait_for_timeout(1000)  # what was told on opening is shown
    asked = []
    page.on("request", lambda request: "/today/list/" in request.url and asked.append("only=" in request.url))

    check_in(midday, "Mireille Unseen")

    expect(row.get_by_text("Checked in", exact=True)).to_be_visible()
    expect(page.get_by_role("region", name="Here now").get_by_role("link", name="Mireille Unseen")).to_be_visible()
    assert asked == [True, False]
    assert page.locator(".desk-list > li").count() == 2
    expect(row.get_by_role("link", name="Mireille Unseen", exact=True)).to_be_focused()
    assert page.complaints == []


def test_focus_stays_where_it_was(sockets, midday, open_today):
    page = open_today(midday)
    expect(line(page)).to_have_attribute("data-state", "live")
    with page.expect_response("**/dashboard/today/list/**"):
        page.evaluate("""() => {
            const link = document.createElement("a")
            link.href = "#day"
            link.id = "kept"
            document.getElementById("day").append(link)
            document.addEventListener("htmx:beforeSwap", (event) => {
                event.detail.serverResponse = event.detail.serverResponse.replace(
                    /(<div [^>]*id="day"[^>]*>)/, '$1<a id="kept" href="#day">Kept</a>')
            })
            link.textContent = "Kept"
            link.focus()
            document.dispatchEvent(new CustomEvent("tithi:changed", { detail: { changes: [] } }))
        }""")

    expect(page.locator("#kept")).to_be_focused()


def test_who_is_signed_out_is_told_so(sockets, midday, open_today):
    page = open_today(midday)
    expect(line(page)).to_have_attribute("data-state", "live")

    with tenant_context(midday):
        Session.objects.all().delete()

    expect(line(page).get_by_text("Reload the page")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("No more updates")


@pytest.mark.slow
def test_without_sockets_pages_ask_every_twenty_seconds(site, midday, open_today, settings):
    settings.LIVE_UPDATES = False
    page = open_today(midday)
    expect(line(page).get_by_text("Updates every 20 s")).to_be_visible()
    assert page.get_by_role("status").inner_text() == ""

    book(midday, "Mireille Unseen")

    expect(visit(page)).to_be_visible(timeout=25_000)
    assert page.complaints == []


@pytest.mark.slow
def test_with_valkey_gone_pages_ask_and_come_back(own_sockets, valkey, midday, open_today):
    page = open_today(midday)
    expect(line(page)).to_have_attribute("data-state", "live")

    valkey.stop()
    expect(line(page)).to_have_attribute("data-state", "asking")
    expect(page.get_by_role("status")).to_have_text("Updates every 20 s")
    book(midday, "Mireille Unseen")
    expect(visit(page)).to_be_visible(timeout=25_000)

    valkey.start()
    expect(line(page)).to_have_attribute("data-state", "live", timeout=40_000)
    expect(page.get_by_role("status")).to_have_text("Live")
