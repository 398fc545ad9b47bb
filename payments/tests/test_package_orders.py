"""A package bought online: issued as it was ordered, once, and its sale given back by what nobody has used."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.links import manage_token
from bookings.models import Status
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once
from giftcards import services as giftcards
from giftcards.models import GiftCard
from giftcards.tests.making import code, make_offer, reserve, uses
from messaging.models import Message
from payments import services
from payments.models import GiftCardOrder, LedgerEntry
from payments.services import events, orders, orders_back
from payments.tests.test_pages_gift_cards import order_path, wrong
from payments.tests.test_services_orders import BACK, fulfil, pay, wished
from tenants.tests.api import ELSEWHERE, NO_STATIC

pytestmark = NO_STATIC


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def offer(salon, cut, ann, account):
    return make_offer(cut)


@pytest.fixture
def buy(salon, offer):
    """`buy()`: an order of the package and the address of its page at Stripe."""

    def act(**wish):
        wish = wished(amount_cents=offer.price_cents, **wish)
        order = orders.place_package(
            business=salon, package=offer, wish=wish, form_key=str(uuid4()), seen=offer.version
        )
        return order, orders.payment_page(order=order, **BACK)

    return act


@pytest.fixture
def sold(salon, buy):
    """A paid order."""
    order, url = buy(recipient_email="")
    pay(url)
    return fulfil(order, salon)


def refund(order, by, key="refund-1"):
    return services.refund_order(order=order, key=key, by=by, now=timezone.now())


def test_a_paid_order_becomes_the_package_that_was_ordered(salon, buy, offer, cut, by, account):
    order, url = buy()
    changed = {"visits": 3, "price_cents": 30_000, "name": "Other", "active": False}
    giftcards.change_package(package=offer, fields=changed, by=by, now=timezone.now())
    pay(url)

    fulfil(order, salon)
    fulfil(order, salon)

    card = GiftCard.objects.get()
    assert (card.title, card.usage_limit, card.discount_percent, card.price_cents) == ("5 × Cut", 5, 100, 20_000)
    assert (card.service_ids, card.package, card.paid_by, card.pk) == ([cut.pk], offer, "online", order.pk)
    assert card.expiration_date.year == timezone.now().year + 1
    assert account.ledger() == [("capture", 20_000, 200)]
    assert LedgerEntry.objects.count() == 1


def test_the_mails_say_what_was_bought(salon, buy, offer):
    order, url = buy()
    pay(url)
    fulfil(order, salon)

    receipt, card = Message.objects.get(kind="order_receipt"), Message.objects.get(kind="gift_card")
    assert receipt.subject == "Your package from Rosa Studio"
    assert "$200.00 was charged for the package 5 × Cut." in receipt.text
    assert card.subject == "5 × Cut at Rosa Studio"
    assert ("Left: 5 of 5 visits" in card.text, "Good for Cut." in card.text) == (True, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"active": False},
        {"sold_online": False},
        {"price_cents": 21_000},
        {"visits": 3},
        {"valid_months": 1},
        {"description": "On Mondays only."},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_package_that_is_not_sold_like_that_is_not_ordered(salon, offer, by, fields):
    seen = offer.version
    giftcards.change_package(package=offer, fields=fields, by=by, now=timezone.now())

    with pytest.raises(orders.PackageNotOnOffer):
        orders.place_package(business=salon, package=offer, wish=wished(amount_cents=20_000), form_key="k", seen=seen)

    assert not GiftCardOrder.objects.exists()


def test_a_refund_gives_back_the_share_of_unused_visits(salon, sold, cut, by, account):
    reserve(salon, make_booking(salon, cut, at(salon)), sold.card)

    pressed = refund(sold, by)

    sold.refresh_from_db()
    assert (pressed.state, pressed.amount_cents, sold.refunded_cents, sold.status) == (
        "succeeded", 16_000, 16_000, "paid",
    )  # fmt: skip
    assert (uses(sold.card), GiftCard.objects.get().is_active) == (5, False)
    assert [kind for kind, *_ in account.ledger()] == ["capture", "refund"]
    assert "for the unused visits of the package 5 × Cut" in Message.objects.get(kind="order_refunded").text


@pytest.mark.parametrize(
    ("currency", "price", "one_visit"), [("KWD", 10_000, 3_330), ("ISK", 1_000_000, 333_300), ("JPY", 10_000, 3_333)]
)
def test_a_share_of_the_price_is_given_back_in_amounts_that_stripe_moves(
    salon, cut, ann, account, by, currency, price, one_visit
):
    """Thirds of a price: the currency's smallest coin may be larger than its last digit."""
    salon.currency_code = currency
    salon.save(update_fields=["currency_code"])
    offer = make_offer(cut, visits=3, price_cents=price)
    wish = wished(amount_cents=price, recipient_email="")
    order = orders.place_package(business=salon, package=offer, wish=wish, form_key="k", seen=offer.version)
    pay(orders.payment_page(order=order, **BACK))
    order = fulfil(order, salon)
    for hour in ("10:00", "12:00"):
        reserve(salon, make_booking(salon, cut, at(salon, hour)), order.card)

    pressed = refund(order, by)

    order.refresh_from_db()
    assert (pressed.state, pressed.amount_cents, order.refunded_cents) == ("succeeded", one_visit, one_visit)


