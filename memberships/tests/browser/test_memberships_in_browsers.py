"""Joining, using and ending a membership, and the team's pages of it, in a real browser."""

import pytest

from config.testing_browser import LOOKS, MARKS, PHONE, press_slot, sign_in
from memberships import links
from memberships.models import Membership, MembershipState
from memberships.tests.making import grants

pytestmark = MARKS
LIST = "/dashboard/memberships/"


def leave_card(page):
    """On Stripe's own page."""
    page.locator("input[name=number]").fill("4242 4242 4242 4242")
    page.locator("input[name=expiry]").fill("12 / 39")
    page.locator("input[name=cvc]").fill("123")
    page.locator("input[name=name]").fill("Anna Berg")
    page.locator("button[type=submit], button:not([type])").first.click()


def fill(page):
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Your e-mail").fill("anna@example.com")
    page.get_by_label("I agree to this").check()


def public_screens(page, club):
    url = club.business.url
    page.goto(url)
    yield "front page"
    page.get_by_role("link", name="See memberships").click()
    page.get_by_role("heading", name="Memberships").wait_for()
    yield "plans"
    page.get_by_role("link", name="Join Monthly trim").click()
    page.get_by_role("button", name="Continue to the card").click()
    page.locator("#errors").wait_for()
    yield "nothing typed"
    membership = club.join()
    here = f"{url}/m/{links.token_of(membership)}/"
    page.goto(here)
    yield "mine"
    page.get_by_role("link", name="End the membership").click()
    page.get_by_role("heading", name="End the membership?").wait_for()
    yield "asked"
    page.get_by_role("button", name="End it").click()
    page.get_by_text("It ends on").wait_for()
    yield "ending"
    club.do("end_now", membership)
    page.goto(here)
    yield "ended"


def desk_screens(page, club):
    url, membership = club.business.url, club.join(email="bea@example.com", name="Bea Longname-Oftheseries")
    here = f"{url}{LIST}{membership.pk}/"
    for name, path in (
        ("list", f"{url}{LIST}"),
        ("plans", f"{url}{LIST}plans/"),
        ("plan", f"{url}{LIST}plans/{club.plan.pk}/"),
        ("member", here),
        ("end", f"{here}end/"),
        ("refund", f"{here}months/{grants(membership)[0].pk}/refund/"),
    ):
        page.goto(path)
        yield name


@LOOKS
def test_every_public_screen_is_for_every_reader(club, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)

    for screen in public_screens(page, club):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    assert page.complaints == []


@LOOKS
def test_every_screen_of_the_team_is_for_every_reader(club, card_site, member, open_page, violations, viewport, scheme):
    page = open_page(viewport=viewport, color_scheme=scheme)
    sign_in(page, card_site, member("owner"), LIST)

    for screen in desk_screens(page, club):
        assert (screen, violations(page)) == (screen, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], screen

    assert page.complaints == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_somebody_joins_books_with_it_and_ends_it(club, open_page, scripts):
    page = open_page(viewport=PHONE, java_script_enabled=scripts)
    page.goto(f"{club.business.url}/memberships/{club.plan.pk}/")
    fill(page)
    page.get_by_role("button", name="Continue to the card").click()
    page.wait_for_url("**/c/pay/**")
    leave_card(page)
    page.get_by_role("heading", name="Your membership", exact=True).wait_for()
    membership = Membership.objects.get()
    begun = membership.state, club.taken()

    page.get_by_role("button", name="Book with this membership").click()
    page.get_by_text("Your membership is good for").wait_for()
    page.goto(f"{club.business.url}/book/{club.plan.services.get().pk}/")
    press_slot(page)
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("is applied").wait_for()
    used = grants(membership)[0].card.usage_count

    page.goto(f"{club.business.url}/m/{links.token_of(membership)}/end/")
    page.get_by_role("button", name="End it").click()
    page.get_by_text("It ends on").wait_for()

    assert begun == (MembershipState.ACTIVE, [("capture", 4500, 45)])
    assert used == 1
    assert Membership.objects.get().cancel_at_period_end
    assert club.taken() == [("capture", 4500, 45)]


def test_joining_takes_a_keyboard_alone(club, open_page):
    page = open_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{club.business.url}/memberships/{club.plan.pk}/")

    page.get_by_label("Your name").focus()
    page.keyboard.type("Anna Berg")
    page.keyboard.press("Tab")
    page.keyboard.type("anna@example.com")
    page.get_by_label("I agree to this").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/c/pay/**")

    assert Membership.objects.get().email == "anna@example.com"
