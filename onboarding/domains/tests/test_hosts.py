"""What a foreign host is, and is not, to the rest of the product."""

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse

from bookings.models import Booking
from bookings.tests.factories import at
from config.testing_client import HostClient
from payments.tests.conftest import account, ann, cut, local_stripe, stripe_server
from payments.tests.local_stripe import pay_on_stripes_page
from tenants import hosts
from tenants.models import Domain
from tenants.tests.api import NO_STATIC

__all__ = ["account", "ann", "cut", "local_stripe", "stripe_server"]

pytestmark = NO_STATIC
TYPED = {
    "first_name": "Anna",
    "last_name": "Berg",
    "phone": "(212) 555-0187",
    "email": "anna@example.com",
    "policies": "on",
}
NAME = "rosa-studio.example"


@pytest.fixture
def browser(rosa):
    Domain.objects.create(domain=NAME, tenant=rosa, is_primary=False)
    return Client(HTTP_HOST=NAME, enforce_csrf_checks=True)


@pytest.fixture
def secure(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True


def test_the_booking_site_is_served_there_not_sent_elsewhere(browser):
    assert browser.get("/").status_code == 200


def test_forms_work_there_with_their_token_and_only_from_there(browser):
    page = browser.get("/gift-cards/balance/").text
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    press = {"csrfmiddlewaretoken": token, "code": "AAAA-BBBB-CCCC"}

    assert browser.post("/gift-cards/balance/", press, HTTP_ORIGIN=f"http://{NAME}").status_code == 422  # no such card
    assert browser.post("/gift-cards/balance/", press, HTTP_ORIGIN="http://evil.example").status_code == 403
    assert browser.post("/gift-cards/balance/", {"code": "x"}).status_code == 403


def test_cookies_belong_to_that_host_alone(browser):
    browser.get("/gift-cards/balance/")

    assert {cookie["domain"] for cookie in browser.cookies.values()} == {""}


@pytest.mark.parametrize("path", ["/admin/", "/admin/bookings/booking/?q=1", "/accounts/login/", "/auth/me"])
def test_the_team_signs_in_at_the_salons_address_with_us(browser, rosa, path):
    answer = browser.get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"{rosa.url}{path}")


def test_a_password_sent_to_the_foreign_host_signs_nobody_in(browser, owner):
    owner.set_password("correct horse battery")
    owner.save()

    browser.post("/accounts/login/", {"login": owner.email, "password": "correct horse battery"})

    assert "sessionid" not in browser.cookies
    assert browser.post("/auth/login", {"email": owner.email, "password": "correct horse battery"}).status_code == 302


def test_a_card_is_left_and_the_visit_booked_without_leaving_the_name(browser, salon, account, cut, ann):
    """Stripe sends the guest back to where their hold is known."""
    guest = HostClient(HTTP_HOST=NAME)
    guest.schema_name = salon.schema_name
    times = reverse("bookings:times", args=[cut.pk], urlconf="config.urls_salon")
    checkout = guest.post(times, {"start": f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"}).url

    page = guest.post(checkout, TYPED).url
    pay_on_stripes_page(page)
    session = account.stripe.checkout.sessions.retrieve(page.rpartition("/")[2])
    back = session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id)

    assert (back.startswith(f"http://{NAME}/"), session.cancel_url) == (True, f"http://{NAME}{checkout}")
    assert guest.get(back.removeprefix(f"http://{NAME}")).url.startswith("/book/done/")
    assert Booking.objects.get().status == "confirmed"


def test_https_is_asked_for_the_name_alone_and_not_for_long(browser, rosa, secure):
    own = browser.get("/", secure=True)
    ours = Client(HTTP_HOST=rosa.host).get("/", secure=True)

    assert own["Strict-Transport-Security"] == "max-age=604800"
    assert ours["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "Strict-Transport-Security" not in browser.get("/")


def test_search_engines_are_told_one_address(browser, rosa, client_for):
    own = f'<link rel="canonical" href="http://{NAME}/">'

    assert own in browser.get("/").text
    assert own in client_for(rosa).get("/").text


def test_without_a_domain_of_its_own_it_is_the_salons_address(nora, client_for):
    assert f'<link rel="canonical" href="{nora.url}/">' in client_for(nora).get("/").text


def test_it_is_forgotten_with_the_salons_address(browser, rosa, settings):
    settings.HOST_CACHE_SECONDS = 60
    assert hosts.business_for(NAME).pk == rosa.pk

    hosts.forget(rosa.host)

    assert NAME not in hosts._entries


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (NAME, 200),
        (NAME.upper() + ".", 200),
        ("{rosa}", 200),
        ("{platform}", 200),
        ("nobody.{platform}", 404),
        ("evil.example", 404),
        ("", 404),
    ],
)
@pytest.mark.parametrize(("host", "key"), [("{platform}", "name"), ("127.0.0.1", "domain")])
def test_the_proxy_is_told_which_names_want_a_certificate(browser, rosa, name, status, host, key):
    words = {"platform": project.PLATFORM_DOMAIN, "rosa": rosa.host}

    answer = Client(HTTP_HOST=host.format(**words)).get("/health/domain", {key: name.format(**words)})

    assert (answer.status_code, answer.content) == (status, b"")


def test_the_question_is_not_answered_on_a_salons_host(browser, rosa, client_for):
    assert client_for(rosa).get("/health/domain", {"name": NAME}).status_code == 404
