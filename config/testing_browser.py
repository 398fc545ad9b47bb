"""Fixtures of the browser tests: a Chromium, the site on a port, a salon with something to book, the local Stripe.

Loaded by the `conftest.py` beside browser tests.
"""

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

AXE = Path(__file__).parent / "testing_assets/axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
#: How long a page may take before a test gives up on it; what is measured has limits of its own.
PATIENCE_MS = 20_000
#: Every page is looked at in these four.
LOOKS = pytest.mark.parametrize(
    ("viewport", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light"), (DESK, "dark")],
    ids=("phone light", "phone dark", "desk light", "desk dark"),
)
#: What browser tests are marked with.
MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    # `collectstatic` is for production only.
    pytest.mark.filterwarnings("ignore:No directory at"),
]


@pytest.fixture(scope="module")
def chromium():
    """One Chromium for a module of tests."""
    from playwright.sync_api import expect, sync_playwright

    from config.local import browser

    # Playwright's loop lives in this thread; Django would take it for asynchronous code and refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        expect.set_options(timeout=PATIENCE_MS)
        with sync_playwright() as playwright:
            program = playwright.chromium.launch(executable_path=str(browser.ensure()), args=ARGUMENTS)
            yield program
            program.close()
    finally:
        os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
        if before is not None:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(scope="session")
def stripe_process():
    """The local Stripe as a process of its own; its address."""
    command = [sys.executable, "-m", "payments.simulator", "--port", "0"]
    options = {"stdout": subprocess.PIPE, "cwd": django_settings.BASE_DIR, "text": True}
    with subprocess.Popen(command, **options) as process:  # noqa: S603 -- our own module
        yield process.stdout.readline().split()[-1]
        process.terminate()


@dataclass
class Site:
    """The running site and its salon."""

    port: int
    salon: object
    services: dict = field(default_factory=dict)
    stripe: str = ""

    @property
    def url(self):
        return self.salon.url

    def control(self, path, **body):
        """Tell the local Stripe something (`/_simulator/…`)."""
        data = json.dumps(body).encode() if body else None
        url = f"{self.stripe}/_simulator/{path}"
        with urllib.request.urlopen(url, data=data, timeout=20) as answer:  # noqa: S310 -- our own process
            return json.load(answer)


@pytest.fixture
def site(live_server, settings, rosa):
    """The site on a port with the salon `rosa` open around the clock: two people, three services, no card asked for."""
    from django_tenants.utils import tenant_context

    port = int(live_server.url.rpartition(":")[2])
    settings.PLATFORM_PORT = str(port)
    with tenant_context(rosa):
        services = furnish()
        yield Site(port=port, salon=rosa, services=services)


