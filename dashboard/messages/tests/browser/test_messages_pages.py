"""The log of messages in a real browser: phone and desk, light and dark, and a press without scripts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.models import Customer
from bookings.tests.browser.test_quality import SMALL_TARGETS
from bookings.tests.factories import make_customer
from config.testing_browser import DESK, LOOKS, MARKS
from messaging import services
from messaging.models import Message, MessageStatus
from tenants.tests.api import PASSWORD

pytestmark = MARKS
PAGE = "/dashboard/messages/"
LONG = "Haarverlängerungsbehandlungskombinationspflegevorbereitung mit Kopfmassage"


@pytest.fixture
def dead(site):
    """A message that was given up, among others of every state; its customer's address came back once."""
    now, anna = timezone.now(), make_customer("Anna Berg", "anna@example.com", phone="+12125550187")
    fields = {"recipient": anna.email, "text": "Hello Anna", "now": now}
    for number, status in enumerate(MessageStatus.values):
        message = services.queue(kind="receipt", about_id=uuid4(), subject=f"{LONG}, {status}", **fields)
        changes = {"status": status, "repeats": number % 2, "sent_at": now if status == "sent" else None}
        Message.objects.filter(pk=message.pk).update(**changes)
    services.queue(kind="reminder", about_id=uuid4(), send_at=now + timedelta(days=1), **fields | {"text": ""})
    services.suppress(channel="email", address=anna.email, scope="all", cause="bounced", now=now)
    return Message.objects.get(status=MessageStatus.DEAD)


@pytest.fixture
def desk(site, open_page, member):
    user = member("owner")

    def make(**options):
        page = open_page(**options)
        page.goto(f"{site.url}/accounts/login/?next={PAGE}")
        page.locator("[name=login]").fill(user.email)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main button[type=submit]").first.click()
        page.wait_for_url(f"**{PAGE}")
        return page

    return make


def paths(dead):
    one = f"{PAGE}{dead.pk}/"
    return [PAGE, f"{PAGE}?to=nobody", one, f"{one}again/", f"/dashboard/customers/{Customer.objects.get().pk}/"]


@LOOKS
def test_axe_finds_nothing_wrong(site, dead, desk, violations, viewport, scheme):
    page, found = desk(viewport=viewport, color_scheme=scheme, reduced_motion="reduce"), {}
    for path in paths(dead):
        page.goto(site.url + path)
        found[path] = violations(page)

    assert (found, page.complaints) == ({key: [] for key in paths(dead)}, [])


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_scrolls_sideways_and_targets_are_large(site, dead, desk, width):
    page, wide, small = desk(viewport={"width": width, "height": 800}), {}, {}
    for path in paths(dead):
        page.goto(site.url + path)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
        small[path] = page.evaluate(SMALL_TARGETS)

    assert wide == dict.fromkeys(paths(dead), width)
    assert small == {key: [] for key in paths(dead)}


@pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))
def test_a_message_is_found_and_sent_again(dead, desk, scripts):
    services.allow(channel="email", address="anna@example.com")
    page = desk(viewport=DESK, java_script_enabled=scripts)

    page.get_by_role("link", name="Failed").click()
    page.get_by_role("link", name=f"{LONG}, dead", exact=True).click()
    page.get_by_role("link", name="Send again").click()
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("On its way to anna@example.com again.").wait_for()

    dead.refresh_from_db()
    assert dead.status != MessageStatus.DEAD
