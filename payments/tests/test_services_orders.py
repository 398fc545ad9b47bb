"""A sold gift card: one order, one page, one payment, one card, whoever learns of it first and however often."""

import itertools
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
import requests
import time_machine
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.tests.racing import at_once
from giftcards.models import GiftCard, GiftCardEntry
from messaging.models import Message
from payments import gateway
from payments.models import GiftCardOrder, LedgerEntry
from payments.services import events, orders, reconciling
from payments.services.orders import Wish
from tenants.models import Business, TenantBilling

BACK = {"success_url": "https://rosa.example/done/", "cancel_url": "https://rosa.example/"}
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 39", "cvc": "123", "name": "Anna Berg"}
WISH = Wish(amount_cents=5000, buyer_name="Anna", buyer_email="anna@example.com", recipient_email="bea@example.com")


@pytest.fixture
def shop(salon, account):
    """Rosa sells gift cards."""
    Business.objects.filter(pk=salon.pk).update(sell_gift_cards=True)
    salon.sell_gift_cards = True
    return salon


@pytest.fixture
def buy(shop):
    """`buy(**wish)`: an order and the address of its page at Stripe."""

    def act(form_key=None, **wish):
        order = orders.place(business=shop, wish=wished(**wish), form_key=form_key or str(uuid4()))
        return order, orders.payment_page(order=order, **BACK)

    return act


def wished(**changes):
    return Wish(**{name: getattr(WISH, name) for name in Wish.__slots__} | changes)


