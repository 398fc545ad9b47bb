"""Signing in through Google, against a provider that speaks HTTP: whose account it is, and what is not believed."""

import time
from urllib.parse import urlsplit

import jwt
import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from accounts import exports
from accounts.google import openid as ours
from accounts.tests import openid
from tenants.models import User
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PASSWORD = "correct horse battery"
EMAIL = "ada@person.example"


@pytest.fixture
def google(db, settings):
    yield from openid.serving(settings)


@pytest.fixture
def ada(db):
    """Somebody with a password here, and Google's address never confirmed."""
    return User.objects.create_user(EMAIL, PASSWORD, first_name="Ada")


def confirmed(user):
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def leave(browser, **fields):
    """Press the button; the address of the provider's page."""
    return browser.post("/accounts/google/login/", fields)["Location"]


def answer_of(address):
    """What the provider sends the browser back to."""
    back = urlsplit(requests.get(address, allow_redirects=False, timeout=20).headers["Location"])
    return f"{back.path}?{back.query}"


def sign_in(browser, **fields):
    return browser.get(answer_of(leave(browser, **fields)))


def who(browser):
    return browser.session.get("_auth_user_id")


def test_a_new_person_gets_an_account(google, platform_client):
    answer = sign_in(platform_client)

    user = User.objects.get(email=EMAIL)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert (user.first_name, user.last_name, user.has_usable_password()) == ("Ada", "Berg", False)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [
        (EMAIL, True, True)
    ]
    assert SocialAccount.objects.get(user=user).extra_data == {"email": "Ada@Person.example"}
    assert who(platform_client) == str(user.pk)


def test_no_mail_asks_to_confirm_what_google_has_confirmed(google, platform_client, account_mails):
    sign_in(platform_client)

    assert account_mails() == []


def test_the_second_time_it_is_the_same_account(google, client_for):
    sign_in(client_for(None))
    google.person["email"] = "new-address@person.example"
    browser = client_for(None)
    sign_in(browser)

    assert User.objects.filter(email__endswith="person.example").count() == 1
    assert who(browser) == str(User.objects.get(email=EMAIL).pk)


def test_an_address_confirmed_on_both_sides_is_one_account(google, ada, platform_client, account_mails):
    confirmed(ada)

    sign_in(platform_client)

    assert who(platform_client) == str(ada.pk)
    assert SocialAccount.objects.get().user == ada
    assert [mail.subject for mail in account_mails()] == ["Google is connected to your account"]
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_an_address_never_confirmed_here_takes_nothing_over(google, ada, platform_client):
    answer = sign_in(platform_client)

    assert answer.status_code == 409
    assert "Sign in to it once without Google" in answer.text
    assert 'href="/accounts/login/?next=/accounts/3rdparty/"' in answer.text
    assert who(platform_client) is None
    assert SocialAccount.objects.count() == 0
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


@pytest.mark.parametrize("verified", [False, None], ids=["not confirmed", "not said"])
def test_an_address_google_does_not_vouch_for_counts_for_nothing(google, ada, platform_client, verified):
    confirmed(ada)
    google.lies = {"email_verified": verified}

    answer = sign_in(platform_client)

    assert answer.status_code == 403
    assert "not confirmed at Google" in answer.text
    assert who(platform_client) is None
    assert SocialAccount.objects.count() == 0


def test_somebody_elses_unproved_claim_does_not_lock_the_owner_out(google, staff, platform_client):
    EmailAddress.objects.create(user=staff, email=EMAIL, verified=False, primary=False)

    sign_in(platform_client)

    assert who(platform_client) == str(User.objects.get(email=EMAIL).pk)
    assert EmailAddress.objects.get(email=EMAIL).user != staff


def test_a_second_step_is_asked_for_after_google_too(google, ada, platform_client):
    TOTP.activate(confirmed(ada), generate_totp_secret())

    answer = sign_in(platform_client)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert who(platform_client) is None


def test_somebody_who_was_locked_out_stays_out(google, ada, platform_client):
    SocialAccount.objects.create(user=confirmed(ada), provider="google", uid="1001")
    User.objects.filter(pk=ada.pk).update(is_active=False)

    sign_in(platform_client)

    assert who(platform_client) is None


@pytest.mark.parametrize(
    ("asked", "lands"),
    [("/businesses/", "/businesses/"), ("https://evil.example/", "/"), ("//evil.example", "/")],
)
def test_people_land_where_they_wanted_to_go_and_never_elsewhere(google, platform_client, asked, lands):
    assert sign_in(platform_client, next=asked)["Location"] == lands


