"""The pages about cards a visit's own link leads to, as a browser without scripts gets them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.links import manage_token
from bookings.models import Booking, Status
from bookings.tests.factories import at
from giftcards.tests.making import code, make_card, reserve
from payments import services
from payments.models import CardHold, CardSetup, SavedCard
from payments.services import holding
from payments.tests.making import book, order
from payments.tests.test_gift_checkout import TYPED, text_of
from payments.tests.test_services_cards import BEA, complete, keeping

pytestmark = pytest.mark.filterwarnings("ignore:No directory at")
SCRIPT = {"Accept": "application/json, text/html;q=0.5"}


@pytest.fixture
def by(admin):
    from audit import actors

    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, ann, account):
    return keeping(salon, cut, account)


def address(name, booking):
    return reverse(f"payments:{name}", args=[manage_token(booking)])


def manage(client, booking):
    return text_of(client.get(reverse("bookings:manage", args=[manage_token(booking)])))


# Another card ---------------------------------------------------------------------------------------


def test_the_manage_page_names_the_card_and_leads_to_another(salon_client, booking):
    html = manage(salon_client, booking)

    assert "Visa •••• 4242, good until" in html
    assert f'href="{address("card", booking)}"' in html


def test_a_script_saves_another_card(salon_client, booking, account):
    url = address("card", booking)
    asked = salon_client.post(url, headers=SCRIPT).json()
    account.save_card(asked["client_secret"].split("_secret_")[0], "pm_card_mastercard")
    response = salon_client.post(url, {"done": asked["client_secret"].split("_secret_")[0]}, follow=True)

    assert asked["billing_details"] == {"name": "Anna Berg", "email": "anna@example.com"}
    assert "Mastercard •••• 4444 is the card of this visit now. Nothing was charged." in text_of(response)
    assert CardSetup.objects.get().brand == "mastercard"


@pytest.mark.parametrize("claimed", ["seti_other", "pm_card_visa", "pi_1"])
def test_a_claimed_card_replaces_nothing(salon_client, booking, claimed):
    response = salon_client.post(address("card", booking), {"done": claimed})

    assert response.status_code == 402
    assert "Your card was not saved." in text_of(response)
    assert CardSetup.objects.get().last4 == "4242"


def test_without_scripts_stripes_own_page_takes_it(salon_client, booking, account, local_stripe):
    response = salon_client.post(address("card", booking))

    assert response.url.startswith(f"{local_stripe.base}/c/pay/")
    assert local_stripe.base in response["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["", "cs_test_made_up"])
def test_the_return_address_alone_replaces_nothing(salon_client, booking, page):
    response = salon_client.get(address("card-return", booking), {"page": page}, follow=True)

    assert "Your card was not saved." in text_of(response)
    assert CardSetup.objects.get().last4 == "4242"


def test_stripe_being_away_is_said_and_changes_nothing(salon_client, booking, local_stripe):
    local_stripe.fault("500", "setup_intents$", times=2)

    answers = [salon_client.post(address("card", booking), headers=SCRIPT).json()]
    assert answers == [
        {"problem": "We could not reach the payment service. Nothing was changed; please try again in a moment."}
    ]


def test_a_card_that_will_have_expired_is_said(salon_client, booking):
    CardSetup.objects.update(exp_month=booking.local_date.month, exp_year=booking.local_date.year)
    assert "will have expired" not in manage(salon_client, booking)

    last = booking.local_date.replace(day=1) - timedelta(days=1)
    CardSetup.objects.update(exp_month=last.month, exp_year=last.year)

    assert "This card will have expired by your visit." in manage(salon_client, booking)
    assert "and will have expired by your visit" in text_of(salon_client.get(address("card", booking)))


def test_looking_changes_nothing_and_is_kept_out_of_everything(salon_client, booking, local_stripe):
    before = local_stripe.calls("/v1/")
    page = salon_client.get(address("card", booking))

    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    assert local_stripe.base in page["Content-Security-Policy"]
    assert (local_stripe.calls("/v1/"), CardSetup.objects.get().replacing_intent_id) == (before, None)


@pytest.mark.parametrize("name", ["card", "card-return", "card-remove", "again"])
def test_another_salons_link_leads_nowhere(other_client, salon_client, booking, name):
    token = manage_token(booking)
    for client, spoilt in ((other_client, token), (salon_client, token[:-2] + "AA")):
        url = reverse(f"payments:{name}", args=[spoilt])
        assert {client.get(url).status_code, client.post(url).status_code} <= {404, 405}


# Kept cards -----------------------------------------------------------------------------------------


def checkout_of(client, salon, cut, clock="14:00"):
    """Press a time in this browser: the checkout's address."""
    start = f"{at(salon, clock):%Y-%m-%dT%H:%M:%SZ}"
    return client.post(reverse("bookings:times", args=[cut.pk]), {"start": start}).url


