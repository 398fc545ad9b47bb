"""A gift card at checkout: put aside, agreed to with the rest, never for more than was on the page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.models import Booking, Status
from bookings.services import NotAllowed, TermsChanged, cancel_booking, expire_holds, release_hold
from bookings.tests.factories import DETAILS, at, hold
from giftcards import services as giftcards
from giftcards.models import GiftReservation
from giftcards.services import GiftCardInvalid
from giftcards.tests.making import balance, code, ledger, make_card, uses
from messaging.models import Message
from payments import services
from payments.models import CardSetup, Payment
from payments.services import events, gifts
from payments.tests.making import with_fees
from payments.tests.test_api_checkout import CREATE, HOLD, confirm, order
from tenants.models import Business
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api

pytestmark = NO_STATIC

TYPED = {
    "first_name": "Anna",
    "last_name": "Berg",
    "phone": "(212) 555-0187",
    "email": "anna@example.com",
    "policies": "on",
}


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def held(salon, cut, ann, account):
    return hold(salon, cut, at(salon))


def aside(salon, booking, card):
    services.put_gift_card_aside(
        business=salon, booking=booking, code=code(card), address="203.0.113.9", now=timezone.now()
    )


def off(booking):
    services.take_gift_card_off(booking=booking, address="203.0.113.9", now=timezone.now())


def submit(salon, booking, **seen):
    return services.submit_checkout(
        business=salon, booking=booking, details=DETAILS, address=None, now=timezone.now(), **seen
    )


def place(salon, booking, account=None):
    if account:
        account.save_card(services.prepare_card(business=salon, booking=booking)[1].id)
    return services.place_booking(business=salon, booking=booking, now=timezone.now())


# What it pays, and whether a card is asked for ----------------------------------------------------------


@pytest.mark.parametrize(
    ("worth", "parts"),
    [
        ({"cents": 3000}, {"paid_cents": 3000, "card_cents": 2000, "card_asked": True}),
        ({"cents": 9000}, {"paid_cents": 5000, "card_cents": 0, "card_asked": False}),
        ({"cents": 4980}, {"paid_cents": 4980, "salon_cents": 20, "card_asked": False}),
        ({"percent": 20}, {"discount_cents": 1000, "card_cents": 4000, "card_asked": True}),
        ({"percent": 100}, {"discount_cents": 5000, "card_cents": 0, "card_asked": False}),
    ],
    ids=("a part", "all of it", "all but a trifle", "a percentage", "everything off"),
)
def test_what_is_left_is_asked_of_the_card(salon, held, worth, parts):
    card = make_card(**worth)
    aside(salon, held, card)

    gift = gifts.gift_for(business=salon, booking=held)

    assert {name: getattr(gift, name) for name in parts} == parts
    assert gift.paid_cents + gift.discount_cents + gift.card_cents + gift.salon_cents == held.price_cents
    assert balance(card) == worth.get("cents", 0) - gift.paid_cents


@pytest.mark.parametrize(
    ("worth", "pay_fees", "card_asked"),
    [
        ({"cents": 9000}, False, True),
        ({"cents": 9000}, True, False),
        ({"cents": 2500}, True, True),
        ({"percent": 100}, True, True),
    ],
    ids=("fees stay on the card", "fees paid by it", "it is worth less", "a percentage pays no fee"),
)
def test_a_fee_that_may_become_due_asks_for_a_card(salon, held, worth, pay_fees, card_asked):
    with_fees(salon)
    salon.gift_cards_pay_fees = pay_fees
    aside(salon, held, make_card(**worth))

    assert gifts.gift_for(business=salon, booking=held).card_asked is card_asked


def test_a_covered_visit_is_booked_without_a_card(salon, held, account, by):
    card = make_card(9000)
    aside(salon, held, card)
    booking = place(salon, submit(salon, held))

    assert (booking.status, booking.card_required, account.intents()) == ("confirmed", False, [])
    assert not CardSetup.objects.exists()
    assert Payment.objects.get().method == "gift"
    services.complete(business=salon, booking=booking, key="press", by=by, now=timezone.now())
    assert (balance(card), Payment.objects.values_list("status", "gift_cents").get()) == (4000, ("captured", 5000))


def test_a_card_saved_before_is_not_used_where_the_gift_card_pays(salon, held, account):
    booking = submit(salon, held)
    account.save_card(services.prepare_card(business=salon, booking=booking)[1].id)
    services.accept_card(booking=booking)
    aside(salon, booking, make_card(9000))

    place(salon, submit(salon, booking))

    assert CardSetup.objects.get().status == "abandoned"


def test_a_rest_on_the_card_is_agreed_to_and_charged(salon, held, account, by):
    card = make_card(3000)
    aside(salon, held, card)
    booking = place(salon, submit(salon, held), account)

    agreed = booking.consent
    assert (agreed["gift_card"]["paid_cents"], agreed["gift_card"]["card_cents"]) == (3000, 2000)
    assert agreed["shown"][0] == (
        "Your card is saved, not charged. Your gift card pays $30.00; $20.00 is charged when your visit is done."
    )
    services.complete(business=salon, booking=booking, key="press", by=by, now=timezone.now())
    assert account.ledger() == [("authorization", 2000, 0), ("capture", 2000, 20)]
    assert balance(card) == 0


def test_the_confirmation_names_the_gift_card_and_the_rest(salon, held, account):
    card = make_card(3000)
    aside(salon, held, card)
    place(salon, submit(salon, held), account)

    mail = Message.objects.get(kind="booking_confirmed")
    assert (
        f"Price: $50.00\nGift card •••• {card.code_tail}: −$30.00\nOn your card after the visit: $20.00\nConfirmation"
        in mail.text
    )
    assert "Your gift card pays $30.00; $20.00 is charged when your visit is done." in mail.text
    assert "−$30.00" in mail.html


def test_the_receipt_has_parts_that_add_up(salon, held, account, by):
    aside(salon, held, make_card(3000))
    booking = place(salon, submit(salon, held), account)

    services.complete(business=salon, booking=booking, key="press", by=by, now=timezone.now(), tip_cents=500)

    text = Message.objects.get(kind="receipt").text
    lines = "Price: $50.00\nTip: $5.00\nGift card: −$30.00\nPaid with Visa •••• 4242: $25.00\n"
    assert "$25.00 was charged to Visa •••• 4242." in text
    assert lines in text


# Nothing but what was on the page -------------------------------------------------------------------


def test_a_gift_card_exchanged_meanwhile_is_agreed_to_anew(salon, held, account):
    aside(salon, held, make_card(3000))
    seen = gifts.gift_for(business=salon, booking=held).reservation
    off(held)

    with pytest.raises(services.GiftCardChanged):
        submit(salon, held, gift_seen=seen)

    assert Booking.objects.values_list("status", "consent").get() == ("hold", {})


@pytest.mark.parametrize("change", ["taken off", "put aside", "another one"])
def test_what_was_agreed_to_is_what_is_booked(salon, held, account, change):
    first, second = make_card(3000), make_card(4000)
    if change != "put aside":
        aside(salon, held, first)
    booking = submit(salon, held)
    intent_id = services.prepare_card(business=salon, booking=booking)[1].id
    account.save_card(intent_id)
    if change == "taken off":
        off(booking)
    else:
        aside(salon, booking, second)

    with pytest.raises(TermsChanged):
        services.place_booking(business=salon, booking=booking, now=timezone.now())
    events.handle(business=salon, kind="setup_intent.succeeded", data={"id": intent_id})
    assert Booking.objects.get().status == "pending"
    booking = services.place_booking(business=salon, booking=submit(salon, booking), now=timezone.now())

    assert (booking.status, bool(booking.consent.get("gift_card"))) == ("confirmed", change != "taken off")


def test_what_is_booked_keeps_its_gift_card(salon, held, account):
    aside(salon, held, make_card(3000))
    booking = place(salon, submit(salon, held), account)

    with pytest.raises(NotAllowed):
        off(booking)
    with pytest.raises(NotAllowed):
        aside(salon, booking, make_card(4000))

    assert GiftReservation.objects.get().state == "reserved"


# Given back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["given up", "run out", "run out unconfirmed", "cancelled", "taken off", "another one"])
def test_what_is_not_used_goes_back(salon, held, account, by, end):
    card = make_card(3000)
    aside(salon, held, card)
    assert balance(card) == 0

    if end == "given up":
        release_hold(booking=held)
    elif end.startswith("run out"):
        if "unconfirmed" in end:
            submit(salon, held)
        Booking.objects.update(hold_expires_at=timezone.now())
        expire_holds()
    elif end == "cancelled":
        booking = place(salon, submit(salon, held), account)
        cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())
    elif end == "taken off":
        off(held)
    else:
        aside(salon, held, make_card(2000))

    assert (balance(card), uses(card)) == (3000, 0)
    assert [kind for kind, *_ in ledger(card)] == ["issue", "reserve", "release"]


def test_one_card_is_not_promised_to_two_visits(salon, cut, ann, account, held):
    card = make_card(3000)
    aside(salon, held, card)

    with pytest.raises(GiftCardInvalid):
        aside(salon, hold(salon, cut, at(salon, "14:00")), card)


# The page -------------------------------------------------------------------------------------------


@pytest.fixture
def press(salon, salon_client, cut, ann):
    """`press()`: hold a time in the browser; the booking and the checkout's address."""

    def hold_it():
        start = f"{at(salon):%Y-%m-%dT%H:%M:%SZ}"
        response = salon_client.post(reverse("bookings:times", args=[cut.pk]), {"start": start})
        return Booking.objects.get(status=Status.HOLD), response.url

    return hold_it


