"""A card's own page, and what is left on a card, as a browser without scripts gets them."""

import base64
import re
from datetime import date

import pytest
from django.urls import reverse
from django_tenants.utils import tenant_context

from giftcards import codes, links
from giftcards.models import GiftCard
from giftcards.services import GiftCardInvalid
from giftcards.tests.making import code, make_card
from tenants.models import Business
from tenants.tests.api import ELSEWHERE, NO_STATIC

pytestmark = [pytest.mark.django_db, NO_STATIC]
BALANCE = "/gift-cards/balance/"


def path_of(card):
    return reverse("giftcards:card", args=[links.card_token(card)])


def ask(client, typed, address="127.0.0.1"):
    return client.post(BALANCE, {"code": typed}, REMOTE_ADDR=address)


# The card's page -------------------------------------------------------------------------------


def test_the_page_shows_the_card_and_no_address_holds_the_code(salon, salon_client):
    card = make_card(5000, recipient_name="Bea", buyer_name="Anna", message="Enjoy!", expiration_date=date(2030, 3, 1))
    path = path_of(card)

    answer = salon_client.get(path)

    assert answer.status_code == 200
    for text in ("$50.00", "For Bea, from Anna", "Enjoy!", codes.shown(code(card)), "Good until 1 March 2030."):
        assert text in answer.text
    assert code(card) not in path
    assert code(card).encode() not in base64.urlsafe_b64decode(path.split("/")[2] + "==")
    assert code(card) not in re.sub(r"data:image[^\"]*", "", answer.text)  # in groups only


def test_the_page_is_kept_by_nobody(salon, salon_client):
    answer = salon_client.get(path_of(make_card()))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("status", ["onboarding", "paused"])
def test_a_closed_salons_cards_can_be_seen_and_none_bought(salon, salon_client, status):
    Business.objects.filter(pk=salon.pk).update(status=status, sell_gift_cards=True)

    assert "$50.00" in salon_client.get(path_of(make_card(5000))).text
    for path in ("/gift-cards/", "/gift-cards/orders/x/"):
        assert "Online booking is paused" in salon_client.get(path).text


def test_what_is_left_stands_beside_what_it_was_worth(salon, salon_client):
    card = make_card(5000)
    GiftCard.objects.update(balance_cents=1250)

    assert "$12.50 left." in salon_client.get(path_of(card)).text


@pytest.mark.parametrize("spoilt", [{"is_active": False}, {"expiration_date": date(2020, 1, 1)}])
def test_a_card_that_is_over_shows_no_code(salon, salon_client, spoilt):
    card = make_card()
    GiftCard.objects.update(**spoilt)

    text = salon_client.get(path_of(card)).text

    assert "This gift card can no longer be used." in text
    assert code(card)[-4:] not in text


def test_links_open_one_card_of_one_salon(salon, other_salon, salon_client):
    with tenant_context(other_salon):
        foreign = path_of(make_card())

    assert salon_client.get(foreign).status_code == 404
    assert salon_client.get(path_of(make_card()).replace("gift-cards/", "gift-cards/A", 1)).status_code == 404
    assert salon_client.post(path_of(make_card())).status_code == 405


# The balance -----------------------------------------------------------------------------------


def test_the_balance_is_shown_for_a_code_in_any_writing(salon, salon_client):
    card = make_card(5000, expiration_date=date(2030, 3, 1))

    answer = ask(salon_client, codes.shown(code(card)).lower())

    assert answer.status_code == 200
    assert "$50.00" in answer.text
    assert f'Card ending in <span class="number">{card.code_tail}</span>. Good until 1 March 2030.' in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_a_percentage_tells_its_uses(salon, salon_client):
    card = make_card(percent=20, usage_limit=1)

    assert "20% off, for 1 more visit" in ask(salon_client, code(card)).text


@pytest.mark.parametrize("typed", ["7M3K 9QXW 2D4T 0HVB", "nonsense"])
def test_a_wrong_code_is_told_one_text(salon, salon_client, typed):
    make_card()

    answer = ask(salon_client, typed)

    assert answer.status_code == 422
    assert GiftCardInvalid.message in answer.text


def test_guessing_is_limited_to_ten_a_minute(salon, salon_client):
    card = make_card()

    seen = [ask(salon_client, "0" * 16, ELSEWHERE).status_code for _ in range(11)]

    assert seen == [422] * 10 + [429]
    answer = ask(salon_client, code(card), ELSEWHERE)
    assert answer.status_code == 429
    assert "$100.00" not in answer.text
    assert ask(salon_client, code(card), "203.0.113.99").status_code == 200


def test_nobody_guesses_while_nobody_counts(salon, salon_client, no_cache):
    card = make_card()

    answer = ask(salon_client, code(card), ELSEWHERE)

    assert answer.status_code == 503
    assert "$100.00" not in answer.text