def test_what_comes_back_later_can_be_refunded_then_and_never_more_than_was_paid(salon, buy, offer, cut, by):
    giftcards.change_package(package=offer, fields={"visits": 3, "price_cents": 10_000}, by=by, now=timezone.now())
    offer.refresh_from_db()
    order, url = buy()
    pay(url)
    order = fulfil(order, salon)
    booking = make_booking(salon, cut, at(salon))
    reserve(salon, booking, order.card)

    assert refund(order, by).amount_cents == 6666
    with pytest.raises(services.NothingToRefund):
        refund(order, by, key="refund-2")
    giftcards.release(booking=booking, now=timezone.now())
    order.refresh_from_db()
    assert orders_back.unspent_cents(order) == 3333
    assert refund(order, by, key="refund-3").amount_cents == 3333
    order.refresh_from_db()
    assert (order.refunded_cents, order.captured_cents) == (9999, 10_000)


def test_a_package_that_was_used_up_is_not_refunded(salon, sold, cut, by):
    GiftCard.objects.update(usage_count=5)

    with pytest.raises(services.NothingToRefund):
        refund(sold, by)

    assert GiftCard.objects.get().is_active


def test_a_refund_the_bank_sends_back_makes_the_visits_good_again(salon, sold, cut, by):
    reserve(salon, make_booking(salon, cut, at(salon)), sold.card)
    pressed = refund(sold, by)

    orders_back.not_refunded(action=pressed, now=timezone.now())

    assert (uses(sold.card), GiftCard.objects.get().is_active) == (1, True)


def test_visits_that_are_booked_are_never_handed_back(salon, sold, cut, by):
    reserve(salon, make_booking(salon, cut, at(salon)), sold.card)
    refund(sold, by)

    giftcards.hand_back(card=sold.card, visits=5, reason="x", by=by, now=timezone.now())

    assert uses(sold.card) == 1


@pytest.mark.django_db(transaction=True)
def test_paying_with_a_package_and_refunding_it_at_once_lose_nothing(salon, sold, cut, by):
    for number in range(5):
        make_member(f"Bea {number}", performs=[cut])
    guests = [Details(f"Guest {number}", f"guest{number}@example.com", "") for number in range(4)]
    visits = [make_booking(salon, cut, at(salon), details=guest, status=Status.PENDING) for guest in guests]

    def act(number):
        with tenant_context(salon):
            if number == 4:
                try:
                    return refund(sold, by).amount_cents
                except services.NothingToRefund:
                    return 0
            try:
                giftcards.reserve(booking=visits[number], code=code(sold.card), business=salon, now=timezone.now())
            except giftcards.GiftCardInvalid:
                return "refused"
            return "paid"

    *answers, back = at_once(5, act)

    assert back == (5 - answers.count("paid")) * 4000
    assert uses(sold.card) == 5


# Pages -----------------------------------------------------------------------------------------


def page_of(offer):
    return f"/packages/{offer.pk}/"


def typed(client, offer, **changes):
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', client.get(page_of(offer)).text))
    return (
        hidden
        | {
            "buyer_name": "Anna Berg",
            "buyer_email": "Anna@Example.com",
            "recipient_name": "",
            "recipient_email": "",
            "message": "",
            "deliver_on": "",
        }
        | changes
    )


def test_the_list_says_price_a_visit_and_saving(salon, offer, salon_client):
    text = salon_client.get("/packages/").text

    assert "5 × Cut" in text
    assert "$40.00 a visit · <strong>You save $50.00</strong>" in text
    assert "Cut. Good for 1 year." in text
    assert "/packages/" in salon_client.get("/").text


def test_a_package_is_bought(salon, offer, salon_client):
    answer = salon_client.post(page_of(offer), typed(salon_client, offer))

    order = GiftCardOrder.objects.get()
    assert (answer.status_code, order.package, order.amount_cents) == (302, offer, 20_000)
    pay(answer["Location"])
    assert "Your package 5 × Cut is ready." in salon_client.get(order_path(order)).text