def text_of(response):
    return " ".join(response.content.decode().split())


def test_the_page_asks_for_codes_only_where_there_are_gift_cards(salon_client, press):
    _, url = press()

    assert "gift_card_code" not in salon_client.get(url).content.decode()
    make_card()
    assert "gift_card_code" in salon_client.get(url).content.decode()


def test_applying_changes_every_amount_and_keeps_what_was_typed(salon_client, account, press):
    card = make_card(3000)
    booking, url = press()
    response = salon_client.post(
        f"{url}gift-card/",
        TYPED | {"gift_card_code": code(card).lower(), "marketing": "on", "note": "shy dog"},
        follow=True,
    )

    html = text_of(response)
    assert f"Gift card •••• {card.code_tail}" in html
    assert "−$30.00" in html
    assert "Nothing is charged now. $20.00 is charged after your visit." in html
    assert "Your gift card pays $30.00; $20.00 is charged when your visit is done." in html
    assert 'value="Anna"' in html
    assert "shy dog" in html
    assert re.search(r'<input[^>]*name="marketing"[^>]*checked', html)
    assert GiftReservation.objects.get().booking == booking


def test_taking_it_off_goes_back_to_the_whole_price(salon_client, account, press):
    card = make_card(3000)
    _, url = press()
    salon_client.post(f"{url}gift-card/", {"gift_card_code": code(card)})
    response = salon_client.post(f"{url}gift-card/off/", {"first_name": "Anna"}, follow=True)

    html = text_of(response)
    assert "$50.00 is charged after your visit." in html
    assert 'value="Anna"' in html
    assert balance(card) == 3000


