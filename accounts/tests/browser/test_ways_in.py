"""A real browser goes to Google and back, looks where it is signed in, and goes to work in a salon."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import SignIn
from accounts.tests import openid
from config.testing_browser import DESK, MARKS, PHONE
from tenants.models import Membership, Role, User

pytestmark = MARKS
PASSWORD = "correct horse battery"
EMAIL = "ada@person.example"


@pytest.fixture
def google(site, settings):
    yield from openid.serving(settings)


@pytest.fixture
def platform(site):
    return f"http://localhost:{site.port}"


@pytest.fixture
def ada(site):
    user = User.objects.create_user(EMAIL, PASSWORD, first_name="Ada", last_name="Berg")
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    Membership.objects.create(user=user, business=site.salon, role=Role.ADMIN)
    return user


def press_google(page, address, following="/businesses/"):
    page.goto(f"{address}/accounts/login/?next={following}")
    page.get_by_role("button", name="Continue with Google").click()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_google_to_work(open_page, site, platform, google, ada, violations, size):
    page, found = open_page(viewport=size), {}
    page.goto(f"{platform}/accounts/login/")
    found["login"] = violations(page)
    press_google(page, platform)
    page.wait_for_url("**/businesses/")
    found["businesses"] = violations(page)

    page.get_by_role("button", name="Go to work").click()
    page.wait_for_url("**/accounts/enter/**")
    found["enter"] = violations(page)
    spent = page.url
    page.get_by_role("button", name="Sign in as Ada").click()
    page.wait_for_url(f"{site.url}/dashboard/")
    other = open_page(viewport=size)
    other.goto(spent)
    found["spent"] = violations(other)

    assert other.get_by_role("heading", name="This does not open anything").is_visible()
    assert page.complaints == []
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_way_back_from_the_salons_admin(open_page, site, platform, ada):
    page = open_page(viewport=DESK)
    for address in (platform, site.url):
        page.goto(f"{address}/accounts/login/")
        page.get_by_label("Email").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/login/" not in url)

    page.goto(f"{site.url}/admin/")
    page.locator("a", has_text="My salons").first.evaluate("link => link.click()")
    page.wait_for_url(f"{platform}/businesses/")

    assert page.get_by_role("heading", name="My salons").is_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_google_may_answer(open_page, platform, google, ada, violations, size):
    page, found, said = open_page(viewport=size), {}, []

    def look(name):
        said.append(page.get_by_role("heading", level=1).inner_text())
        found[name] = violations(page)
        page.context.clear_cookies()

    google.cancels = True
    press_google(page, platform)
    page.wait_for_url("**/cancelled/")
    look("cancelled")
    google.cancels, google.lies = False, {"nonce": "other"}
    press_google(page, platform)
    page.wait_for_url("**/callback/**")
    look("error")
    google.lies = {"email_verified": False}
    press_google(page, platform)
    page.wait_for_url("**/callback/**")
    look("unverified")
    google.lies = {}
    EmailAddress.objects.update(verified=False)
    press_google(page, platform)
    page.wait_for_url("**/callback/**")
    look("known address")

    assert said == [
        "You stopped at Google",
        "That did not work",
        "Google does not know your address",
        "You have an account",
    ]
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_google_is_connected_and_disconnected(open_page, platform, google, ada, violations, size):
    page, found = open_page(viewport=size), {}
    page.goto(f"{platform}/accounts/login/?next=/businesses/")
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/businesses/")
    page.get_by_role("link", name="Google").click()
    found["none"] = violations(page)

    page.get_by_role("button", name="Connect Google").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Google is connected.").wait_for()
    found["connected"] = violations(page)
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_text("Google is disconnected.").wait_for()

    assert {name: lines for name, lines in found.items() if lines} == {}
    assert page.complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_list_of_sign_ins_ends_the_others(open_page, site, platform, ada, violations, size):
    page, elsewhere = open_page(viewport=size), open_page()
    for browser, address in ((page, platform), (elsewhere, site.url)):
        browser.goto(f"{address}/accounts/login/?next=/accounts/sessions/")
        browser.get_by_label("Email").fill(EMAIL)
        browser.get_by_label("Password").fill(PASSWORD)
        browser.get_by_role("button", name="Sign in", exact=True).click()
        browser.wait_for_url("**/accounts/sessions/")
    page.reload()
    found = violations(page)
    shown = page.locator("section.panel").all_inner_texts()

    page.get_by_role("button", name="Sign out everywhere else").click()
    page.get_by_text("Signed out everywhere else, programs too.").wait_for()
    elsewhere.reload()

    assert ["This browser".upper() in text.upper() for text in shown] == [True, False]
    assert "/accounts/login/" in elsewhere.url
    assert SignIn.objects.get().business is None
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.complaints == []
