"""The checkout page as a browser without scripts gets it."""

import re
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import links
from bookings.models import Booking, Status
from bookings.tests.factories import at, make_member, make_service
from messaging.models import Message
from payments import gateway
from payments.models import CardSetup, Payment
from payments.origins import checkout_policy
from tenants.models import Business, FeeType, TenantBilling

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:No directory at")]

TYPED = {
    "first_name": "Anna",
    "last_name": "Berg",
    "phone": "(212) 555-0187",
    "email": "anna@example.com",
    "policies": "on",
}


@pytest.fixture
def cut(salon):
    service = make_service()
    make_member(performs=[service])
    return service


@pytest.fixture
def press(salon, salon_client, cut):
    """`press()`: hold a time a week ahead in the browser; the booking and the checkout's address."""

    def hold():
        start = f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"
        response = salon_client.post(reverse("bookings:times", args=[cut.pk]), {"start": start})
        return Booking.objects.get(status=Status.HOLD), response.url

    return hold


@pytest.fixture
def stripe_connected(salon, monkeypatch):
    """The salon asks for cards; Stripe answers from here."""
    TenantBilling.objects.filter(business=salon).update(stripe_account_id="acct_1", charges_enabled=True)
    intent = gateway.SetupIntent(id="seti_1", status="requires_payment_method", client_secret="s", customer_id="cus_1")
    monkeypatch.setattr(gateway, "create_customer", lambda **_: "cus_1")
    monkeypatch.setattr(gateway, "create_setup_intent", lambda **_: intent)
    monkeypatch.setattr(gateway, "retrieve_setup_intent", lambda **_: intent)
    monkeypatch.setattr(
        gateway, "create_setup_page", lambda **_: gateway.HostedPage("cs_1", "https://checkout.stripe.com/c/1")
    )


def booking_page(booking):
    return reverse("bookings:manage", args=[links.manage_token(booking)])


def test_a_visit_for_somebody_else_says_for_whom_and_writes_to_who_booked(salon_client, press):
    booking, url = press()

    salon_client.post(url, TYPED | {"for_name": " Tom  Berg "})

    booking.refresh_from_db()
    assert (booking.contact_name, booking.for_name) == ("Anna Berg", "Tom Berg")
    assert (booking.customer.display_name, booking.contact_email) == ("Anna Berg", "anna@example.com")
    message = Message.objects.get(kind="booking_confirmed")
    assert (message.recipient, "Tom Berg" in message.text, "Tom Berg" in message.html) == (
        "anna@example.com",
        True,
        True,
    )
    done = salon_client.get(booking_page(booking))
    assert "Tom Berg" in done.text


def test_a_booking_without_a_card_is_one_press(salon_client, press):
    booking, url = press()
    response = salon_client.post(url, TYPED | {"marketing": "on", "note": "shy dog"})

    assert response.url.startswith("/book/done/")
    booking.refresh_from_db()
    assert (booking.status, booking.contact_name, booking.contact_phone) == ("confirmed", "Anna Berg", "+12125550187")
    assert (booking.marketing_opt_in, booking.special_requests) == (True, "shy dog")
    assert Payment.objects.values_list("status", "captured_cents", "explicit_consent_flag").get() == (
        "requires_action",
        0,
        True,
    )


def test_the_agreement_is_kept_with_words_instant_and_address(salon, salon_client, press):
    Business.objects.filter(pk=salon.pk).update(
        cancellation_fee_type=FeeType.FIXED, cancellation_fee_cents=2000, cancellation_text="A day ahead, please."
    )
    booking, url = press()
    shown = salon_client.get(url).content.decode()
    salon_client.post(url, TYPED)
    booking.refresh_from_db()

    free_until = datetime.fromisoformat(booking.consent["free_until"])
    local = free_until.astimezone(salon.zone)
    assert f"Cancelling is free until {local:%a} {local.day} {local:%b}, 10:00; after that it costs $20.00." in shown
    assert shown.index("A day ahead, please.") < shown.index('id="confirm"')
    assert free_until == booking.start_at - timedelta(hours=24)
    assert (booking.consent["cancellation_fee_cents"], booking.consent["cancellation_text"]) == (
        2000,
        "A day ahead, please.",
    )
    assert (booking.consent["address"], len(booking.consent["digest"])) == ("127.0.0.1", 64)
    assert timezone.now() - datetime.fromisoformat(booking.consent["agreed_at"]) < timedelta(minutes=1)
    assert booking.marketing_opt_in is False


def test_without_agreement_nothing_is_written(salon_client, press):
    booking, url = press()
    response = salon_client.post(url, TYPED | {"policies": ""})

    html = response.content.decode()
    assert response.status_code == 200
    assert 'href="#id_policies"' in html
    assert 'value="Anna"' in html
    booking.refresh_from_db()
    assert (booking.status, booking.contact_name, booking.consent) == ("hold", "", {})


def test_pressing_again_leads_to_the_same_booking(salon_client, press):
    _, url = press()
    first = salon_client.post(url, TYPED)
    second = salon_client.post(url, TYPED)

    assert first.url == second.url == salon_client.get(url).url
    assert Booking.objects.filter(status="confirmed").count() == Payment.objects.count() == 1


@pytest.mark.parametrize("name", ["checkout", "extend", "release", "return"])
def test_another_browser_sees_nothing_of_it(client_for, salon, press, name):
    booking, _ = press()
    url = reverse(f"payments:{name}", args=[booking.pk])
    stranger = client_for(salon)

    assert stranger.post(url, TYPED).status_code in (404, 405)
    assert stranger.get(url).status_code in (404, 405)
    booking.refresh_from_db()
    assert booking.status == "hold"