@pytest.mark.parametrize("what", ["wrong", "foreign", "switched off", "expired", "used up"])
def test_one_sentence_refuses_every_bad_code(salon, salon_client, other_salon, press, by, what):
    card = make_card(3000)
    typed = code(card)
    if what == "wrong":
        typed = "0" * 16
    elif what == "foreign":
        with tenant_context(other_salon):
            typed = code(make_card(3000))
    elif what == "switched off":
        giftcards.disable(card=card, reason="lost", by=by, now=timezone.now())
        make_card()
    elif what == "expired":
        giftcards.prolong(
            card=card, expiration_date=timezone.now().date().replace(year=2020), by=by, now=timezone.now()
        )
    else:
        giftcards.adjust(card=card, cents=-3000, reason="gone", by=by, now=timezone.now())
    _, url = press()
    response = salon_client.post(f"{url}gift-card/", TYPED | {"gift_card_code": typed})

    html = text_of(response)
    assert response.status_code == 422
    assert "This gift card code cannot be used. Please check the code, or ask the salon." in html
    assert 'aria-invalid="true"' in html
    assert 'value="Anna"' in html
    assert not GiftReservation.objects.exists()


def test_a_code_that_was_never_applied_books_nothing(salon_client, account, press):
    card = make_card(9000)
    booking, url = press()
    response = salon_client.post(url, TYPED | {"gift_card_code": code(card)}, follow=True)

    booking.refresh_from_db()
    assert booking.status == "hold"
    assert "Your gift card pays $50.00." in text_of(response)


def test_a_covered_visit_needs_one_press_and_no_card(salon_client, account, press):
    _, url = press()
    salon_client.post(f"{url}gift-card/", {"gift_card_code": code(make_card(9000))})
    page = salon_client.get(url)
    response = salon_client.post(url, TYPED)

    assert "card-element" not in page.content.decode()
    assert "js.stripe" not in page["Content-Security-Policy"]
    assert response.url.startswith("/book/done/")
    done = text_of(salon_client.get(response.url))
    assert "Nothing is charged now. Your gift card pays for your visit." in done
    assert "Your gift card pays for your visit." in Message.objects.get(kind="booking_confirmed").text


def test_the_manage_page_shows_what_the_gift_card_pays(salon, salon_client, press):
    card = make_card(3000)
    _, url = press()
    salon_client.post(f"{url}gift-card/", {"gift_card_code": code(card)})
    response = salon_client.post(url, TYPED)

    html = text_of(salon_client.get(response.url.replace("/book/done/", "/b/")))
    assert f"Gift card •••• {card.code_tail}" in html
    assert "You pay $20.00 at the salon." in html


def test_ten_codes_a_minute_and_no_more(salon_client, press, settings):
    settings.LIMIT_LOOPBACK = True
    card = make_card(3000)
    _, url = press()
    answers = [salon_client.post(f"{url}gift-card/", {"gift_card_code": "0" * 16}) for _ in range(10)]
    late = salon_client.post(f"{url}gift-card/", {"gift_card_code": code(card)})

    assert {answer.status_code for answer in answers} == {422}
    assert (late.status_code, GiftReservation.objects.count()) == (429, 0)
    assert "Too many attempts." in late.content.decode()


