"""Step 10 as pages: cards sold online, and cards to hand out, each press once."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from giftcards import codes, links
from giftcards.models import GiftCard
from onboarding import queries
from tenants.models import Business, TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PATH = "/onboarding/gift-cards/"
CODE = re.compile(r'<p class="code number">([0-9A-Z ]{19})</p>')


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


def answers(**change):
    """The page as it was opened, and what was changed on it."""
    plain = {
        "key": str(uuid4()),
        "gift_card_months": "60",
        "kind": "none",
        "amount_cents": "",
        "amount_quantity": "1",
        "amount_until": "",
        "discount_percent": "",
        "usage_limit": "1",
        "percent_quantity": "1",
        "percent_until": "",
    }
    return plain | change


def amounts(**change):
    return answers(kind="amount", amount_cents="50", amount_quantity="3", amount_until="2099-12-31", **change)


def issued(business):
    with tenant_context(business):
        names = ("amount_cents", "discount_percent", "usage_limit", "expiration_date", "currency_code")
        return list(GiftCard.objects.order_by("created_at").values_list(*names))


def completed(opened, newcomer):
    return queries.own_progress(newcomer, opened.pk).completed_steps


def test_pressed_at_once_no_card_is_issued(browser, opened, newcomer):
    answer = browser.post(PATH, answers(salon=opened.pk))

    assert answer["Location"] == f"/onboarding/payments/?salon={opened.pk}"
    assert issued(opened.business) == []
    assert 10 in completed(opened, newcomer)


def test_left_for_later_it_is_not_done(browser, opened, newcomer):
    browser.post(PATH, answers(skip="1"))

    assert 10 not in completed(opened, newcomer)


def test_the_salon_sells_cards_online(browser, opened):
    assert "until then nobody can buy one online" in browser.get(PATH).text
    browser.post(PATH, answers(sell_gift_cards="on", gift_card_months="24"))

    row = Business.objects.get(pk=opened.pk)
    assert (row.sell_gift_cards, row.gift_card_months) == (True, 24)
    TenantBilling.objects.filter(business=row).update(charges_enabled=True)
    assert "until then nobody can buy one online" not in browser.get(PATH).text


def test_cards_are_issued_with_their_codes_and_pages(browser, opened, newcomer, client_for):
    page = browser.post(PATH, amounts())

    business = opened.business
    last_day = timezone.datetime(2099, 12, 31).date()
    assert issued(business) == [(5000, None, None, last_day, "USD")] * 3
    with tenant_context(business):
        cards = list(GiftCard.objects.all())
        assert {codes.shown(codes.code_of(card.pk)) for card in cards} == set(CODE.findall(page.text))
        address = links.card_url(business=business, card=cards[0])
    assert address in page.text
    assert "50.00" in client_for(business).get(address.partition(business.url)[2]).text
    assert "3 gift cards are issued." in page.text
    assert page["Referrer-Policy"] == "no-referrer"
    assert 10 in completed(opened, newcomer)
    assert not CODE.findall(browser.get(PATH).text)


def test_the_same_press_again_shows_the_same_cards(browser, opened):
    sent = amounts()

    first, again = browser.post(PATH, sent), browser.post(PATH, sent)

    assert CODE.findall(first.text) == CODE.findall(again.text)
    assert len(issued(opened.business)) == 3


@pytest.mark.parametrize(
    "change",
    [{"amount_quantity": "2"}, {"amount_quantity": "4"}, {"amount_cents": "60"}],
    ids=("fewer", "more", "another amount"),
)
def test_other_cards_by_the_same_page_are_another_press(browser, opened, change):
    sent = amounts()
    browser.post(PATH, sent)

    asked = browser.post(PATH, sent | change)
    key = asked.context["form"]["key"].value()

    assert "Press again to issue these as well." in asked.text
    assert len(issued(opened.business)) == 3
    browser.post(PATH, sent | change | {"key": key})
    assert len(issued(opened.business)) == 3 + int(change.get("amount_quantity", 3))


def test_a_percentage_is_for_so_many_visits(browser, opened):
    browser.post(PATH, answers(kind="percent", discount_percent="20", amount_cents="a lot", percent_quantity="2"))

    assert issued(opened.business) == [(None, 20, 1, None, "USD")] * 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": ""}, "Please choose which cards you want now, or none."),
        ({"kind": "amount"}, "Write what a card is worth."),
        ({"kind": "amount", "amount_cents": "5.005"}, "more decimal places than the currency"),
        ({"kind": "amount", "amount_cents": "50", "amount_quantity": ""}, "Write how many cards you want."),
        ({"kind": "amount", "amount_cents": "50", "amount_quantity": "101"}, "Write a whole number from 1 to 100."),
        ({"kind": "amount", "amount_cents": "50", "amount_until": "2001-01-01"}, "This day is over."),
        ({"kind": "percent", "discount_percent": "101"}, "Write a whole number from 1 to 100."),
        ({"key": "x"}, "Enter a valid UUID."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_kept(browser, opened, newcomer, change, sentence):
    answer = browser.post(
        PATH, answers(sell_gift_cards="on", **change) if "key" not in change else change | {"kind": "none"}
    )

    assert sentence in answer.text
    assert issued(opened.business) == []
    assert Business.objects.get(pk=opened.pk).sell_gift_cards is False
    assert 10 not in completed(opened, newcomer)


def test_another_salon_gets_no_cards(browser, opened, rosa):
    browser.post(PATH, amounts())

    assert issued(rosa) == []
