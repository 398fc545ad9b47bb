"""A person's page about credits."""

import pytest

from payments.credits.models import CreditPurchase, Profile
from payments.credits.tests.conftest import pay
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def browser(client_for, person):
    return client_for(None, person)


def test_one_press_opens_the_credits(browser):
    assert "Start with 1,000 credits" in browser.get("/credits/").content.decode()

    page = browser.post("/credits/start/", follow=True).content.decode()

    assert "<h1>1,000 credits</h1>" in page
    assert Profile.objects.get().full_name == "Paula Ames"


def test_a_pack_is_bought_and_seen_at_once(browser, profile, local_stripe):
    away = browser.post("/credits/buy/", {"pack": "small"})
    back = pay(away.url)

    page = browser.get(back, follow=True).content.decode()

    assert "Thank you: 500 credits were added." in page
    assert "<h1>1,500 credits</h1>" in page


def test_coming_back_without_having_paid_adds_nothing(browser, profile, local_stripe):
    browser.post("/credits/buy/", {"pack": "small"})

    page = browser.get(f"/credits/{CreditPurchase.objects.get().pk}/", follow=True).content.decode()

    assert "The payment has not arrived yet." in page
    assert "<h1>1,000 credits</h1>" in page


def test_a_pack_that_is_not_sold_is_refused(browser, profile):
    assert "There is no such pack" in browser.post("/credits/buy/", {"pack": "x"}, follow=True).content.decode()


def test_a_purchase_of_somebody_else_does_not_exist(browser, profile, local_stripe, client_for, owner):
    browser.post("/credits/buy/", {"pack": "small"})

    assert client_for(None, owner).get(f"/credits/{CreditPurchase.objects.get().pk}/").status_code == 404


def test_strangers_sign_in_first(platform_client):
    assert platform_client.get("/credits/").url == "/accounts/login/?next=/credits/"