@pytest.mark.parametrize("name", ["extend", "release"])
def test_a_get_neither_extends_nor_releases(salon_client, press, name):
    booking, _ = press()

    assert salon_client.get(reverse(f"payments:{name}", args=[booking.pk])).status_code == 405
    assert Booking.objects.values_list("status", "hold_expires_at").get() == ("hold", booking.hold_expires_at)


def test_extending_adds_five_minutes_and_keeps_what_was_typed(salon_client, press):
    booking, url = press()
    response = salon_client.post(f"{url}extend/", {"first_name": "Anna"}, follow=True)

    assert 'value="Anna"' in response.content.decode()
    before = booking.hold_expires_at
    booking.refresh_from_db()
    assert booking.hold_expires_at == before + timedelta(minutes=5)


def test_giving_up_frees_the_time_and_keeps_what_was_typed(salon_client, press):
    booking, url = press()
    response = salon_client.post(f"{url}release/", {"first_name": "Anna"})

    assert response.url.endswith(f"?date={booking.local_date}")
    booking.refresh_from_db()
    assert booking.status == "expired"
    _, again = press()
    assert 'value="Anna"' in salon_client.get(again).content.decode()


def test_a_hold_that_ran_out_leads_back_to_times(salon_client, press):
    booking, url = press()
    Booking.objects.update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    response = salon_client.post(url, TYPED, follow=True)

    assert response.redirect_chain[0][0].endswith(f"?date={booking.local_date}")
    assert "The time we kept for you has run out." in response.content.decode()
    booking.refresh_from_db()
    assert booking.status == "hold"


@pytest.mark.usefixtures("stripe_connected")
def test_with_a_card_the_page_says_what_is_charged_when(salon_client, press):
    _, url = press()
    html = salon_client.get(url).content.decode()

    assert "Nothing is charged now. $50.00 is charged after your visit." in html
    assert 'data-account="acct_1"' in html


@pytest.mark.usefixtures("stripe_connected")
def test_a_script_gets_the_secret_and_nothing_is_confirmed(salon_client, press):
    booking, url = press()
    response = salon_client.post(url, TYPED, headers={"Accept": "application/json, text/html;q=0.5"})

    assert response.json() == {
        "client_secret": "s",
        "billing_details": {"name": "Anna Berg", "email": "anna@example.com"},
    }
    booking.refresh_from_db()
    assert booking.status == "pending"


@pytest.mark.usefixtures("stripe_connected")
def test_without_scripts_the_hosted_page_is_next(salon_client, press):
    _, url = press()
    response = salon_client.post(url, TYPED)

    assert (response.status_code, response.url) == (302, "https://checkout.stripe.com/c/1")
    assert CardSetup.objects.get().checkout_session_id == "cs_1"


@pytest.mark.usefixtures("stripe_connected")
@pytest.mark.parametrize("claimed", ["seti_1", "seti_other", "pm_card_visa"])
def test_a_claimed_card_is_not_believed(salon_client, press, claimed):
    booking, url = press()
    salon_client.post(url, TYPED)
    response = salon_client.post(url, TYPED | {"setup_intent_id": claimed})

    assert "Your card was not saved." in response.content.decode()
    booking.refresh_from_db()
    assert booking.status == "pending"


@pytest.mark.usefixtures("stripe_connected")
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_stripe_being_away_is_said_and_loses_nothing(salon_client, press, monkeypatch, accept):
    def away(**_):
        raise gateway.GatewayUnavailable("no answer")

    monkeypatch.setattr(gateway, "create_customer", away)
    booking, url = press()
    response = salon_client.post(url, TYPED, headers={"Accept": accept})

    assert "We could not reach the payment service." in response.content.decode()
    booking.refresh_from_db()
    assert booking.status == "pending"


def test_one_address_books_only_so_often(salon_client, press, settings):
    settings.LIMIT_LOOPBACK = True
    for _ in range(settings.BOOKINGS_PER_ADDRESS_PER_HOUR):
        booking, url = press()
        salon_client.post(url, TYPED)
        Booking.objects.filter(pk=booking.pk).update(status="canceled")
        booking.items.first().occupancy.all().delete()
    booking, url = press()
    response = salon_client.post(url, TYPED)

    assert "Too many attempts." in response.content.decode()
    booking.refresh_from_db()
    assert booking.status == "hold"


@pytest.mark.parametrize(
    ("script", "api", "policy"),
    [
        (
            "https://js.stripe.com/v3/",
            "https://api.stripe.com",
            {
                "script-src": ["https://js.stripe.com"],
                "frame-src": ["https://js.stripe.com", "https://hooks.stripe.com"],
                "connect-src": ["https://api.stripe.com"],
                "form-action": ["https://checkout.stripe.com"],
            },
        ),
        (
            "http://127.0.0.1:12111/v3/",
            "http://127.0.0.1:12111",
            {key: ["http://127.0.0.1:12111"] for key in ("script-src", "frame-src", "connect-src", "form-action")},
        ),
    ],
    ids=("Stripe", "the local Stripe"),
)
def test_the_policy_opens_for_stripe_alone(settings, script, api, policy):
    settings.STRIPE_JS_URL, settings.STRIPE_API_BASE = script, api

    assert checkout_policy() == policy


def test_the_times_page_keeps_the_strict_policy(salon_client, cut):
    header = salon_client.get(reverse("bookings:times", args=[cut.pk]))["Content-Security-Policy"]

    assert re.findall(r"script-src [^;]+", header) == ["script-src 'self'"]
    assert "frame-src" not in header
