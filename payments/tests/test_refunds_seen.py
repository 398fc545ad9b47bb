"""What goes back is written down as Stripe says it went, whoever gave it back and whenever we hear of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from bookings.tests.factories import at
from giftcards.models import GiftCard
from giftcards.tests.making import balance, make_card, reserve, uses
from payments import gateway, services
from payments.models import MoneyAction, Payment
from payments.services import events, orders, recording
from payments.tests.ledgers import at_stripe, written_down
from payments.tests.local_stripe import pay_on_stripes_page
from payments.tests.making import book

CHARGE = {"fee_cents": 50, "captured_cents": 5000, "refunded_before_cents": 1000}


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, ann, account):
    return book(salon, cut, at(salon), account)


def complete(salon, booking, by):
    return services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())


def refund(salon, booking, by, key="r", **how):
    return services.refund(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


def tell(salon, account, kind):
    event = account.local.look("/events", account=account.id, type=kind)[-1]
    events.handle(business=salon, kind=kind, data=event["data"]["object"])


def test_our_percent_that_somebody_kept_at_stripe_is_not_written_down_as_given_back(salon, booking, account, by):
    action = complete(salon, booking, by)
    account.stripe.refunds.create({"payment_intent": action.payment_intent_id, "amount": 2000})

    tell(salon, account, "charge.refunded")

    assert at_stripe(account)["refund", action.payment_intent_id, 2000, 0, "USD"] == 1
    assert written_down(account) == at_stripe(account)


def test_a_press_after_a_refund_at_stripe_brings_back_what_stripe_says(salon, booking, account, by):
    action = complete(salon, booking, by)
    account.stripe.refunds.create({"payment_intent": action.payment_intent_id, "amount": 2000})
    tell(salon, account, "charge.refunded")

    refund(salon, booking, by)

    assert written_down(account) == at_stripe(account)
    assert Payment.objects.get().refunded_cents == 5000


def test_a_refund_told_of_before_its_charge_is_written_down_is_not_forgotten(salon, booking, account, local_stripe, by):
    """The presser died with the capture done and its lease still running; meanwhile Stripe's pages gave a part back."""
    local_stripe.fault("lost_answer", "capture$")
    action = complete(salon, booking, by)
    MoneyAction.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    account.stripe.refunds.create({"payment_intent": action.payment_intent_id, "amount": 2000})

    with pytest.raises(gateway.GatewayUnavailable):
        tell(salon, account, "charge.refunded")
    MoneyAction.objects.update(leased_until=None)
    tell(salon, account, "charge.refunded")

    assert Payment.objects.get().refunded_cents == 2000
    assert written_down(account) == at_stripe(account)


@pytest.mark.parametrize(
    ("fee_cents", "metadata", "expected"),
    [(7, {"action_id": "a"}, 7), (0, {"action_id": "a"}, 0), (None, {"action_id": "a"}, 20), (None, {}, 0)],
    ids=["as Stripe says", "none as Stripe says", "ours, not said yet", "somebody's, not said yet"],
)
def test_the_fee_that_comes_back(fee_cents, metadata, expected):
    found = gateway.RefundResult("re_1", "pending", 2000, metadata=metadata, fee_cents=fee_cents)

    assert recording.fee_back(found, **CHARGE) == expected


# A refund that the bank sent back ----------------------------------------------------------------


def bank_returns(salon, account, refund_id):
    account.local.control(f"/refunds/{refund_id}/settle", status="failed")
    tell(salon, account, "refund.failed")


def test_what_the_bank_sent_back_can_be_given_back_once_more(salon, booking, account, by):
    complete(salon, booking, by)
    bank_returns(salon, account, refund(salon, booking, by).refund_id)
    assert (Payment.objects.get().status, Payment.objects.get().refunded_cents) == ("captured", 0)

    again = refund(salon, booking, by, key="again")

    assert again.state == "succeeded"
    assert (Payment.objects.get().status, Payment.objects.get().refunded_cents) == ("refunded", 5000)
    assert written_down(account) == at_stripe(account)


def test_a_percentage_gets_its_use_back_once_though_the_refund_has_to_be_repeated(salon, booking, account, by):
    card = make_card(percent=20, usage_limit=1)
    reserve(salon, booking, card)
    complete(salon, booking, by)
    bank_returns(salon, account, refund(salon, booking, by).refund_id)

    again = refund(salon, booking, by, key="again")

    assert again.state == "succeeded"
    assert (uses(card), Payment.objects.get().refunded_cents) == (0, 4000)
    assert written_down(account) == at_stripe(account)


def test_a_sale_whose_refund_came_back_is_a_sale_again(salon, account, by):
    sale = sold(salon)
    spent_before = balance(sale.card)
    made = services.refund_order(order=sale, key="s", by=by, now=timezone.now())
    assert (balance(sale.card), made.state) == (0, "succeeded")

    bank_returns(salon, account, made.refund_id)

    sale.refresh_from_db()
    assert (sale.status, sale.refunded_cents, balance(sale.card)) == ("paid", 0, spent_before)
    assert GiftCard.objects.get().is_active
    assert written_down(account) == at_stripe(account)
    assert services.refund_order(order=sale, key="again", by=by, now=timezone.now()).state == "succeeded"
    assert written_down(account) == at_stripe(account)


def sold(salon):
    salon.sell_gift_cards = True
    wish = orders.Wish(amount_cents=5000, buyer_name="Ben", buyer_email="ben@example.com")
    sale = orders.place(business=salon, wish=wish, form_key="form")
    pay_on_stripes_page(
        orders.payment_page(order=sale, success_url="https://a.example", cancel_url="https://a.example")
    )
    sale.refresh_from_db()
    return orders.fulfil(order=sale, business=salon, now=timezone.now())


@pytest.mark.parametrize("sold_card", [False, True], ids=["a visit's", "a sale's"])
def test_a_refund_that_came_and_went_unheard_is_written_down_with_its_end(salon, cut, ann, account, by, sold_card):
    """Our percent went back with it and stays there: the ledger has to know."""
    intent_id = (
        sold(salon).payment_intent_id
        if sold_card
        else complete(salon, book(salon, cut, at(salon), account), by).payment_intent_id
    )
    made = account.stripe.refunds.create({"payment_intent": intent_id, "amount": 2000, "refund_application_fee": True})

    for _ in range(2):
        if made:
            account.local.control(f"/refunds/{made.id}/settle", status="failed")
        tell(salon, account, "refund.failed")
        made = None

    lines = written_down(account)
    assert lines == at_stripe(account)
    assert lines["refund", intent_id, 2000, 20, "USD"] == lines["refund_failed", intent_id, 2000, 0, "USD"] == 1
    if sold_card:
        assert (GiftCard.objects.get().is_active, balance(GiftCard.objects.get())) == (True, 5000)
    else:
        assert (Payment.objects.get().status, Payment.objects.get().refunded_cents) == ("captured", 0)
