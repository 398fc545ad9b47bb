"""Somebody opened an account with another person's address and waits for its owner: they wait in vain."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount

from tenants.models import User
from tenants.tests.api import NO_STATIC, PASSWORD, Api

pytestmark = NO_STATIC
EMAIL = "ada@owner.example"
CHOSEN = "another long phrase"


@pytest.fixture
def planted(db):
    """Opened by a stranger, in Ada's name, with two ways in of the stranger's own."""
    user = User.objects.create_user(EMAIL, PASSWORD)
    EmailAddress.objects.create(user=user, email=EMAIL, primary=True, verified=False)
    EmailAddress.objects.create(user=user, email="stranger@x.example", verified=True)
    SocialAccount.objects.create(user=user, provider="google", uid="strangers")
    return user


def with_code(browser, account_mails, email=EMAIL):
    """Sign in with the code of a mail."""
    page = browser.post("/accounts/login/code/", {"email": email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{2,})\s*$", account_mails()[-1].body, re.M)[1]
    return browser.post(page["Location"], {"code": code})


def who(browser):
    return browser.session.get("_auth_user_id")


def test_the_first_who_proves_the_address_is_alone_in_the_account(planted, client_for, account_mails):
    stranger, owner, program = client_for(None), client_for(None), Api(None)
    stranger.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    assert stranger.get("/accounts/email/").status_code == 200
    signed_in = program.post("/auth/login", {"email": EMAIL, "password": PASSWORD}).json()

    assert with_code(owner, account_mails).status_code == 302

    page = owner.get("/businesses/", follow=True)
    assert (page.status_code, who(owner)) == (200, str(planted.pk))
    assert "the password that was set is void" in page.text
    assert stranger.get("/accounts/email/").status_code == 302
    assert program.post("/auth/refresh", {"refresh": signed_in["refresh"]}).status_code == 401
    assert client_for(None).login(username=EMAIL, password=PASSWORD) is False
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(EMAIL, True)]
    assert SocialAccount.objects.count() == 0


def link_in(mail):
    return re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.body)[1]


def choose_password(browser, account_mails):
    """By the link of a mail, on the page."""
    browser.post("/accounts/password/reset/", {"email": EMAIL})
    page = browser.get(link_in(account_mails()[-1]), follow=True)
    return browser.post(page.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN})


def by_program(account_mails):
    Api(None).post("/auth/forgot-password", {"email": EMAIL})
    key = link_in(account_mails()[-1]).rstrip("/").rpartition("/")[2]
    return Api(None).post("/auth/reset-password", {"key": key, "password": CHOSEN})


@pytest.mark.parametrize("by_page", [True, False], ids=["page", "program"])
def test_a_password_chosen_by_link_is_the_only_way_in(planted, client_for, account_mails, by_page):
    answer = choose_password(client_for(None), account_mails) if by_page else by_program(account_mails)

    assert answer.status_code < 400, answer.content
    planted.refresh_from_db()
    assert planted.check_password(CHOSEN)
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(EMAIL, False)]
    assert SocialAccount.objects.count() == 0


def test_a_confirmed_accounts_other_ways_stay_when_its_password_is_reset(planted, client_for, account_mails):
    EmailAddress.objects.filter(email=EMAIL).update(verified=True)

    choose_password(client_for(None), account_mails)

    assert (EmailAddress.objects.count(), SocialAccount.objects.count()) == (2, 1)


def test_who_had_confirmed_the_address_keeps_everything(planted, client_for, account_mails):
    EmailAddress.objects.filter(email=EMAIL).update(verified=True)
    other = client_for(None)
    other.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})

    with_code(client_for(None), account_mails)

    assert other.get("/accounts/email/").status_code == 200
    planted.refresh_from_db()
    assert planted.check_password(PASSWORD)
    assert (EmailAddress.objects.count(), SocialAccount.objects.count()) == (2, 1)


def test_an_address_beside_the_accounts_own_ends_nothing(planted, client_for, account_mails):
    """Written down with a slip of the pen, say, it is a stranger's."""
    EmailAddress.objects.filter(email=EMAIL).update(verified=True)
    EmailAddress.objects.filter(email="stranger@x.example").update(verified=False)

    with_code(client_for(None), account_mails, "stranger@x.example")

    planted.refresh_from_db()
    assert planted.check_password(PASSWORD)
    assert SocialAccount.objects.count() == 1
