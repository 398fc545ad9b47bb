"""The owner on the way to Stripe and back."""

import pytest
import requests
from django.contrib.messages import get_messages

from tenants.models import Membership, Role, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def browser(client_for, owner):
    return client_for(None, owner)


def path(business, step=""):
    return f"/billing/{business.pk}/{step}"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_owner_goes_to_stripe_and_comes_back_connected(rosa, browser, local_stripe):
    assert "Connect with Stripe" in browser.get(path(rosa)).content.decode()

    away = browser.post(path(rosa, "connect/"))
    back = requests.post(away.url, timeout=20, allow_redirects=False).headers["Location"]
    assert back.endswith(path(rosa, "connect/return/"))
    response = browser.get(path(rosa, "connect/return/"), follow=True)

    assert "Stripe is connected: your booking page can ask for cards." in response.content.decode()
    billing = TenantBilling.objects.get(business=rosa)
    assert (billing.connect_status, billing.charges_enabled) == ("active", True)


def test_coming_back_too_early_is_said_and_the_way_goes_on(rosa, browser, local_stripe):
    browser.post(path(rosa, "connect/"))

    page = browser.get(path(rosa, "connect/return/"), follow=True).content.decode()

    assert "Stripe still needs something from you" in page
    assert "Continue at Stripe" in page


def test_an_address_that_ran_out_is_replaced(rosa, browser, local_stripe):
    first = browser.post(path(rosa, "connect/")).url

    again = browser.get(path(rosa, "connect/refresh/"))

    assert (again.status_code, again.url != first) == (302, True)
    assert local_stripe.calls("/v1/accounts") == 1


def test_without_stripe_the_owner_stays_here(rosa, browser, no_answer):
    response = browser.post(path(rosa, "connect/"))

    assert response.url == path(rosa)
    assert said(response) == ["We could not reach Stripe. Nothing was changed; please try again in a moment."]


def test_the_page_may_send_its_form_to_stripe_and_nowhere_else(rosa, browser, local_stripe, settings):
    settings.STRIPE_JS_URL = "https://js.stripe.com/v3/"
    policy = browser.get(path(rosa))["Content-Security-Policy"]

    [rule] = [rule for rule in policy.split("; ") if rule.startswith("form-action")]
    assert (
        rule == "form-action 'self' https://connect.stripe.com https://checkout.stripe.com https://billing.stripe.com"
    )


@pytest.mark.parametrize("step", ["", "connect/return/", "connect/refresh/"])
def test_only_the_owner_sees_the_pages(rosa, nora, member, client_for, step):
    outsider = member("owner", nora)

    answers = {role: client_for(None, member(role)).get(path(rosa, step)).status_code for role in ("admin", "viewer")}

    assert answers == {"admin": 403, "viewer": 403}
    assert client_for(None, outsider).get(path(rosa, step)).status_code == 404
    stranger = client_for(None).get(path(rosa, step))
    assert (stranger.status_code, stranger.url.split("?")[0]) == (302, "/accounts/login/")


def test_only_the_owner_starts(rosa, nora, member, client_for, local_stripe):
    for person, status in ((member("admin"), 403), (member("owner", nora), 404)):
        assert client_for(None, person).post(path(rosa, "connect/")).status_code == status

    assert local_stripe.calls("/v1/accounts") == 0


def test_an_owner_of_two_salons_chooses(rosa, nora, owner, browser):
    Membership.objects.create(user=owner, business=nora, role=Role.OWNER)

    page = browser.get("/billing/").content.decode()

    assert [path(salon) in page for salon in (rosa, nora)] == [True, True]


def test_an_owner_of_one_salon_is_there_at_once(rosa, browser):
    assert "Rosa Studio" in browser.get("/billing/").content.decode()


def test_who_owns_no_salon_has_nothing_to_pay(rosa, member, client_for):
    page = client_for(None, member("admin")).get("/billing/").content.decode()

    assert "you own no salon" in page