def test_a_price_that_has_changed_is_shown_before_it_is_paid(salon, offer, salon_client, by):
    body = typed(salon_client, offer)
    giftcards.change_package(package=offer, fields={"price_cents": 22_000}, by=by, now=timezone.now())

    answer = salon_client.post(page_of(offer), body)

    assert (answer.status_code, wrong(answer)) == (409, {"__all__"})
    assert ('name="price_cents" value="22000"' in answer.text, "$220.00" in answer.text) == (True, True)
    assert not GiftCardOrder.objects.exists()


def test_what_is_fewer_visits_by_now_is_shown_before_it_is_paid(salon, offer, salon_client, by):
    body = typed(salon_client, offer)
    giftcards.change_package(package=offer, fields={"visits": 3}, by=by, now=timezone.now())

    answer = salon_client.post(page_of(offer), body)
    unread = GiftCardOrder.objects.count()
    salon_client.post(page_of(offer), body | dict(re.findall(r'name="(seen|form_key)" value="([^"]*)"', answer.text)))

    assert (answer.status_code, wrong(answer), unread) == (409, {"__all__"}, 0)
    assert "3 × Cut" in answer.text
    assert GiftCardOrder.objects.get().package_visits == 3


@pytest.mark.parametrize("fields", [{"active": False}, {"sold_online": False}])
def test_what_is_not_sold_online_has_no_page(salon, offer, salon_client, by, fields):
    giftcards.change_package(package=offer, fields=fields, by=by, now=timezone.now())

    assert {salon_client.get(page).status_code for page in ("/packages/", page_of(offer))} == {404}
    assert "/packages/" not in salon_client.get("/").text


def test_another_salons_package_has_no_page_here(salon, other_salon, offer, client_of_other):
    assert client_of_other.get(page_of(offer)).status_code == 404


@pytest.fixture
def client_of_other(other_salon, client):
    client.defaults["HTTP_HOST"] = other_salon.host
    return client


def test_the_balance_says_what_is_left_and_for_what(salon, sold, salon_client):
    answer = salon_client.post("/gift-cards/balance/", {"code": code(sold.card)}, REMOTE_ADDR=ELSEWHERE)

    assert "5 of 5 visits left" in answer.text
    assert "Good for Cut." in answer.text


def test_events_that_arrive_after_a_refund_take_nothing_twice(salon, sold, by):
    refund(sold, by)

    events.refresh_order_refunds(order=sold)

    sold.refresh_from_db()
    assert (sold.refunded_cents, sold.status, uses(sold.card)) == (20_000, "refunded", 5)


# Coming back ------------------------------------------------------------------------------------


@pytest.fixture
def earlier(salon, cut, sold):
    """A visit that was booked with the package."""
    booking = make_booking(salon, cut, at(salon))
    reserve(salon, booking, sold.card)
    return booking


def offered(salon_client, salon, service, *, days=8):
    """The checkout of another visit in this browser."""
    day = at(salon, days=days).astimezone(salon.zone)
    answer = salon_client.post(f"/book/{service.pk}/", {"start": day.isoformat()}, follow=True)
    return answer.redirect_chain[-1][0], answer.text


def test_who_comes_back_by_the_link_of_a_visit_uses_its_package_without_a_code(salon, cut, sold, earlier, salon_client):
    salon_client.post(f"/b/{manage_token(earlier)}/again/")
    path, page = offered(salon_client, salon, cut)
    assert "Your package 5 × Cut: 4 of 5 visits left." in page

    answer = salon_client.post(f"{path}gift-card/", {"known_package": "1"}, follow=True)

    assert "is applied: 1 visit, 3 of 5 left after it. Good for Cut." in answer.text
    assert (uses(sold.card), code(sold.card) in answer.text) == (2, False)


def test_a_stranger_is_offered_no_package(salon, cut, sold, earlier, salon_client):
    path, page = offered(salon_client, salon, cut)

    answer = salon_client.post(f"{path}gift-card/", {"known_package": "1"})

    assert ("Your package" in page, answer.status_code, uses(sold.card)) == (False, 422, 1)


def test_a_package_is_not_offered_for_what_it_is_not_good_for(salon, ann, sold, earlier, salon_client):
    color = make_service("Color", cents=9000)
    color.team.add(ann)
    salon_client.post(f"/b/{manage_token(earlier)}/again/")

    _, page = offered(salon_client, salon, color)

    assert "Your package" not in page
