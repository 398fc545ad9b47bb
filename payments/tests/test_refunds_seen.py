"""What goes back is written down as Stripe says it went, whoever gave it back and whenever we hear of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from bookings.tests.factories import at
from payments import gateway, services
from payments.models import MoneyAction, Payment
from payments.services import events, recording
from payments.tests.ledgers import at_stripe, written_down
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


def refund(salon, booking, by, **how):
    return services.refund(business=salon, booking=booking, key="r", by=by, now=timezone.now(), **how)


def tell(salon, account, kind):
    [event] = account.local.look("/events", account=account.id, type=kind)
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