def test_book_again_fills_in_the_details_and_offers_the_card(salon, salon_client, cut, booking):
    page = text_of(salon_client.get(address("again", booking)))
    there = salon_client.post(address("again", booking))
    html = text_of(salon_client.get(checkout_of(salon_client, salon, cut)))

    assert "Visa •••• 4242" in page
    assert there.url == f"/book/{cut.pk}/"
    assert 'value="Anna"' in html
    assert "Welcome back, Anna Berg." in html
    assert f'value="{SavedCard.objects.get().pk}"' in html
    assert "Visa •••• 4242" in html


def test_a_kept_card_books_in_one_press(salon, salon_client, cut, booking, local_stripe):
    salon_client.post(address("again", booking))
    url, before = checkout_of(salon_client, salon, cut), local_stripe.calls("setup_intents")
    response = salon_client.post(url, TYPED | {"card": str(SavedCard.objects.get().pk)})

    assert response.url.startswith("/book/done/")
    assert CardSetup.objects.filter(saved_card=SavedCard.objects.get(), status="succeeded").count() == 2
    assert local_stripe.calls("setup_intents") == before
    assert "Welcome back" not in text_of(salon_client.get(checkout_of(salon_client, salon, cut, "16:00")))


def test_looking_at_book_again_remembers_nobody(salon, salon_client, cut, booking):
    salon_client.get(address("again", booking))

    assert "Welcome back" not in text_of(salon_client.get(checkout_of(salon_client, salon, cut)))


@pytest.mark.parametrize("way", ["typing the address", "naming the card", "a link of their own"])
def test_a_guest_with_somebody_elses_address_neither_sees_nor_uses_nor_changes_a_card(
    salon, client_for, cut, booking, account, way
):
    theirs, guest = SavedCard.objects.get(), client_for(salon)
    if way == "a link of their own":
        own = book(salon, cut, at(salon, "12:00"), account, "pm_card_mastercard")
        guest.post(address("again", own))
        assert guest.post(address("card-remove", own), {"card": str(theirs.pk)}).status_code == 404
    url = checkout_of(guest, salon, cut)
    card = {} if way == "typing the address" else {"card": str(theirs.pk)}

    page = guest.get(url).content.decode()
    answer = guest.post(url, TYPED | card)

    assert "4242" not in page
    assert str(theirs.pk) not in page
    assert not answer.get("Location", "").startswith("/book/done/")
    assert Booking.objects.filter(status=Status.CONFIRMED, start_at=at(salon, "14:00")).count() == 0
    assert CardSetup.objects.filter(saved_card=theirs).count() == 1
    theirs.refresh_from_db()
    assert theirs.removed_at is None


def test_a_kept_card_is_not_for_a_visit_under_another_address(salon, salon_client, cut, booking):
    salon_client.post(address("again", booking))
    url = checkout_of(salon_client, salon, cut)
    response = salon_client.post(url, TYPED | {"email": BEA.email, "card": str(SavedCard.objects.get().pk)})

    assert response.status_code == 422
    assert "Your kept card is for visits under your own e-mail address." in text_of(response)
    assert not CardSetup.objects.filter(booking__contact_email=BEA.email).exists()


def test_a_device_forgets_on_request_and_after_an_hour(salon, salon_client, cut, booking, monkeypatch):
    salon_client.post(address("again", booking))
    url = checkout_of(salon_client, salon, cut)
    salon_client.post(f"{url}forget/")
    html = text_of(salon_client.get(url))
    assert ("Welcome back" in html, 'value="Anna"' in html, "4242" in html) == (False, False, False)

    salon_client.post(address("again", booking))
    session = salon_client.session
    session["returning"] = session["returning"] | {"at": timezone.now().timestamp() - 3601}
    session.save()
    assert "Welcome back" not in text_of(salon_client.get(url))


def test_a_kept_card_that_will_have_expired_is_not_offered(salon, salon_client, cut, booking):
    SavedCard.objects.update(exp_month=1, exp_year=2020)
    salon_client.post(address("again", booking))

    assert "4242" not in text_of(salon_client.get(checkout_of(salon_client, salon, cut)))


