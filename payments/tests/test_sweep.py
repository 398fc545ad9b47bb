"""The sweep finishes what was left half done, whatever one of it may be like."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from bookings.models import Status
from bookings.services import cancel_booking
from bookings.tests.factories import at
from giftcards.services import GiftCardSettled
from messaging.models import Message
from payments import gateway, services
from payments.models import CardHold, MoneyAction, Payment
from payments.services import driving, driving_charges, holding, recovery
from payments.tests.conftest import repoint
from payments.tests.making import book

CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def visit(salon, cut, ann, account):
    return lambda clock="10:00", card="pm_card_visa", days=7: book(
        salon, cut, at(salon, clock, days=days), account, card
    )


@pytest.fixture
def press(salon, by):
    def run(verb, booking, **how):
        key = f"key-{MoneyAction.objects.count()}"
        return verb(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)

    return run


@pytest.fixture
def waiting(visit, press, account):
    """Two presses that Stripe did not answer, the older one first."""
    account.local.fault("500", "payment_intents$", times=2)
    return [press(services.complete, visit(clock)) for clock in ("09:00", "11:00")]


def later(hours=0, minutes=2):
    past = timezone.now() - timedelta(hours=hours, minutes=minutes)
    MoneyAction.objects.filter(updated_at__gt=past).update(updated_at=past)
    return services.finish_open_actions(now=timezone.now())


def test_a_press_that_breaks_its_driver_does_not_keep_the_others_waiting(waiting, account, monkeypatch, caplog):
    first, second = waiting
    real = driving_charges.drive

    def breaks(action):
        if action.pk == first.pk:
            raise GiftCardSettled
        real(action)

    monkeypatch.setattr(driving_charges, "drive", breaks)
    MoneyAction.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(hours=1))

    assert later() == 2

    second.refresh_from_db()
    assert second.state == "succeeded"
    assert [record.msg["event"] for record in caplog.records if record.levelname == "ERROR"] == ["money_action_broken"]
    first.refresh_from_db()
    assert (first.state, first.leased_until, "GiftCardSettled" in first.last_error) == ("creating", None, True)


def test_a_press_is_driven_again_however_often_it_was(waiting):
    first, _ = waiting
    MoneyAction.objects.filter(pk=first.pk).update(attempts=driving.MOST_ATTEMPTS)

    later()

    first.refresh_from_db()
    assert (first.state, first.attempts) == ("succeeded", driving.MOST_ATTEMPTS)


def test_a_driver_ends_its_own_lease_only(visit, press, account, monkeypatch):
    """It was too slow; the driver that took over keeps what it has."""
    until, real = timezone.now() + timedelta(seconds=50), gateway.create_payment

    def taken_over(**how):
        MoneyAction.objects.update(leased_until=until)
        raise gateway.GatewayUnavailable("nobody there")

    monkeypatch.setattr(gateway, "create_payment", taken_over)
    action = press(services.complete, visit())

    assert action.leased_until == until
    monkeypatch.setattr(gateway, "create_payment", real)
    assert services.drive(action).state == "creating"


# A customer who has confirmed, and no event that says so ------------------------------------------


def test_a_payment_the_customer_has_confirmed_is_captured_though_no_event_came(visit, press, account):
    booking = visit(card="pm_card_authenticationRequired")
    action = press(services.complete, booking)
    account.confirm_at_the_bank(action.payment_intent_id, booking.card_setup.payment_method_id)

    recovery.look_again(now=timezone.now())
    assert account.ledger() == CHARGED[:1]
    later(hours=2)
    recovery.look_again(now=timezone.now())

    action.refresh_from_db()
    assert action.state == "succeeded"
    assert account.ledger() == CHARGED
    assert Message.objects.filter(kind="receipt").count() == 1


@pytest.mark.parametrize("card", ["pm_card_authenticationRequired", "pm_card_chargeCustomerFail"])
def test_a_payment_that_still_waits_is_asked_about_once_an_hour_and_never_tried(visit, press, account, card):
    action = press(services.complete, visit(card=card))
    later(hours=2)
    calls = account.local.calls("/payment_intents/")

    assert [recovery.look_again(now=timezone.now()) for _ in range(3)] == [1, 0, 0]

    action.refresh_from_db()
    assert action.state in ("needs_customer", "failed")
    assert account.local.calls("/payment_intents/") == calls


def test_a_stripe_that_is_away_is_asked_again_in_an_hour(visit, press, account, settings):
    action = press(services.complete, visit(card="pm_card_authenticationRequired"))
    later(hours=2)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()

    assert recovery.look_again(now=timezone.now()) == 1

    action.refresh_from_db()
    assert action.state == "needs_customer"


# An intent given up at Stripe ---------------------------------------------------------------------


def test_a_payment_given_up_at_stripe_is_tried_again_with_a_new_one(visit, press, account):
    action = press(services.complete, visit(card="pm_card_authenticationRequired"))
    account.stripe.payment_intents.cancel(action.payment_intent_id)
    assert services.retry(action=action).state == "failed"

    booking = action.booking
    setup = booking.card_setup
    method = account.stripe.payment_methods.attach("pm_card_visa", {"customer": setup.stripe_customer_id})
    setup.payment_method_id = method.id
    setup.save()
    done = services.card_replaced(booking=booking)

    assert done.state == "succeeded"
    assert done.payment_intent_id != action.payment_intent_id
    assert Payment.objects.get().provider_payment_id == done.payment_intent_id
    assert account.ledger() == CHARGED
    assert sorted(intent.status for intent in account.intents()) == ["canceled", "succeeded"]


# Holds --------------------------------------------------------------------------------------------


@pytest.fixture
def near(salon, visit):
    salon.hold_near_visits = True
    return visit(days=2)


@pytest.mark.parametrize("what", ["pressed", "called off"])
def test_nothing_is_held_for_a_visit_that_was_settled_a_moment_ago(salon, near, press, by, account, monkeypatch, what):
    """The sweep has chosen the visit; before it writes the hold down, somebody is faster."""
    real = holding.plan

    def overtaken(*, booking, now):
        if what == "pressed":
            press(services.complete, near)
        else:
            cancel_booking(business=salon, booking=near, by=by, now=timezone.now())
        return real(booking=booking, now=now)

    monkeypatch.setattr(holding, "plan", overtaken)

    assert holding.place_due(business=salon, now=timezone.now()) == 0

    near.refresh_from_db()
    assert CardHold.objects.count() == 0
    assert (near.status, account.ledger()) in ((Status.COMPLETED, CHARGED), (Status.CANCELED, []))


def test_a_hold_that_breaks_its_driver_does_not_keep_the_others_waiting(salon, visit, account, monkeypatch):
    salon.hold_near_visits = True
    for clock in ("09:00", "11:00"):
        visit(clock, days=2)
    account.local.fault("500", "payment_intents$", times=2)
    holding.place_due(business=salon, now=timezone.now())
    CardHold.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    real, broken = holding._steps, CardHold.objects.earliest("created_at")

    def breaks(hold):
        if hold.pk == broken.pk:
            raise ValueError("odd")
        real(hold)

    monkeypatch.setattr(holding, "_steps", breaks)

    services.finish_open_holds(now=timezone.now())

    assert sorted(CardHold.objects.values_list("state", flat=True)) == ["creating", "held"]