def pay(url):
    answer = requests.post(url, data=CARD, timeout=20, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def fulfil(order, shop):
    order = GiftCardOrder.objects.get(pk=order.pk)
    return orders.fulfil(order=order, business=shop, now=timezone.now())


def counted():
    """How many cards, ledger lines and mails of each kind there are."""
    mails = Counter(Message.objects.values_list("kind", flat=True))
    return GiftCard.objects.count(), LedgerEntry.objects.count(), dict(mails)


ONCE = (1, 1, {"order_receipt": 1, "gift_card": 1})


# Paying ----------------------------------------------------------------------------------------


def test_a_paid_order_becomes_a_card(buy, shop, account):
    order, url = buy(recipient_name="Bea", message="Enjoy!")
    assert pay(url) == BACK["success_url"]

    order = fulfil(order, shop)

    card = GiftCard.objects.get()
    assert (order.status, order.card, order.captured_cents, order.application_fee_cents) == ("paid", card, 5000, 50)
    assert (card.balance_cents, card.currency_code, card.pk) == (5000, "USD", order.pk)
    assert (card.buyer_name, card.recipient_name, card.message) == ("Anna", "Bea", "Enjoy!")
    assert card.expiration_date.year == timezone.now().year + 5
    assert account.ledger() == [("capture", 5000, 50)]
    entry = LedgerEntry.objects.get()
    assert (entry.kind, entry.stripe_id, entry.amount_cents) == ("capture", order.charge_id, 5000)
    assert (entry.application_fee_cents, entry.order, entry.payment_intent_id) == (50, order, order.payment_intent_id)
    assert counted() == ONCE


def test_the_ledger_is_stripes(buy, shop):
    order, url = buy()
    pay(url)
    fulfil(order, shop)

    report = reconciling.reconcile(business=shop, now=timezone.now())

    assert (report.differences, report.orphans) == ([], [])


def test_money_and_order_say_whose_they_are(buy, shop, account):
    order, url = buy()
    pay(url)

    [row] = account.rows()
    assert row["metadata"] == {"tenant": connection.schema_name, "order_id": str(order.pk)}


def test_an_unpaid_order_becomes_nothing(buy, shop):
    order, url = buy()

    assert (fulfil(order, shop).status, url != "") == ("created", True)
    assert counted() == (0, 0, {})


def test_asked_again_nothing_is_done_twice(buy, shop):
    order, url = buy()
    pay(url)

    for _ in range(3):
        fulfil(order, shop)

    assert counted() == ONCE
    assert GiftCardEntry.objects.count() == 1


def test_a_card_for_another_day_waits_for_it(buy, shop):
    day = timezone.localdate(timezone=shop.zone) + timedelta(days=9)
    order, url = buy(deliver_on=day)
    pay(url)

    fulfil(order, shop)

    assert counted() == (1, 1, {"order_receipt": 1})
    assert GiftCard.objects.get().deliver_on == day


def test_without_a_recipient_the_buyer_gets_the_way_to_the_card(buy, shop):
    order, url = buy(recipient_email="")
    pay(url)

    fulfil(order, shop)

    mail = Message.objects.get()
    assert (mail.kind, mail.recipient) == ("order_receipt", "anna@example.com")
    assert f"{shop.url}/gift-cards/" in mail.text
    assert "$50.00 was charged" in mail.text


@pytest.mark.parametrize(("months", "last_day"), [(0, None), (3, date(2027, 5, 28))])
def test_the_salon_says_how_long_a_card_is_good(buy, shop, months, last_day):
    Business.objects.filter(pk=shop.pk).update(gift_card_months=months)
    shop.gift_card_months = months
    _, url = buy()
    pay(url)

    with time_machine.travel("2027-03-01T03:00:00Z", tick=False):  # 28 February in New York
        orders.fulfil(order=GiftCardOrder.objects.get(), business=shop, now=timezone.now())

    assert GiftCard.objects.get().expiration_date == last_day


# One order, one page ---------------------------------------------------------------------------


def test_a_form_sent_twice_is_one_order_with_one_page(buy, local_stripe):
    first, second = buy("key"), buy("key")

    assert first == second
    assert GiftCardOrder.objects.count() == 1
    assert local_stripe.calls("/v1/checkout/sessions") == 1


def test_a_form_with_other_words_is_another_order(buy):
    (first, one), (second, other) = buy("key"), buy("key", amount_cents=2500)

    assert first.pk != second.pk
    assert one != other


def test_a_lost_answer_leads_to_the_same_page(buy, shop, local_stripe):
    order = orders.place(business=shop, wish=WISH, form_key="key")
    local_stripe.fault("lost_answer", "/v1/checkout/sessions")
    with pytest.raises(gateway.GatewayUnavailable):
        orders.payment_page(order=order, **BACK)

    _, url = buy("key")

    pay(url)
    fulfil(order, shop)
    assert counted() == ONCE
    assert len(local_stripe.client(order.stripe_account_id).checkout.sessions.list().data) == 1


def test_a_paid_page_is_not_paid_again(buy, shop):
    _, url = buy("key")
    pay(url)

    assert buy("key")[1] == ""


def test_only_offered_amounts_are_sold(shop):
    for cents in (999, 50_001, 0, -5000):
        with pytest.raises(orders.AmountNotSold, match=r"from \$10.00 to \$500.00"):
            orders.place(business=shop, wish=wished(amount_cents=cents), form_key="key")

    assert GiftCardOrder.objects.count() == 0


@pytest.mark.parametrize("closed", ["not sold", "no charges"])
def test_nothing_is_sold_where_nothing_can_be(shop, closed):
    if closed == "not sold":
        shop.sell_gift_cards = False
    else:
        shop.billing.charges_enabled = False

    with pytest.raises(orders.NotSold):
        orders.place(business=shop, wish=WISH, form_key="key")


# Whoever learns of it --------------------------------------------------------------------------


def happened(account):
    """Events of the account that we act on, oldest first."""
    return [event for event in account.local.look("/events", account=account.id) if event["type"] in events.HANDLERS]


def tell(shop, event):
    events.handle(business=shop, kind=event["type"], data=event["data"]["object"])


def test_the_event_alone_issues_the_card(buy, shop, account):
    _, url = buy()
    pay(url)
    [event] = [event for event in happened(account) if event["type"] == "checkout.session.completed"]

    tell(shop, event)

    assert counted() == ONCE


def test_events_and_return_in_any_order_and_number_end_the_same(buy, shop, account):
    order, url = buy()
    pay(url)
    about = happened(account)
    assert "checkout.session.completed" in [event["type"] for event in about]

    for turn in itertools.islice(itertools.permutations([*about, None]), 40):
        for event in (*turn, *turn):
            if event:
                tell(shop, event)
            else:
                fulfil(order, shop)

    assert counted() == ONCE
    assert fulfil(order, shop).status == "paid"


@pytest.mark.django_db(transaction=True)
def test_the_browser_and_events_at_once_issue_one_card(buy, shop, account):
    order, url = buy()
    pay(url)
    [event] = [event for event in happened(account) if event["type"] == "checkout.session.completed"]

    def act(number):
        with tenant_context(shop):
            if number % 2:
                tell(shop, event)
            else:
                fulfil(order, shop)

    at_once(8, act)

    assert counted() == ONCE
    assert account.ledger() == [("capture", 5000, 50)]


@pytest.mark.parametrize("path", ["/v1/checkout/sessions/", "/v1/payment_intents/"])
@pytest.mark.parametrize("fault", ["500", "lost_answer"])
def test_stripe_that_does_not_answer_is_asked_again(buy, shop, local_stripe, path, fault):
    order, url = buy()
    pay(url)
    local_stripe.fault(fault, path, method="GET")

    with pytest.raises(gateway.GatewayUnavailable):
        fulfil(order, shop)
    assert counted() == (0, 0, {})
    fulfil(order, shop)

    assert counted() == ONCE


def test_the_sweep_finds_what_nobody_told(buy, shop):
    paid, url = buy()
    pay(url)
    open_order, _ = buy()
    never, _ = buy()
    GiftCardOrder.objects.filter(pk=never.pk).update(checkout_session_id=None)
    GiftCardOrder.objects.update(created_at=timezone.now() - timedelta(days=2))

    orders.finish_open_orders(business=shop, now=timezone.now())

    found = {order.pk: order.status for order in GiftCardOrder.objects.all()}
    assert found == {paid.pk: "paid", open_order.pk: "created", never.pk: "expired"}


def test_one_order_that_fails_keeps_no_other_from_its_card(buy, shop, local_stripe):
    for _ in range(2):
        _, url = buy()
        pay(url)
    GiftCardOrder.objects.update(created_at=timezone.now() - timedelta(hours=1))
    local_stripe.fault("500", "/v1/checkout/sessions/", method="GET")

    orders.finish_open_orders(business=shop, now=timezone.now())

    assert sorted(GiftCardOrder.objects.values_list("status", flat=True)) == ["created", "paid"]


def test_a_page_that_ran_out_ends_its_order(buy, shop, account):
    order, _ = buy()
    account.stripe.checkout.sessions.expire(GiftCardOrder.objects.get().checkout_session_id)
    [event] = [event for event in happened(account) if event["type"] == "checkout.session.expired"]

    tell(shop, event)

    assert fulfil(order, shop).status == "expired"
    assert counted() == (0, 0, {})


# What is not ours ------------------------------------------------------------------------------


def test_a_foreign_page_is_refused(buy, shop):
    """A page that is paid, but for another order: of another amount, or of the same."""
    first, url = buy(amount_cents=2500)
    pay(url)
    paid_page = GiftCardOrder.objects.get().checkout_session_id
    dear, _ = buy(amount_cents=50_000)
    GiftCardOrder.objects.filter(pk=first.pk).update(checkout_session_id="cs_other")
    GiftCardOrder.objects.filter(pk=dear.pk).update(checkout_session_id=paid_page)

    with pytest.raises(orders.PageMismatch):
        fulfil(dear, shop)

    assert counted() == (0, 0, {})


def test_an_account_cannot_speak_about_anothers_order(buy, shop, other_salon, local_stripe):
    order, url = buy()
    pay(url)
    stranger = local_stripe.new_account()
    TenantBilling.objects.filter(business=shop).update(stripe_account_id=stranger.id)
    shop.billing.refresh_from_db()

    orders.page_changed(business=shop, page_id=GiftCardOrder.objects.get().checkout_session_id, now=timezone.now())

    assert counted() == (0, 0, {})
    # Whose account it was bought on stays written on the order: the return asks there.
    assert fulfil(order, shop).status == "paid"


def test_another_salon_finds_no_order(buy, shop, other_salon):
    _, url = buy()
    pay(url)
    page_id = GiftCardOrder.objects.get().checkout_session_id
    with tenant_context(other_salon):
        orders.page_changed(business=other_salon, page_id=page_id, now=timezone.now())
        assert GiftCard.objects.count() == 0


def test_money_that_went_back_before_we_heard_of_it_leaves_no_card_to_spend(buy, shop, account):
    order, url = buy()
    pay(url)
    [intent] = account.intents()
    account.stripe.refunds.create({"payment_intent": intent.id, "refund_application_fee": True})

    order = fulfil(order, shop)

    assert (order.status, order.refunded_cents) == ("refunded", 5000)
    card = GiftCard.objects.get()
    assert (card.is_active, card.balance_cents) == (False, 0)


def test_a_gift_card_asks_stripe_for_no_invoice(buy, account):
    order, url = buy()
    pay(url)

    session = account.stripe.checkout.sessions.retrieve(GiftCardOrder.objects.get(pk=order.pk).checkout_session_id)
    assert (session.payment_status, session.invoice_creation.enabled, session.invoice) == ("paid", False, None)
    assert list(account.stripe.invoices.list()) == []