@pytest.fixture
def card_site(site, settings, stripe_process):
    """The same salon with Stripe connected: a card is asked for."""
    from payments import gateway
    from tenants.models import ConnectStatus, TenantBilling

    settings.STRIPE_API_BASE = stripe_process
    settings.STRIPE_JS_URL = f"{stripe_process}/v3/"
    gateway.client.cache_clear()
    site.stripe = stripe_process
    site.control("faults/clear", all=True)
    made = gateway.create_account(
        email="owner@rosa.example", country="US", metadata={"tenant": site.salon.schema_name}, key=os.urandom(8).hex()
    )
    account = getattr(made, "id", made)
    site.control("accounts", account=account, charges_enabled=True, payouts_enabled=True, details_submitted=True)
    TenantBilling.objects.filter(business=site.salon).update(
        stripe_account_id=account, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    yield site
    gateway.client.cache_clear()


def furnish():
    """Something to book in the current salon, whatever the time of day."""
    from bookings.models import Service, ServiceCategory, ServiceTeamAssignment, TeamMember, TeamMemberAvailability
    from tenants.models import Business, FeeType

    Business.objects.filter(slug="rosa").update(
        min_notice_min=0,
        slot_step_min=60,
        horizon_days=45,
        phone="+12125550142",
        cancellation_fee_type=FeeType.FIXED,
        cancellation_fee_cents=2000,
        no_show_fee_type=FeeType.PERCENT,
        no_show_fee_percent=50,
        cancellation_text="Please tell us a day ahead.",
    )
    people = [
        TeamMember.objects.create(first_name=name, last_name=last, sort_order=order)
        for order, (name, last) in enumerate([("Ines", "Duarte"), ("Tom", "Keller")])
    ]
    for person in people:
        for day in range(1, 8):
            TeamMemberAvailability.objects.create(team_member=person, day_of_week=day, start_min=0, end_min=1440)
    category = ServiceCategory.objects.create(name="Test hair")
    services = {}
    for name, minutes, cents, able in (
        ("Dry trim", 30, 4500, people),
        ("Long colour", 180, 24000, people[:1]),
        ("Cut for friends", 60, 5000, people),
    ):
        service = Service.objects.create(
            category=category,
            name=name,
            duration_min=minutes,
            price_cents=cents,
            allow_group_booking=name == "Cut for friends",
            max_group_size=3 if name == "Cut for friends" else 1,
        )
        for person in able:
            ServiceTeamAssignment.objects.create(service=service, team_member=person)
        services[name] = service
    return services


@pytest.fixture
def open_page(chromium):
    """`open_page(**context options)`: a page of its own context whose complaints are collected in `page.complaints`."""
    contexts = []

    def make(**options):
        context = chromium.new_context(viewport=options.pop("viewport", PHONE), **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.evaluate = when_parsed(page)
        page.complaints = []
        page.on("console", lambda line: line.type in ("error", "warning") and page.complaints.append(line.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


def when_parsed(page):
    """`page.evaluate`, once the page is there: right after a press that leads away, the document has no element yet."""
    evaluate = page.evaluate

    def patient(*args):
        page.wait_for_load_state("domcontentloaded")
        return evaluate(*args)

    return patient


@pytest.fixture
def violations():
    """`violations(page)`: what axe-core finds wrong with the page as it is, as `rule: element` lines."""

    def check(page):
        # Not through a script tag: the site's policy would refuse that.
        page.evaluate(AXE.read_text())
        # Into frames of other origins it cannot look, and asking them is an error on the console.
        found = page.evaluate("tags => axe.run({runOnly: tags, iframes: false})", WCAG)["violations"]
        return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]

    return check


def free_time(page, number=0):
    """The day's nth time, as the label to press: of those that do not begin while a test reads its pages.

    Where the day has none of them any more, as today has late in the evening, tomorrow's.
    """
    from django.db import connection

    coming = _coming(page)
    if not coming:
        tomorrow = timezone.now().astimezone(connection.tenant.zone).date() + timedelta(days=1)
        address = urlsplit(page.url)
        asked = [pair for pair in parse_qsl(address.query) if pair[0] != "date"]
        page.goto(urlunsplit(address._replace(query=urlencode([*asked, ("date", tomorrow)]))))
        coming = _coming(page)
    return page.locator("label.slot").nth(coming[number])


def _coming(page):
    page.locator("label.slot").first.wait_for()
    starts = page.locator("label.slot input").evaluate_all("all => all.map((each) => each.value)")
    soonest = timezone.now() + timedelta(minutes=10)
    return [number for number, start in enumerate(starts) if datetime.fromisoformat(start) >= soonest]


def next_month(page):
    """Turn the calendar's page: on its last day a month has no other day to go to."""
    from playwright.sync_api import expect

    before = page.locator("a.day").first.get_attribute("id")
    page.get_by_role("link", name="Next month").click()
    expect(page.locator(f"#{before}")).to_have_count(0)


def press_slot(page, number=0):
    """Choose the day's nth time, as `free_time` counts them, and go on to checkout."""
    free_time(page, number).click()
    page.locator(".slot-bar button").click()
    page.wait_for_url("**/book/checkout/**")


def fill_details(page, email="anna@example.com"):
    page.get_by_label("First name").fill("Anna")
    page.get_by_label("Last name").fill("Berg")
    page.get_by_label("Mobile").fill("(212) 555-0187")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.get_by_label("I agree to these terms").check()


def sign_in(page, site, user, path):
    """From the salon's own door, with the password every user of the tests has, to the page at `path`."""
    from tenants.tests.api import PASSWORD

    page.goto(f"{site.url}/accounts/login/?next={path}")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{path}")


def press_confirm(page):
    """Book. Two frames after scrolling, Chromium knows again that the button, not the card's frame, lies under the mouse."""
    page.locator("#confirm").scroll_into_view_if_needed()
    if page.locator("#card-element iframe").count():
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.locator("#confirm").click()


def fill_card(page, number="4242424242424242"):
    frame = page.frame_locator("#card-element iframe")
    frame.locator("#number").fill(number)
    frame.locator("#expiry").fill("12 / 39")
    frame.locator("#cvc").fill("123")
