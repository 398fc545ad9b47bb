"""Step 10 for programs."""

from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from config.testing_racing import at_once
from giftcards import codes
from giftcards.models import GiftCard, GiftCardEntry
from onboarding import services
from onboarding.tests.posting import posted
from tenants.models import Business
from tenants.tests.api import NO_STATIC, signed_in

pytestmark = NO_STATIC
STEP = "step10/gift-cards"
BODY = {
    "gift_cards": [
        {"amount_cents": 5000, "expiration_date": "2099-12-31", "quantity": 2},
        {"discount_percent": 20, "usage_limit": 3, "quantity": 1},
    ]
}
KEY = {"Idempotency-Key": "once"}


@pytest.fixture
def api(newcomer):
    return signed_in(None, newcomer)


def issued(business):
    with tenant_context(business):
        return GiftCard.objects.count()


def test_cards_are_issued_and_their_codes_answered(api, opened):
    data = posted(api, STEP, BODY)["data"]

    assert data["completed_steps"] == [1, 2, 10]
    worth = [(each["amount_cents"], each["discount_percent"], each["usage_limit"]) for each in data["gift_cards"]]
    assert worth == [(5000, None, None), (5000, None, None), (None, 20, 3)]
    with tenant_context(opened.business):
        assert {each["code"] for each in data["gift_cards"]} == {
            codes.code_of(card.pk) for card in GiftCard.objects.all()
        }
        assert sum(GiftCardEntry.objects.values_list("amount_signed_cents", flat=True)) == 10_000
    first = data["gift_cards"][0]
    assert (first["balance_cents"], first["currency_code"], first["expiration_date"]) == (5000, "USD", "2099-12-31")
    assert first["url"].startswith(f"{opened.business.url}/gift-cards/")


def test_what_there_is_is_read_back_without_codes(api, opened):
    posted(api, STEP, BODY | {"sold_online": True, "valid_months": 12})

    answered = api.get("/api/v1/onboarding/progress").json()["data"]["step_data"]["10"]

    assert answered == BODY | {"sold_online": True, "valid_months": 12}


def test_the_same_request_again_issues_once(api, opened):
    first = posted(api, STEP, BODY, **KEY)["data"]["gift_cards"]
    again = posted(api, STEP, BODY, **KEY)["data"]["gift_cards"]

    assert first == again
    assert issued(opened.business) == 3


@pytest.mark.parametrize(
    "cards",
    [
        [{"amount_cents": 6000, "quantity": 2}, {"discount_percent": 20, "usage_limit": 3, "quantity": 1}],
        BODY["gift_cards"][:1],
        [*BODY["gift_cards"], {"amount_cents": 100, "quantity": 1}],
        [BODY["gift_cards"][0] | {"quantity": 1}, BODY["gift_cards"][1]],
        [BODY["gift_cards"][0], BODY["gift_cards"][1] | {"quantity": 2}],
    ],
    ids=("another amount", "a row less", "a row more", "a card less", "a card more"),
)
def test_another_request_with_the_same_key_is_refused(api, opened, cards):
    posted(api, STEP, BODY, **KEY)

    assert posted(api, STEP, {"gift_cards": cards}, 422, **KEY)["code"] == "idempotency_mismatch"
    assert issued(opened.business) == 3


@pytest.mark.parametrize(
    ("cards", "field"),
    [
        ([{"amount_cents": 5000, "quantity": 1}, {"quantity": 1}], "gift_cards.1.amount_cents"),
        ([{"amount_cents": 5000, "discount_percent": 10, "quantity": 1}], "gift_cards.0.amount_cents"),
        ([{"amount_cents": 5000, "usage_limit": 2, "quantity": 1}], "gift_cards.0.usage_limit"),
        ([{"amount_cents": 5000, "expiration_date": "2001-01-01", "quantity": 1}], "gift_cards.0.expiration_date"),
        ([{"amount_cents": 5000, "quantity": 60}] * 2, "gift_cards"),
        ([{"amount_cents": 5000}], "gift_cards"),
        ([{"amount_cents": 5000, "quantity": 1, "code": "FREE"}], "gift_cards"),
        ([{"amount_cents": 0, "quantity": 1}], "gift_cards"),
    ],
)
def test_wrong_cards_are_named_and_nothing_is_kept(api, opened, cards, field):
    refused = posted(api, STEP, {"gift_cards": cards, "sold_online": True}, 400)

    assert field in refused["errors"]
    assert issued(opened.business) == 0
    assert Business.objects.get(pk=opened.pk).sell_gift_cards is False


def test_unknown_fields_are_refused(api, opened):
    assert posted(api, STEP, BODY | {"cards": []}, 400)["errors"]["cards"] == ["This field is not known."]


def test_the_step_may_be_left_for_later(api, opened):
    assert posted(api, STEP, {"skip": True})["data"]["completed_steps"] == [1, 2]
    assert issued(opened.business) == 0


def test_somebody_elses_salon_does_not_exist(api, opened, rosa, nora):
    for business in (rosa, nora):
        posted(api, STEP, BODY | {"tenant_id": str(business.pk)}, 404)
        assert issued(business) == 0


@pytest.mark.django_db(transaction=True)
def test_many_presses_at_once_are_one(rosa):
    progress, key = services.progress_of(business=rosa, now=timezone.now()), uuid4()
    cards = [{"amount_cents": 5000, "quantity": 3}]

    def press(_):
        with tenant_context(rosa):
            made = services.save_gift_cards(progress=progress, cards=cards, key=key, by=SYSTEM, now=timezone.now())
            return [card.pk for card in made]

    pressed = at_once(6, press)

    assert all(each == pressed[0] for each in pressed)
    assert issued(rosa) == 3
