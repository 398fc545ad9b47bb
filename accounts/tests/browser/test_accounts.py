"""A real browser signs in: with a passkey, with an authenticator app's code; every page without an axe violation."""

import pytest
from allauth.mfa.models import Authenticator

from config.testing_browser import DESK, MARKS, PHONE
from tenants.tests.totp import code_now

pytestmark = MARKS
PASSWORD = "correct horse battery"
STRANGERS = ("login/", "signup/", "login/code/", "password/reset/", "password/reset/done/")
OWN = (
    "email/",
    "password/change/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/add/",
    "2fa/webauthn/",
    "sessions/",
    "logout/",
)
PLATFORMS = ("data/", "delete/")


@pytest.fixture(params=["platform", "salon"])
def address(request, site):
    return f"http://localhost:{site.port}" if request.param == "platform" else site.url


@pytest.fixture
def passkeys():
    """Give a page's browser a device that keeps passkeys and always says yes."""

    def plug_in(page):
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return plug_in


def sign_in(page, address, user):
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def confirm_password(page):
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def sign_out(page, address):
    page.goto(f"{address}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    page.wait_for_url("**/accounts/login/")


def code_of(user):
    secret = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).wrap().instance.data["secret"]
    return code_now(secret)


def test_a_passkey_is_added_and_signs_in_alone(open_page, address, staff, passkeys):
    page = open_page()
    passkeys(page)
    sign_in(page, address, staff)
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_role("button", name="Add the passkey").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    sign_out(page, address)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login/" not in url)

    page.goto(f"{address}/accounts/2fa/webauthn/")
    assert page.get_by_role("heading", name="My passkey").is_visible()
    assert page.complaints == []


def test_a_device_that_gives_up_is_told(open_page, site):
    page = open_page()
    page.context.new_cdp_session(page).send("WebAuthn.enable")
    page.goto(f"{site.url}/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no')) }")

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("Your device did not finish.").wait_for()
    assert page.complaints == []


def test_an_authenticator_app_asks_for_its_code(open_page, address, staff):
    page = open_page()
    sign_in(page, address, staff)
    page.goto(f"{address}/accounts/2fa/totp/activate/")
    confirm_password(page)
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    spare = page.locator("#recovery_codes").input_value().split()[0]
    sign_out(page, address)

    page.get_by_label("Email").fill(staff.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/2fa/authenticate/")
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Code").fill(spare)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/2fa/" not in url)

    assert page.complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_have_no_violations(open_page, address, staff, violations, size):
    page = open_page(viewport=size)
    found = {}
    for path in STRANGERS:
        page.goto(f"{address}/accounts/{path}")
        found[path] = violations(page)
    sign_in(page, address, staff)
    page.goto(f"{address}/accounts/2fa/totp/activate/")
    found["reauthenticate/"] = violations(page)
    confirm_password(page)
    for path in OWN + (PLATFORMS if "//localhost" in address else ()):
        page.goto(f"{address}/accounts/{path}")
        found[path] = violations(page)

    assert {path: lines for path, lines in found.items() if lines} == {}
    assert page.complaints == []


def test_an_account_is_taken_along_and_deleted(open_page, site, staff):
    page = open_page()
    sign_in(page, f"http://localhost:{site.port}", staff)
    page.goto(f"http://localhost:{site.port}/accounts/data/")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the file").click()
    page.get_by_role("link", name="Delete your account").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    page.get_by_text("Your account is deleted.").wait_for()

    assert download.value.suggested_filename == "tithi-account.json"
    assert page.complaints == []