# What is not believed -------------------------------------------------------------------------------


def test_pkce_nonce_and_state_are_new_every_time(google, client_for):
    for _ in range(2):
        sign_in(client_for(None))

    first, second = google.asked
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))


LIES = {
    "another sign-in": {"nonce": "other"},
    "no nonce": {"nonce": None},
    "another program": {"aud": "evil.apps.example"},
    "another issuer": {"iss": "https://evil.example"},
    "too old": {"exp": int(time.time()) - 60},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_statement_that_is_not_about_this_signs_nobody_in(google, platform_client, lie):
    google.lies = lie

    answer = sign_in(platform_client)

    assert answer.status_code == 401
    assert "nobody is signed in" in answer.text
    assert who(platform_client) is None
    assert not User.objects.filter(email=EMAIL).exists()


def test_a_statement_signed_by_somebody_else_is_nothing(google, platform_client):
    google.signed_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    assert sign_in(platform_client).status_code == 401
    assert who(platform_client) is None


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_statement_with_a_weaker_signature_is_nothing(google, algorithm):
    claims = {"sub": "1", "iss": openid.ISSUER, "aud": openid.CLIENT_ID, "nonce": "n", "iat": 1, "exp": 9_999_999_999}
    key = "k" * 32 if algorithm == "HS256" else None
    token = jwt.encode(claims, key, algorithm, headers={"kid": "k1"})

    with pytest.raises(ours.OAuth2Error):
        ours.read(token, audience=openid.CLIENT_ID)


def test_an_answer_belongs_to_the_browser_that_asked(google, client_for):
    victim = client_for(None)
    path = answer_of(leave(client_for(None)))

    answer = victim.get(path)

    assert answer.status_code == 401
    assert "begun in another browser" in answer.text
    assert who(victim) is None


def test_an_answer_works_once(google, platform_client):
    path = answer_of(leave(platform_client))
    platform_client.get(path)
    platform_client.post("/accounts/logout/")

    assert platform_client.get(path).status_code == 401
    assert who(platform_client) is None


def test_an_intercepted_code_is_worth_nothing_without_its_verifier(google, client_for):
    """PKCE: the thief's own sign-in, with the code of somebody else's."""
    stolen = answer_of(leave(client_for(None))).partition("code=")[2].partition("&")[0]
    thief = client_for(None)
    state = answer_of(leave(thief)).partition("state=")[2].partition("&")[0]

    answer = thief.get("/accounts/google/login/callback/", {"code": stolen, "state": state})

    assert answer.status_code == 401
    assert who(thief) is None


def test_somebody_who_stops_at_google_is_told(google, platform_client):
    google.cancels = True

    answer = sign_in(platform_client)
    page = platform_client.get(answer["Location"])

    assert answer["Location"] == "/accounts/3rdparty/login/cancelled/"
    assert "You stopped at Google" in page.text
    assert who(platform_client) is None


def test_a_provider_that_is_away_is_a_page(google, platform_client, settings):
    path = answer_of(leave(platform_client))
    settings.SOCIALACCOUNT_PROVIDERS["google"]["ACCESS_TOKEN_URL"] = "http://127.0.0.1:9/token"

    assert platform_client.get(path).status_code == 401


def test_an_address_somebody_followed_chooses_nothing(google, platform_client):
    platform_client.get(
        answer_of(
            platform_client.post("/accounts/google/login/?scope=drive&auth_params=state%3Dx%26redirect_uri%3Dy")[
                "Location"
            ]
        )
    )

    assert set(google.asked[0]["scope"].split()) == {"openid", "email", "profile"}
    assert who(platform_client) is not None


def test_a_followed_link_begins_nothing(google, platform_client):
    assert platform_client.get("/accounts/google/login/").status_code == 405


def test_another_site_begins_nothing(google, platform_client):
    platform_client.handler.enforce_csrf_checks = True

    assert platform_client.post("/accounts/google/login/").status_code == 403


# Where it is offered --------------------------------------------------------------------------------

PATHS = ("google/login/", "google/login/callback/", "google/login/token/", "3rdparty/", "3rdparty/login/cancelled/")
PATHS += ("3rdparty/signup/", "social/signup/", "social/connections/")


@pytest.mark.parametrize("path", PATHS)
def test_a_salons_host_has_no_google(google, client_for, rosa, staff, path):
    for browser in (client_for(rosa), client_for(rosa, staff)):
        assert browser.get(f"/accounts/{path}").status_code == 404
        assert browser.post(f"/accounts/{path}").status_code == 404


@pytest.mark.parametrize("path", PATHS)
def test_without_its_keys_there_is_no_google(client_for, staff, path):
    for browser in (client_for(None), client_for(None, staff)):
        assert browser.get(f"/accounts/{path}").status_code == 404


def test_nobody_chooses_another_address_after_google(google, platform_client):
    assert platform_client.get("/accounts/3rdparty/signup/").status_code == 404


def test_the_button_is_where_it_works(google, client_for, rosa, settings):
    offered = [client_for(host).get("/accounts/login/").text.count("Continue with Google") for host in (None, rosa)]
    settings.GOOGLE_CLIENT_SECRET = ""

    assert offered == [1, 0]
    assert "Google" not in client_for(None).get("/accounts/login/").text


def test_forms_may_lead_to_google_from_account_pages_only(google, client_for, rosa):
    def policy(host, path):
        return client_for(host).get(path)["Content-Security-Policy"]

    assert f"form-action 'self' {google.url}" in policy(None, "/accounts/login/")
    assert google.url not in policy(None, "/")
    assert google.url not in policy(rosa, "/accounts/login/")


# The page of connections ---------------------------------------------------------------------------


@pytest.fixture
def at_home(client_for, ada):
    browser = client_for(None)
    browser.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_connecting_and_disconnecting(google, at_home, ada):
    connected = sign_in(at_home, process="connect")
    row = SocialAccount.objects.get(user=ada)
    page = at_home.get("/accounts/3rdparty/").text
    at_home.post("/accounts/3rdparty/", {"account": row.pk})

    assert connected["Location"] == "/accounts/3rdparty/"
    assert "Ada@Person.example" in page
    assert SocialAccount.objects.count() == 0


def test_connecting_asks_for_the_password_first(google, client_for, ada):
    browser = client_for(None, confirmed(ada))

    answer = sign_in(browser, process="connect")

    assert answer["Location"] == "/accounts/reauthenticate/"
    assert SocialAccount.objects.count() == 0
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert SocialAccount.objects.get().user == ada


def test_connecting_what_is_connected_changes_nothing(google, client_for, ada):
    """Also with the password asked for in between."""
    SocialAccount.objects.create(user=confirmed(ada), provider="google", uid="1001")
    browser = client_for(None, ada)
    sign_in(browser, process="connect")

    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert "Google is connected." in browser.get("/accounts/3rdparty/").text
    assert SocialAccount.objects.get().user == ada


def test_a_google_account_is_connected_to_one_person(google, at_home, staff):
    SocialAccount.objects.create(user=staff, provider="google", uid="1001")

    sign_in(at_home, process="connect")

    assert "belongs to somebody else" in at_home.get("/accounts/3rdparty/").text
    assert SocialAccount.objects.get().user == staff


def test_the_last_way_in_stays(google, platform_client):
    sign_in(platform_client)
    row = SocialAccount.objects.get()

    answer = platform_client.post("/accounts/3rdparty/", {"account": row.pk})

    assert "your account has no password yet" in answer.text
    assert SocialAccount.objects.count() == 1


def test_nobody_disconnects_somebody_else(google, at_home, staff):
    row = SocialAccount.objects.create(user=staff, provider="google", uid="2002")

    at_home.post("/accounts/3rdparty/", {"account": row.pk})

    assert SocialAccount.objects.get() == row


def test_who_has_no_password_sets_one_before_deleting(google, platform_client):
    sign_in(platform_client)

    page = platform_client.get("/accounts/delete/").text
    refused = platform_client.post("/accounts/delete/", {"password": ""}).text
    platform_client.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    platform_client.post("/accounts/delete/", {"password": PASSWORD})

    assert 'href="/accounts/password/set/"' in page
    assert "has no password yet" in refused
    assert not User.objects.filter(email=EMAIL).exists()
    assert SocialAccount.objects.count() == 0


def test_the_connection_is_in_the_export(google, platform_client):
    sign_in(platform_client)

    [row] = exports.everything_about(User.objects.get(email=EMAIL))["records"]["socialaccount.socialaccount"]

    assert (row["provider"], row["uid"]) == ("google", "1001")
