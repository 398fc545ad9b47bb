"""The salon's admin in a real browser: its policy refuses nothing it needs, and an impatient press charges once."""

import pytest

from bookings.models import Booking, ServiceCategory, TeamMember
from bookings.tests.factories import make_past_visit
from config.testing_browser import DESK, MARKS, PHONE
from payments.tests.browser.visits import visit_with_card

pytestmark = MARKS


@pytest.fixture
def visit(card_site):
    """Over since yesterday, 45.00, with a Visa on file."""
    return make_past_visit(visit_with_card(card_site))


def sign_in(page, card_site, user):
    page.goto(f"{card_site.url}/admin/bookings/booking/")
    page.locator("[name=login]").fill(user.email)
    page.locator("[name=password]").fill("correct horse battery")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/admin/bookings/booking/")


@pytest.fixture
def desk(card_site, open_page, member):
    """`desk("admin", viewport)`: a page signed in with that role."""

    def make(role, viewport=DESK):
        user = member(role)
        page = open_page(viewport=viewport)
        sign_in(page, card_site, user)
        return page

    return make


def moved(card_site, visit):
    """(kind, amount, platform fee) of what truly moved."""
    rows = card_site.control(f"ledger?account={visit.card_setup.stripe_account_id}")
    return [(row["kind"], row["amount"], row["application_fee"]) for row in rows]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_no_page_is_refused_anything_by_its_policy(card_site, visit, desk, viewport):
    page = desk("admin", viewport)
    person, category = TeamMember.objects.first(), ServiceCategory.objects.first()
    base = f"/admin/bookings/booking/{visit.pk}"
    paths = [
        "/admin/",
        "/admin/bookings/booking/?when=unclosed",
        f"{base}/change/",
        f"{base}/complete/",
        f"{base}/no-show/",
        f"{base}/cancel/",
        "/admin/payments/ledgerentry/",
        "/admin/payments/dispute/",
        "/admin/bookings/booking/add/",
        f"/admin/bookings/teammember/{person.pk}/change/",
        f"/admin/bookings/servicecategory/{category.pk}/delete/",
        "/admin/bookings/service/add/",
        "/admin/audit/auditentry/",
    ]

    for path in paths:
        assert page.goto(card_site.url + path).status == 200
        page.wait_for_load_state("networkidle")
        # Alpine hides the page until it runs: seen means its expressions were allowed.
        assert page.locator("#content").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    assert page.complaints == []


def test_an_impatient_double_click_charges_once(card_site, visit, desk):
    page = desk("staff")
    page.goto(f"{card_site.url}/admin/bookings/booking/{visit.pk}/change/")
    page.locator(".salon-next a").first.click()

    page.locator(".salon-press button[type=submit]").dblclick()
    page.wait_for_url("**/change/")

    assert moved(card_site, visit) == [("authorization", 4500, 0), ("capture", 4500, 45)]
    assert page.get_by_text("Completed: $45.00 charged to Visa •••• 4242.").is_visible()
    assert page.complaints == []


def test_a_typed_tip_is_shown_before_it_is_charged(card_site, visit, desk):
    page = desk("staff", PHONE)
    page.goto(f"{card_site.url}/admin/bookings/booking/{visit.pk}/complete/")
    button = page.locator(".salon-press button[type=submit]")
    page.get_by_label("Tip").fill("5")

    button.click()
    page.get_by_text("$50.00 will be charged to Visa •••• 4242.").wait_for()
    before = moved(card_site, visit)
    assert button.inner_text().strip() == "Completed: charge $50.00"
    button.click()
    page.wait_for_url("**/change/")

    assert before == []
    assert moved(card_site, visit) == [("authorization", 5000, 0), ("capture", 5000, 50)]
    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=("scripts on", "scripts off"))
def test_enter_never_lets_a_fee_go(card_site, visit, open_page, member, scripts):
    """The first button is the one that charges: Enter in a field presses it."""
    Booking.objects.filter(pk=visit.pk).update(consent=visit.consent | {"no_show_fee_cents": 2000})
    page = open_page(viewport=DESK, java_script_enabled=scripts)
    sign_in(page, card_site, member("admin"))
    page.goto(f"{card_site.url}/admin/bookings/booking/{visit.pk}/no-show/")

    page.get_by_label("Reason").fill("Did not come")
    page.get_by_label("Reason").press("Enter")
    page.wait_for_url("**/change/")

    assert [row[:2] for row in moved(card_site, visit)] == [("authorization", 2000), ("capture", 2000)]