@pytest.mark.parametrize("name", ["gift-card", "gift-card-off", "forget"])
def test_another_browser_presses_nothing_of_it(client_for, salon, salon_client, press, name):
    card = make_card(3000)
    booking, url = press()
    salon_client.post(f"{url}gift-card/", {"gift_card_code": code(card)})
    address = reverse(f"payments:{name}", args=[booking.pk])

    assert client_for(salon).post(address, {"gift_card_code": code(make_card())}).status_code == 404
    assert salon_client.get(address).status_code == 405
    assert GiftReservation.objects.get().card == card


# The API --------------------------------------------------------------------------------------------


def test_the_api_books_with_a_gift_card(salon, cut, ann, account):
    card = make_card(3000)
    answer = Api(salon).post(CREATE, order(salon, cut, gift_card_code=code(card)), **{"Idempotency-Key": "k"})
    again = Api(salon).post(CREATE, order(salon, cut, gift_card_code=code(card)), **{"Idempotency-Key": "k"})

    data = answer.json()["data"]
    assert (answer.status_code, data["status"], data["price_cents"], data["rest_cents"]) == (201, "pending", 5000, 2000)
    assert data["gift_card"] == {
        "name": f"•••• {card.code_tail}",
        "discount_percent": 0,
        "discount_cents": 0,
        "paid_cents": 3000,
    }
    assert again.json()["data"]["booking_id"] == data["booking_id"]
    account.save_card(data["setup_intent"]["id"])
    confirmed = confirm(salon, data["booking_id"], {"setup_intent_id": data["setup_intent"]["id"]}).json()["data"]
    assert (confirmed["status"], confirmed["gift_card"]["paid_cents"]) == ("confirmed", 3000)
    assert GiftReservation.objects.count() == 1


def test_the_api_confirms_at_once_what_a_gift_card_covers(salon, cut, ann, account):
    answer = Api(salon).post(CREATE, order(salon, cut, gift_card_code=code(make_card(9000))))

    data = answer.json()["data"]
    assert (data["status"], data["setup_intent"], data["rest_cents"]) == ("confirmed", None, 0)


def test_the_api_shows_the_price_with_a_gift_card_before_it_books(salon, cut, ann, account):
    card = make_card(percent=20)
    held = Api(salon).post(HOLD, order_slot(salon, cut) | {"gift_card_code": code(card)}).json()["data"]

    assert (held["rest_cents"], held["gift_card"]["discount_cents"]) == (4000, 1000)
    assert held["terms"]["in_words"][0].startswith("Your card is saved, not charged. Your gift card takes 20% off")
    booked = Api(salon).post(CREATE, order(salon, cut, hold_id=held["hold_id"])).json()["data"]
    assert booked["rest_cents"] == 4000
    assert uses(card) == 1


def test_the_api_asks_for_no_card_where_nothing_can_become_due(salon, cut, ann, account, local_stripe):
    held = Api(salon).post(HOLD, order_slot(salon, cut) | {"gift_card_code": code(make_card(9000))}).json()["data"]
    booked = Api(salon).post(CREATE, order(salon, cut, hold_id=held["hold_id"])).json()["data"]

    assert (held["setup_intent"], held["rest_cents"], booked["status"]) == (None, 0, "confirmed")
    assert local_stripe.calls("/v1/") == 1  # the account


def order_slot(salon, cut):
    return {"service_id": str(cut.pk), "start_time": at(salon).isoformat()}


@pytest.mark.parametrize("path", [HOLD, CREATE])
def test_a_bad_code_books_and_holds_nothing(salon, cut, ann, account, path):
    body = (order if path == CREATE else lambda *about: order_slot(*about))(salon, cut)
    answer = Api(salon).post(path, body | {"gift_card_code": "0" * 16})

    assert (answer.status_code, answer.json()["code"]) == (422, "gift_card_invalid")
    assert not Booking.objects.exists()


def test_codes_are_counted_for_programs_too(salon, cut, ann, account):
    answers = [
        Api(salon, address=ELSEWHERE).post(HOLD, order_slot(salon, cut) | {"gift_card_code": "0" * 16})
        for _ in range(11)
    ]

    assert [answer.status_code for answer in answers] == [422] * 10 + [429]


def test_a_salon_without_cards_takes_gift_cards_too(salon, cut, ann):
    Business.objects.filter(pk=salon.pk).update(require_card=False)
    answer = Api(salon).post(CREATE, order(salon, cut, gift_card_code=code(make_card(3000))))

    data = answer.json()["data"]
    assert (data["status"], data["rest_cents"]) == ("confirmed", 2000)
    assert Payment.objects.get().method == "cash"
