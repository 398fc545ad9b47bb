"""What is on the page is what is stored: checkout, confirmation, manage link and API, with a deposit that only some pay."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import links, terms
from bookings.models import Booking, Status
from bookings.tests.factories import at, make_booking, make_past_visit
from bookings.tests.test_services_terms import OTHER_NUMBER
from payments import services
from payments.models import Payment
from payments.tests.test_pages import TYPED
from tenants.models import Business
from tenants.tests.api import NO_STATIC, Api

pytestmark = NO_STATIC
CONDITION = (
    "If this is your first visit here (we go by e-mail address and mobile number), $20.00 of the price is a deposit: secured "
    "by your card, not charged today."
)
JSON = {"Accept": "application/json, text/html;q=0.5"}


@pytest.fixture
def asks_new(salon, account, cut, ann):
    """Rosa takes cards, and asks new customers for 20.00; half the price is the fee for not coming."""
    return policy(
        salon,
        deposit_type="fixed",
        deposit_cents=2000,
        deposit_for="new",
        no_show_fee_type="percent",
        no_show_fee_percent=50,
    )


def policy(salon, **changes):
    Business.objects.filter(pk=salon.pk).update(**changes)
    for name, value in changes.items():
        setattr(salon, name, value)
    return salon


def press(client, salon, service, clock="10:00"):
    """Hold a time in the browser: the booking and the checkout's address."""
    start = f"{at(salon, clock):%Y-%m-%dT%H:%M:%SZ}"
    url = client.post(reverse("bookings:times", args=[service.pk]), {"start": start}).url
    return Booking.objects.get(pk=url.split("/")[-2]), url


def version(html):
    return re.search(r'name="terms" value="(\w+)"', html)[1]


def plain(html):
    """The page without what belongs to one booking alone: marks against forged requests, ids, the clock."""
    return re.sub(r'value="[^"]*"|[0-9a-f-]{36}|data-hold="\d+"', "", html)


def completed(salon, service):
    """Anna has been here."""
    booking = make_past_visit(make_booking(salon, service, at(salon, days=8)))
    Booking.objects.filter(pk=booking.pk).update(status=Status.COMPLETED)
    booking.items.first().occupancy.all().delete()


# The page --------------------------------------------------------------------------------------


def test_the_terms_stand_above_the_button_and_say_what_may_apply(asks_new, cut, salon_client):
    _, url = press(salon_client, asks_new, cut)
    html = salon_client.get(url).content.decode()

    for sentence in (
        "Your card is saved, not charged. $50.00 is charged when your visit is done.",
        "You can cancel free of charge at any time before your visit.",
        "If you do not come, $25.00 is charged.",
        CONDITION,
    ):
        assert html.index(sentence) < html.index('id="confirm"')
    assert "<dt>Deposit</dt><dd>$20.00 on a first visit, not charged today</dd>" in html
    assert 'name="policies"' in html
    assert not re.search(r'name="policies"[^>]*checked', html)


def test_what_was_on_the_page_is_what_is_stored(asks_new, cut, salon_client):
    booking, url = press(salon_client, asks_new, cut)
    html = salon_client.get(url).content.decode()
    salon_client.post(url, TYPED | {"terms": version(html)}, headers=JSON)

    booking.refresh_from_db()
    consent = booking.consent
    assert (consent["deposit_cents"], consent["deposit_for_why"]) == (2000, "new")
    assert [sentence in html for sentence in consent["shown"]] == [True] * 4
    assert terms.cancellation_fee(consent=consent, now=booking.start_at) == 2000
    assert terms.no_show_fee(consent=consent) == 2500
    assert Payment.objects.values_list("amount_cents", "captured_cents").get() == (5000, 0)


def test_terms_that_changed_meanwhile_are_shown_again_with_the_box_unticked(asks_new, cut, salon_client):
    booking, url = press(salon_client, asks_new, cut)
    seen = version(salon_client.get(url).content.decode())
    policy(asks_new, deposit_cents=3000)

    for headers in ({}, JSON):
        answer = salon_client.post(url, TYPED | {"terms": seen}, headers=headers)
        html = answer.content.decode()

        assert answer.status_code == 409
        assert "The salon has changed its terms in the meantime." in html
        assert "$30.00 of the price is a deposit" in html
        assert not re.search(r'name="policies"[^>]*checked', html)
        assert 'value="Anna"' in html
        booking.refresh_from_db()
        assert (booking.status, booking.consent) == ("hold", {})
    salon_client.post(url, TYPED | {"terms": version(html)}, headers=JSON)
    booking.refresh_from_db()
    assert booking.consent["deposit_cents"] == 3000


def test_confirmation_and_manage_page_show_what_was_agreed(asks_new, account, cut, salon_client):
    booking, url = press(salon_client, asks_new, cut)
    salon_client.post(url, TYPED, headers=JSON)
    setup = services.prepare_card(business=asks_new, booking=booking)[1]
    account.save_card(setup.id, "pm_card_visa")
    done = salon_client.post(url, TYPED | {"setup_intent_id": setup.id}).url
    manage = reverse("bookings:manage", args=[links.manage_token(booking)])

    for path in (done, manage):
        html = salon_client.get(path).content.decode()
        assert "What you agreed to" in html
        assert "$20.00 of the price is a deposit" in html
        assert "<dt>Deposit</dt><dd>$20.00, not charged at booking</dd>" in html
        assert CONDITION not in html


