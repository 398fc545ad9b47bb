"""Buying a gift card as a browser without scripts does it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from giftcards.models import GiftCard
from payments import order_links
from payments.models import GiftCardOrder
from payments.tests.test_services_orders import pay, shop
from tenants.models import Business
from tenants.tests.api import ELSEWHERE, NO_STATIC

__all__ = ["shop"]
pytestmark = NO_STATIC
SHOP = "/gift-cards/"


def typed(client, **changes):
    key = re.search(r'name="form_key" value="([^"]+)"', client.get(SHOP).text)[1]
    return {
        "form_key": key,
        "amount": "5000",
        "buyer_name": "Anna Berg",
        "buyer_email": "Anna@Example.com",
        "recipient_name": "Bea",
        "recipient_email": "bea@example.com",
        "message": "Enjoy!",
        "deliver_on": "",
        "own_amount": "",
    } | changes


def order_path(order):
    return reverse("payments:gift-card-order", args=[order_links.order_token(order)])


def wrong(answer):
    return {name for name, errors in answer.context["form"].errors.items() if errors}


def test_a_gift_card_is_bought(shop, salon_client):
    answer = salon_client.post(SHOP, typed(salon_client))

    order = GiftCardOrder.objects.get()
    assert answer.status_code == 302
    assert (order.amount_cents, order.buyer_email, order.recipient_name) == (5000, "anna@example.com", "Bea")
    back = pay(answer["Location"])
    assert back == shop.url + order_path(order)
    page = salon_client.get(order_path(order))
    assert "Thank you, Anna Berg." in page.text
    assert "is on its way to bea@example.com" in page.text
    assert GiftCard.objects.get().balance_cents == 5000


def test_the_page_may_lead_to_stripe_and_nowhere_else(shop, salon_client, local_stripe, settings):
    settings.STRIPE_JS_URL = f"{local_stripe.base}/v3/"

    for answer in (salon_client.get(SHOP), salon_client.post(SHOP, typed(salon_client))):
        policy = answer["Content-Security-Policy"].split("; ")
        assert f"form-action 'self' {local_stripe.base}" in policy
        assert "script-src 'self'" in policy


def test_a_form_sent_twice_leads_to_one_page(shop, salon_client):
    body = typed(salon_client)

    first, second = (salon_client.post(SHOP, body)["Location"] for _ in range(2))

    assert first == second
    pay(first)
    assert salon_client.post(SHOP, body)["Location"] == shop.url + order_path(GiftCardOrder.objects.get())


@pytest.mark.parametrize(
    ("own", "cents"), [("30", 3000), ("10", 1000), ("500.00", 50_000), ("9.99", None), ("500.01", None), ("", None)]
)
def test_an_amount_of_ones_own_has_bounds(shop, salon_client, own, cents):
    answer = salon_client.post(SHOP, typed(salon_client, amount="other", own_amount=own))

    if cents:
        assert GiftCardOrder.objects.get().amount_cents == cents
    else:
        assert wrong(answer) == {"own_amount"}
        assert "from $10.00 to $500.00" in answer.text
        assert GiftCardOrder.objects.count() == 0


def days(business, count):
    return (timezone.localdate(timezone=business.zone) + timedelta(days=count)).isoformat()


WRONG = {
    "no name": ({"buyer_name": ""}, {"buyer_name"}),
    "no address": ({"buyer_email": "anna"}, {"buyer_email"}),
    "an amount that is not offered": ({"amount": "1"}, {"amount"}),
    "no key": ({"form_key": "x"}, {"form_key"}),
    "yesterday": ({"deliver_on": -1}, {"deliver_on"}),
    "far away": ({"deliver_on": 366}, {"deliver_on"}),
    "a day and nobody to write to": ({"deliver_on": 5, "recipient_email": ""}, {"recipient_email"}),
}


@pytest.mark.parametrize(("changes", "fields"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_and_what_was_typed_kept(shop, salon_client, changes, fields):
    if isinstance(day := changes.get("deliver_on"), int):
        changes = changes | {"deliver_on": days(shop, day)}

    answer = salon_client.post(SHOP, typed(salon_client, **changes))

    assert (answer.status_code, wrong(answer)) == (200, fields)
    assert "Enjoy!" in answer.text
    assert GiftCardOrder.objects.count() == 0


def test_a_card_is_not_sent_after_it_has_ended(shop, salon_client):
    Business.objects.filter(pk=shop.pk).update(gift_card_months=1)

    answer = salon_client.post(SHOP, typed(salon_client, deliver_on=days(shop, 40)))

    assert wrong(answer) == {"deliver_on"}


def test_a_stripe_that_is_away_is_told_and_tried_again_with_another_key(shop, salon_client, local_stripe):
    local_stripe.fault("500", "/v1/checkout/sessions")
    body = typed(salon_client)

    answer = salon_client.post(SHOP, body)

    assert answer.status_code == 503
    assert "Nothing was charged" in answer.text
    key = re.search(r'name="form_key" value="([^"]+)"', answer.text)[1]
    assert key != body["form_key"]
    assert salon_client.post(SHOP, body | {"form_key": key}).status_code == 302


def test_orders_of_one_address_are_limited(shop, salon_client):
    body = typed(salon_client)

    seen = [salon_client.post(SHOP, body, REMOTE_ADDR=ELSEWHERE).status_code for _ in range(21)]

    assert seen == [302] * 20 + [429]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_salon_that_sells_none_has_no_such_page(salon, account, salon_client, method):
    assert getattr(salon_client, method)(SHOP).status_code == 404


def test_the_front_page_leads_there_when_cards_are_sold(shop, salon_client):
    assert f'href="{SHOP}"' in salon_client.get("/").text
    Business.objects.filter(pk=shop.pk).update(sell_gift_cards=False)
    assert f'href="{SHOP}"' not in salon_client.get("/").text


# Coming back -----------------------------------------------------------------------------------


@pytest.fixture
def order(shop, salon_client):
    """An order, with the address of its page at Stripe as `order.url`."""
    url = salon_client.post(SHOP, typed(salon_client))["Location"]
    order = GiftCardOrder.objects.get()
    order.url = url
    return order


def test_who_comes_back_without_paying_can_go_on(order, salon_client):
    page = salon_client.get(order_path(order))

    assert "Not paid yet" in page.text
    assert order.url in page.text
    assert GiftCard.objects.count() == 0


def test_a_page_that_ran_out_says_so(order, salon_client, account):
    account.stripe.checkout.sessions.expire(order.checkout_session_id)

    assert "This order has run out." in salon_client.get(order_path(order)).text


def test_while_stripe_is_away_nothing_is_claimed(order, salon_client, local_stripe):
    pay(order.url)
    local_stripe.fault("500", "/v1/checkout/sessions/", method="GET")

    assert "We are waiting for the payment service." in salon_client.get(order_path(order)).text
    assert "Thank you, Anna Berg." in salon_client.get(order_path(order)).text


def test_the_page_is_kept_by_nobody_and_opened_by_its_link_only(order, other_salon, salon_client, other_client):
    page = salon_client.get(order_path(order))

    assert "no-store" in page["Cache-Control"]
    assert (page["X-Robots-Tag"], page["Referrer-Policy"]) == ("noindex, nofollow", "no-referrer")
    assert other_client.get(order_path(order)).status_code == 404
    with tenant_context(other_salon):
        foreign = order_path(order)
    assert salon_client.get(foreign).status_code == 404
