"""Signing in with a browser: staff are led to work, strangers are told nothing."""

import pytest

from tenants.models import User

PASSWORD = "correct horse battery"


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_staff_of_the_salon_are_led_to_work(salon_client, member):
    user = member("staff")

    answer = sign_in(salon_client, user.email)

    assert (answer.status_code, answer["Location"]) == (302, "/dashboard/")


def test_somebody_elses_staff_are_led_home_and_see_nothing(other_client, member):
    user = member("staff")

    answer = sign_in(other_client, user.email)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert other_client.get("/admin/").status_code == 404


def test_a_salons_page_offers_no_account(salon_client):
    page = salon_client.get("/accounts/login/").content.decode()

    assert "Rosa Studio" in page
    assert "/accounts/signup/" not in page


def test_the_platform_offers_one(platform_client):
    assert "/accounts/signup/" in platform_client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("email", ["staff@rosa.example", "nobody@rosa.example"], ids=["known", "unknown"])
def test_a_wrong_password_says_the_same_for_known_and_unknown(salon_client, member, email):
    member("staff")

    page = sign_in(salon_client, email, "wrong wrong wrong").content.decode()

    assert "The email address and/or password you specified are not correct." in page


def test_signing_up_on_a_salons_host_is_closed(salon_client):
    salon_client.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})

    assert not User.objects.filter(email="new@example.com").exists()