def test_the_fee_is_shown_before_the_last_press_of_cancel_and_is_the_one_noted(asks_new, cut, salon_client):
    booking = make_booking(asks_new, cut, at(asks_new, days=1))
    Booking.objects.filter(pk=booking.pk).update(
        consent=booking.consent | {"free_until": (timezone.now() - timedelta(hours=1)).isoformat()}
    )
    token = links.manage_token(booking)
    page = salon_client.get(reverse("bookings:cancel", args=[token])).content.decode()

    assert "By the terms you agreed to, cancelling now costs $20.00." in page
    assert "The salon charges it to the card you have saved." in page
    assert "Nothing is charged now" not in page
    assert "Cancel for $20.00" in page
    salon_client.post(reverse("bookings:cancel", args=[token]), {"fee": "2000"})
    booking.refresh_from_db()
    assert (booking.status, booking.cancellation_fee_cents) == ("canceled", 2000)


def test_a_service_says_its_deposit_in_the_menu_and_beside_the_times(asks_new, cut, salon_client):
    menu = salon_client.get("/").content.decode()
    times = salon_client.get(reverse("bookings:times", args=[cut.pk])).content.decode()

    assert "60 min · deposit $20.00 on a first visit" in menu
    assert "Deposit: $20.00 on a first visit, secured by your card, not charged today." in times


# Nobody's business -----------------------------------------------------------------------------


def test_the_page_is_the_same_for_a_customer_and_for_a_stranger(asks_new, cut, client_for):
    """Before anything is sent, after what is sent is refused, and after it is taken while the card is typed."""
    completed(asks_new, cut)
    seen = {}
    for number, email in enumerate(("anna@example.com", "nobody@example.com")):
        client = client_for(asks_new)
        _, url = press(client, asks_new, cut, f"1{number}:00")
        typed = TYPED | {"email": email, "phone": OTHER_NUMBER.phone}
        pages = [
            client.get(url),
            client.post(url, typed | {"policies": ""}),
            client.post(url, typed, headers=JSON),
            client.get(url),
        ]
        assert set(pages[2].json()) == {"client_secret", "billing_details"}
        del pages[2]
        told = [plain(page.content.decode()).replace(email, "").replace(f"1{number}:", "") for page in pages]
        seen[email] = [(page.status_code, lines(text)) for page, text in zip(pages, told, strict=True)]

    assert seen["anna@example.com"] == seen["nobody@example.com"]


def lines(html):
    """The sentences about money on a page."""
    return [line.strip() for line in re.split(r"<[^>]+>", html) if "$" in line or "deposit" in line.lower()]


def test_everybody_is_asked_for_a_card_where_a_deposit_may_apply(asks_new, cut, client_for):
    policy(asks_new, require_card=False)
    completed(asks_new, cut)

    booking, _ = press(client_for(asks_new), asks_new, cut)

    assert booking.card_required is True
    assert Business.objects.get(pk=asks_new.pk).require_card is False


# Programs --------------------------------------------------------------------------------------


def held(salon, service):
    body = {"service_id": str(service.pk), "start_time": at(salon).isoformat()}
    return Api(salon).post("/booking/hold", body).json()["data"]


def order(hold, **consent):
    who = {"name": "Anna Berg", "email": "anna@example.com", "phone": "+12125550187"}
    return {"hold_id": hold["hold_id"], "customer_info": who, "consent": {"policies": True} | consent}


def test_a_program_reads_the_terms_with_the_hold(asks_new, cut):
    told = held(asks_new, cut)["terms"]

    assert told["in_words"][-1].startswith(CONDITION)
    assert (told["anybody"]["deposit_cents"], told["some"]["deposit_cents"], told["deposit_for"]) == (0, 2000, "new")
    assert [stage["fee_cents"] for stage in told["some"]["stages"]] == [0, 2000, 2500]


def test_a_program_agrees_to_the_version_it_has_shown(asks_new, cut):
    hold = held(asks_new, cut)
    policy(asks_new, deposit_cents=3000)

    refused = Api(asks_new).post("/booking/create", order(hold, version=hold["terms"]["version"]))
    taken = Api(asks_new).post("/booking/create", order(hold))

    assert (refused.status_code, refused.json()["code"]) == (409, "terms_changed")
    assert taken.status_code == 201
    assert Booking.objects.get().consent["deposit_cents"] == 3000


def test_staff_read_the_terms_in_words(asks_new, cut, works_here):
    booking = make_booking(asks_new, cut, at(asks_new))

    told = works_here("viewer").get(f"/api/v1/admin/bookings/{booking.pk}").json()["terms"]

    assert (
        "$20.00 of the price is a deposit: secured by your card, not charged today, and counted into the price."
        in (told["in_words"])
    )
    assert told["stages"] == booking.consent["stages"]
    assert "address" not in told


def test_the_admin_shows_what_was_agreed_and_why_a_deposit_was_asked(asks_new, cut, client_for, member):
    booking = make_booking(asks_new, cut, at(asks_new))

    text = client_for(asks_new, member("staff")).get(f"/admin/bookings/booking/{booking.pk}/change/").text

    assert "$20.00, a first visit" in text
    assert "If you do not come, $25.00 is charged." in text
