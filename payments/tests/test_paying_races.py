"""A customer at the pay page and staff at their buttons, at one moment: one payment, once, or none."""

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.tests.factories import DETAILS, at, make_member, make_service
from bookings.tests.racing import at_once
from config.testing_client import HostClient
from giftcards.models import GiftReservation
from giftcards.tests.making import balance, code, make_card
from payments import services
from payments.links import pay_token
from payments.models import LedgerEntry, MoneyAction, Payment
from payments.services import events, pressing
from payments.tests.making import book, order
from tenants.errors import DomainError
from tenants.tests.api import NO_STATIC

pytestmark = [NO_STATIC, pytest.mark.django_db(transaction=True)]
CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]
RELEASED = [("authorization", 5000, 0), ("release", 5000, 0)]


@pytest.fixture
def cut(salon):
    service = make_service()
    make_member(performs=[service])
    return service


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def confirmed(salon, cut, account, local_stripe, by):
    """A charge its customer has just confirmed with their bank; nobody here knows yet."""
    booking = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")
    action = services.complete(business=salon, booking=booking, key="press", by=by, now=timezone.now())
    method = booking.card_setup.payment_method_id
    account.stripe.payment_intents.confirm(action.payment_intent_id, {"payment_method": method})
    local_stripe.control("/authentications", intent=action.payment_intent_id, outcome="complete")
    return action


def in_salon(salon, act):
    with tenant_context(salon):
        try:
            return act()
        except DomainError as exc:
            return exc.code


def settled():
    return Payment.objects.values_list("captured_cents", "cash_cents").get()


def test_the_form_sent_four_times_at_once_charges_once(salon, confirmed, account):
    with tenant_context(salon):
        url = f"/pay/{pay_token(confirmed.booking)}/"
    answers = at_once(
        4, lambda number: HostClient.opened(salon).post(url, {"done": confirmed.payment_intent_id}).status_code
    )

    assert answers == [302] * 4
    assert account.ledger() == CHARGED
    assert settled() == (5000, 0)


@pytest.mark.parametrize("button", ["try again", "an event", "the sweep"])
def test_the_customer_and_somebody_else_at_once_charge_once(salon, confirmed, account, by, button):
    url = f"/pay/{pay_token(confirmed.booking)}/"
    intent = {"id": confirmed.payment_intent_id, "object": "payment_intent"}
    others = {
        "try again": lambda: services.try_again(booking=confirmed.booking, key="again", by=by, now=timezone.now()),
        "an event": lambda: events.handle(business=salon, kind="payment_intent.amount_capturable_updated", data=intent),
        "the sweep": lambda: services.drive(MoneyAction.objects.get(pk=confirmed.pk)),
    }

    def act(number):
        if number % 2:
            return in_salon(salon, others[button])
        return HostClient.opened(salon).post(url, {"done": confirmed.payment_intent_id}).status_code

    at_once(4, act)

    assert account.ledger() == CHARGED
    assert settled() == (5000, 0)
    assert MoneyAction.objects.get(kind="complete").state == "succeeded"


def test_the_customer_and_paid_in_cash_at_once_have_one_outcome(salon, confirmed, account, by):
    url = f"/pay/{pay_token(confirmed.booking)}/"

    def act(number):
        if number:
            return in_salon(
                salon,
                lambda: (
                    services.take_cash(
                        business=salon, booking=confirmed.booking, key="cash", by=by, now=timezone.now()
                    ).state
                ),
            )
        return HostClient.opened(salon).post(url, {"done": confirmed.payment_intent_id}).status_code

    at_once(2, act)

    assert (settled(), account.ledger()) in (((5000, 0), CHARGED), ((0, 5000), RELEASED))
    assert not MoneyAction.objects.exclude(state__in=["succeeded", "abandoned"]).exists()


def test_writing_down_what_was_charged_does_not_wait_for_a_press(salon, cut, account, by):
    """The press holds the booking and waits for the payment; the driver holds the payment and names the booking."""
    booking = book(salon, cut, at(salon), account)
    payment = Payment.objects.get()

    def driver(number):
        with tenant_context(salon), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            Payment.objects.select_for_update().get(pk=payment.pk)
            entry = {"kind": "capture", "stripe_id": "ch_1", "amount_cents": 1, "currency_code": "USD"}
            return LedgerEntry.objects.create(booking=booking, payment=payment, at=timezone.now(), **entry).kind

    with transaction.atomic():
        pressing.locked_booking(booking)
        answers = at_once(1, driver)

    assert answers == ["capture"]


# Gift cards and cards at checkout, at one moment ------------------------------------------------------


def test_one_gift_card_at_four_checkouts_pays_once(salon, cut, account):
    card = make_card(5000)
    held = [order(salon, cut, at(salon, clock))[0] for clock in ("09:00", "11:00", "13:00", "15:00")]
    typed = code(card)

    def act(number):
        return in_salon(
            salon,
            lambda: services.put_gift_card_aside(
                business=salon, booking=held[number], code=typed, address=None, now=timezone.now()
            ),
        )

    answers = at_once(4, act)

    assert sorted(answers, key=str) == [None, *["gift_card_invalid"] * 3]
    assert (GiftReservation.objects.count(), balance(card)) == (1, 0)


def test_taking_a_gift_card_off_and_booking_at_once_books_what_was_agreed(salon, cut, account):
    booking, _ = order(salon, cut, at(salon))
    services.put_gift_card_aside(
        business=salon, booking=booking, code=code(make_card(9000)), address=None, now=timezone.now()
    )
    booking = services.submit_checkout(
        business=salon, booking=booking, details=DETAILS, address=None, now=timezone.now()
    )

    def act(number):
        if number:
            return in_salon(
                salon, lambda: services.take_gift_card_off(booking=booking, address=None, now=timezone.now())
            )
        return in_salon(
            salon, lambda: services.place_booking(business=salon, booking=booking, now=timezone.now()).status
        )

    answers = at_once(2, act)

    booking.refresh_from_db()
    reserved = GiftReservation.objects.filter(state="reserved").exists()
    assert (booking.status, reserved) in (("confirmed", True), ("pending", False))
    assert sorted(answers, key=str) in (["confirmed", "not_allowed"], [None, "gift_card_changed"])
