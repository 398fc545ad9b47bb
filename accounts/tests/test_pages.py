"""Allauth's pages on both hosts: in our design, telling strangers nothing, and each host with its own sessions."""

import re

import pytest

from tenants import hosts
from tenants.models import User
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api

pytestmark = NO_STATIC
PASSWORD = "correct horse battery"
ENTRANCE = ("login/", "login/code/", "password/reset/", "password/reset/done/")
OWN = (
    "email/",
    "password/change/",
    "2fa/",
    "2fa/webauthn/",
    "sessions/",
    "logout/",
)


@pytest.fixture(params=["salon", "platform"])
def host(request, rosa):
    return rosa if request.param == "salon" else None


def sign_in(browser, email, password=PASSWORD, address="127.0.0.1"):
    return browser.post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


@pytest.mark.parametrize("path", ENTRANCE)
def test_pages_for_strangers_are_ours(client_for, host, path):
    answer = client_for(host).get(f"/accounts/{path}")

    assert answer.status_code == 200
    assert 'class="entrance"' in answer.text
    assert inline_scripts(answer.text) == []


@pytest.mark.parametrize("path", OWN)
def test_a_persons_own_pages_are_ours_and_never_kept(client_for, host, staff, path):
    answer = client_for(host, staff).get(f"/accounts/{path}")

    assert answer.status_code == 200
    assert 'aria-label="Your account"' in answer.text
    assert inline_scripts(answer.text) == []
    assert "no-store" in answer["Cache-Control"]


MENU = ("/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/logout/")


@pytest.mark.parametrize("path", ["/businesses/", "/accounts/data/", "/accounts/3rdparty/", *MENU])
def test_every_page_of_the_account_leads_to_every_other(client_for, staff, settings, path):
    settings.GOOGLE_CLIENT_ID = settings.GOOGLE_CLIENT_SECRET = "set"

    assert links_of(client_for(None, staff).get(path)) == {
        "/businesses/",
        "/accounts/data/",
        "/accounts/3rdparty/",
        *MENU,
    }


@pytest.mark.parametrize("path", MENU)
def test_from_a_salons_host_too(client_for, rosa, staff, path):
    home = hosts.platform_url()

    assert links_of(client_for(rosa, staff).get(path)) == {f"{home}/businesses/", f"{home}/accounts/data/", *MENU}


def links_of(page):
    menu = re.search(r'<nav class="account-nav".*?</nav>', page.text, re.S)[0]
    return set(re.findall(r'href="([^"]+)"', menu))


@pytest.mark.parametrize("path", OWN)
def test_a_persons_own_pages_are_closed_to_strangers(client_for, host, path):
    answer = client_for(host).get(f"/accounts/{path}")

    assert answer.status_code == 302


def inline_scripts(page):
    """Scripts a browser would run without fetching them."""
    tags = re.findall(r"<script\b[^>]*>", page)
    return [tag for tag in tags if "src=" not in tag and 'type="application/json"' not in tag]


@pytest.mark.parametrize("path", ["login/code/", "password/reset/"])
def test_known_and_unknown_addresses_get_one_answer(client_for, host, staff, account_mails, path):
    answers = []
    for email in (staff.email, "nobody@x.example"):
        browser = client_for(host)
        first = browser.post(f"/accounts/{path}", {"email": email})
        page = browser.get(first["Location"])
        text = re.sub(r'value="[^"]{20,}"', "", page.text.replace(email, "…"))
        answers.append((first.status_code, first["Location"], page.status_code, text))

    assert answers[0] == answers[1]
    assert [mail.to[0] for mail in account_mails()] == [staff.email, "nobody@x.example"]


def test_an_unknown_address_costs_a_hash_too(salon_client, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "django.contrib.auth.hashers.MD5PasswordHasher.encode", lambda *how: hashed.append(how) or "md5$x$y"
    )

    sign_in(salon_client, "nobody@x.example")

    assert len(hashed) == 1


def test_guesses_in_pages_and_programs_are_counted_together_on_all_hosts(client_for, rosa, nora, staff):
    for business in (rosa, nora, None):
        sign_in(client_for(business), staff.email, "guess", ELSEWHERE)
    for business in (rosa, nora):
        Api(business, address=ELSEWHERE).post("/auth/login", {"email": staff.email, "password": "guess"})

    browser = client_for(rosa)
    blocked = sign_in(browser, staff.email, address=ELSEWHERE)

    assert "Too many failed login attempts" in blocked.text
    assert sign_in(browser, staff.email, address="198.51.100.4").status_code == 302


def test_signing_in_often_is_no_guessing(client_for, rosa, staff):
    answers = [sign_in(client_for(rosa), staff.email, address=ELSEWHERE).status_code for _ in range(7)]

    assert answers == [302] * 7


def test_a_session_of_one_salon_is_unknown_on_the_next(client_for, rosa, nora, staff):
    here, there = client_for(rosa, staff), client_for(nora)

    there.cookies = here.cookies

    assert here.get("/accounts/email/").status_code == 200
    assert there.get("/accounts/email/").status_code == 302


@pytest.mark.parametrize(
    "path", ["login/", "logout/", "password/change/", "password/reset/", "email/", "2fa/totp/activate/"]
)
def test_nothing_is_sent_from_somebody_elses_page(client_for, rosa, staff, path):
    browser = client_for(rosa, staff)
    browser.handler.enforce_csrf_checks = True

    assert browser.post(f"/accounts/{path}", {}).status_code == 403


def test_changing_who_signs_in_asks_for_the_password_first(salon_client, staff):
    salon_client.force_login(staff)

    asked = salon_client.get("/accounts/2fa/totp/activate/")
    wrong = salon_client.post(asked["Location"], {"password": "guess"})
    right = salon_client.post(asked["Location"], {"password": PASSWORD})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert (wrong.status_code, right.status_code) == (200, 302)


def test_next_never_leads_to_somebody_else(platform_client, staff):
    answer = platform_client.post(
        "/accounts/login/", {"login": staff.email, "password": PASSWORD, "next": "https://evil.example/"}
    )

    assert answer["Location"] == "/"


def test_an_account_is_opened_on_the_platform(platform_client, account_mails):
    answer = platform_client.post("/accounts/signup/", {"email": "New@Person.example", "password1": PASSWORD})

    assert answer.status_code == 302
    assert User.objects.get(email="new@person.example").memberships.count() == 0
    assert [mail.subject for mail in account_mails()] == ["Please confirm your e-mail address"]