def test_a_removed_card_is_gone_from_the_pages_at_once(salon, salon_client, cut, booking):
    card = SavedCard.objects.get()
    response = salon_client.post(address("card-remove", booking), {"card": str(card.pk)}, follow=True)
    salon_client.post(address("again", booking))
    html = text_of(salon_client.get(checkout_of(salon_client, salon, cut)))

    card.refresh_from_db()
    assert card.removed_at is not None
    assert "Visa •••• 4242 is kept no longer." in text_of(response)
    assert "4242" not in html


@pytest.mark.parametrize("named", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_removing_an_unknown_card_is_not_found(salon_client, booking, named):
    assert salon_client.post(address("card-remove", booking), {"card": named}).status_code == 404


def test_a_tick_keeps_the_card(salon, salon_client, cut, ann, account):
    url = checkout_of(salon_client, salon, cut)
    asked = salon_client.post(url, TYPED | {"keep_card": "on"}, headers=SCRIPT).json()
    setup_intent_id = asked["client_secret"].split("_secret_")[0]
    account.save_card(setup_intent_id)
    salon_client.post(url, TYPED | {"keep_card": "on", "setup_intent_id": setup_intent_id})

    assert SavedCard.objects.get().consent_address == "127.0.0.1"


def test_the_tick_starts_empty(salon, salon_client, cut, ann, account):
    html = salon_client.get(checkout_of(salon_client, salon, cut)).content.decode()

    [tick] = [part for part in html.split("<input") if 'name="keep_card"' in part]
    assert "checked" not in tick.split(">")[0]


# What is said about money ---------------------------------------------------------------------------


def test_held_money_is_said_to_be_held_and_not_taken(salon, salon_client, cut, ann, account):
    salon.hold_near_visits = True
    salon.save()
    booking = book(salon, cut, at(salon, days=3), account)
    reserve(salon, booking, make_card(2000))
    assert "is held on your card" not in manage(salon_client, booking)

    holding.place_due(business=salon, now=timezone.now())

    assert CardHold.objects.get().state == "held"
    assert "$30.00 is held on your card for this visit, at most until" in manage(salon_client, booking)
    assert "It is kept ready: nothing has been taken." in manage(salon_client, booking)


def test_a_failed_hold_is_not_the_customers_to_read(salon, salon_client, cut, ann, account):
    salon.hold_near_visits = True
    salon.save()
    booking = book(salon, cut, at(salon, days=3), account, "pm_card_chargeCustomerFail")
    holding.place_due(business=salon, now=timezone.now())

    html = manage(salon_client, booking)
    assert CardHold.objects.get().state == "failed"
    assert ("held on your card for" in html, "declined" in html) == (False, False)


def test_checkout_says_what_is_held_and_when(salon, salon_client, cut, ann, account):
    salon.hold_near_visits = True
    salon.save()
    card = make_card(2000)
    url = checkout_of(salon_client, salon, cut)
    whole = text_of(salon_client.get(url))
    salon_client.post(f"{url}gift-card/", {"gift_card_code": code(card)})

    since = (at(salon, "14:00") - timedelta(days=4)).astimezone(salon.zone)
    sentence = (
        f"From {since:%a} {since.day} {since:%b}, 14:00 on, ${{}} may be held on your card: kept ready, not charged."
    )
    assert sentence.format("50.00") in whole
    assert sentence.format("30.00") in text_of(salon_client.get(url))


def test_a_paid_visit_shows_parts_that_add_up(salon, salon_client, booking, by):
    services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now(), tip_cents=500)

    html = manage(salon_client, booking)
    for name, value in (("Price", "$50.00"), ("Tip", "$5.00"), ("Paid with Visa •••• 4242", "$55.00")):
        assert f'<dt>{name}</dt><dd class="number">{value}</dd>' in html


def test_a_payment_that_waits_leads_to_its_page(salon, salon_client, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")
    complete(salon, booking, by)

    html = manage(salon_client, booking)
    assert "$50.00 could not be charged to your card." in html
    assert 'href="/pay/' in html


def test_a_booking_that_is_being_made_has_no_card_page(salon, salon_client, cut, ann, account):
    booking, _ = order(salon, cut, at(salon))

    assert salon_client.get(address("card", booking), follow=True).redirect_chain[0][0] == reverse(
        "bookings:manage", args=[manage_token(booking)]
    )
