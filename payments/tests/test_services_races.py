"""Several people at one button, and one person at several. Where money itself is raced for: `test_money_races`."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.actors import SYSTEM
from bookings.models import Status
from bookings.services import NotAllowed, cancel_booking, customers
from bookings.tests.factories import at, make_customer, make_member, make_past_visit, make_service
from payments import services
from payments.models import CardHold, CardSetup, LedgerEntry, LedgerKind, MoneyAction, Payment, SavedCard
from payments.services import holding
from payments.tests.making import book, order
from payments.tests.test_api_races import at_once
from tenants.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)
CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]


@pytest.fixture
def cut(salon):
    service = make_service()
    make_member(performs=[service])
    return service


@pytest.fixture
def by(admin):
    return actors.user(admin)


def in_salon(salon, act):
    """`act(number)` in the salon's schema; a refusal is its answer."""

    def run(number):
        with tenant_context(salon):
            try:
                return act(number)
            except DomainError as exc:
                return exc.code

    return run


def complete(salon, booking, by, key):
    return services.complete(business=salon, booking=booking, key=key, by=by, now=timezone.now()).state


@pytest.mark.parametrize("keys", ["one key", "two keys"])
def test_a_double_press_charges_once(salon, cut, account, by, keys):
    booking = book(salon, cut, at(salon), account)

    answers = at_once(
        5, in_salon(salon, lambda number: complete(salon, booking, by, "k" if keys == "one key" else f"k{number}"))
    )

    assert "succeeded" in answers
    assert set(answers) <= {
        "succeeded",
        "planned",
        "creating",
        "confirming",
        "capturing",
        "action_in_progress",
        "not_allowed",
    }
    assert account.ledger() == CHARGED
    assert MoneyAction.objects.count() == 1


def test_completing_and_cancelling_at_once_has_one_outcome(salon, cut, account, by):
    booking = book(salon, cut, at(salon), account)

    def act(number):
        if number:
            return cancel_booking(business=salon, booking=booking, by=by, now=timezone.now()).status
        return complete(salon, booking, by, "k")

    answers = at_once(2, in_salon(salon, act))

    booking.refresh_from_db()
    assert (booking.status, sorted(answers)) in (
        (Status.COMPLETED, ["not_allowed", "succeeded"]),
        (Status.CANCELED, ["canceled", "not_allowed"]),
    )
    assert account.ledger() == (CHARGED if booking.status == Status.COMPLETED else [])


def test_one_key_for_two_bookings_at_once_charges_one(salon, cut, account, by):
    both = [book(salon, cut, at(salon, clock), account) for clock in ("10:00", "12:00")]

    answers = at_once(2, in_salon(salon, lambda number: complete(salon, both[number], by, "k")))

    assert sorted(answers) == ["idempotency_mismatch", "succeeded"]
    assert account.ledger() == CHARGED
    for booking in both:
        booking.refresh_from_db()
    assert sorted(booking.status for booking in both) == ["completed", "confirmed"]


def test_a_card_started_twice_at_once_is_one(salon, cut, account):
    booking, _ = order(salon, cut, at(salon))
    CardSetup.objects.all().delete()

    answers = at_once(4, in_salon(salon, lambda number: services.prepare_card(business=salon, booking=booking)[1].id))

    assert set(answers) == {CardSetup.objects.get().setup_intent_id}


def test_confirming_at_once_promises_once(salon, cut, account):
    booking, setup_intent_id = order(salon, cut, at(salon))
    account.save_card(setup_intent_id)

    answers = at_once(
        4,
        in_salon(
            salon, lambda number: services.place_booking(business=salon, booking=booking, now=timezone.now()).status
        ),
    )

    assert answers == ["confirmed"] * 4
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM messaging_message WHERE kind = 'booking_confirmed'")
        assert cursor.fetchone() == (1,)
    with pytest.raises(NotAllowed):
        services.submit_checkout(business=salon, booking=booking, details=None, address=None, now=timezone.now())


@pytest.fixture
def near(salon, cut, account):
    """A visit in three days, of a salon that holds the price of near ones."""
    salon.hold_near_visits = True
    salon.save()
    return book(salon, cut, at(salon, days=3), account)


def live(account):
    return [intent.status for intent in account.intents() if intent.status != "canceled"]


def test_four_sweeps_at_once_hold_once(salon, near, account):
    at_once(4, in_salon(salon, lambda number: holding.place_due(business=salon, now=timezone.now())))

    assert account.ledger() == [("authorization", 5000, 0)]
    assert list(CardHold.objects.values_list("state", flat=True)) == ["held"]


def test_completing_while_sweeps_hold_charges_once(salon, near, account, by):
    def act(number):
        if number:
            return holding.place_due(business=salon, now=timezone.now())
        return complete(salon, near, by, "k")

    at_once(4, in_salon(salon, act))
    holding.release_open()

    assert MoneyAction.objects.get().state == "succeeded"
    assert [row for row in account.ledger() if row[0] == "capture"] == [("capture", 5000, 50)]
    assert live(account) == ["succeeded"]


def test_cancelling_while_sweeps_hold_leaves_nothing_held(salon, near, account, by):
    def act(number):
        if number:
            return holding.place_due(business=salon, now=timezone.now())
        return cancel_booking(business=salon, booking=near, by=by, now=timezone.now()).status

    at_once(4, in_salon(salon, act))
    holding.release_open()

    assert live(account) == []
    assert set(CardHold.objects.values_list("state", flat=True)) <= {"released"}


def test_one_try_again_pressed_many_times_at_once_tries_once(salon, cut, account, by):
    booking = book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail")
    complete(salon, booking, by, "k")

    at_once(
        8,
        in_salon(
            salon, lambda number: services.try_again(booking=booking, key="again", by=by, now=timezone.now()).state
        ),
    )

    assert MoneyAction.objects.get(kind="complete").declines == 2
    assert MoneyAction.objects.filter(kind="retry").count() == 1


def test_choosing_a_kept_card_and_removing_it_at_once_never_leaves_a_visit_without_a_card(salon, cut, account):
    first = book(salon, cut, at(salon), account)
    setup = first.card_setup
    card = SavedCard.objects.create(
        customer=first.customer,
        stripe_account_id=account.id,
        stripe_customer_id=setup.stripe_customer_id,
        payment_method_id=setup.payment_method_id,
        consented_at=timezone.now(),
    )
    second, _ = order(salon, cut, at(salon, "14:00"))
    CardSetup.objects.filter(booking=second).delete()

    def act(number):
        if number:
            services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())
            return services.forget_removed_cards()
        return services.choose_kept_card(booking=second, card=card).status

    answers = at_once(2, in_salon(salon, act))

    card.refresh_from_db()
    assert card.removed_at is not None
    if "succeeded" in answers:
        assert (answers, card.detached_at) == (["succeeded", 0], None)
    else:
        assert answers == ["card_gone", 1]
        assert not CardSetup.objects.filter(booking=second).exists()


def wait_for_somebody_who_waits():
    """Until another connection of this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)


@pytest.mark.parametrize("what", ["merged", "erased"])
def test_what_stripe_has_moved_is_written_while_its_customer_changes(salon, cut, account, by, what):
    """Who writes it holds the payment and refers to the visit; who merges or forgets holds the visit and wants the payment."""
    booking = make_past_visit(book(salon, cut, at(salon), account))
    complete(salon, booking, by, "k")
    twin, held = make_customer("Anna B.", "anna.b@example.com"), threading.Event()

    def act(number):
        if number:
            held.wait(timeout=20)
            if what == "merged":
                return customers.merge_customers(customer=twin, other=booking.customer, by=SYSTEM, now=timezone.now())
            return customers.erase_customer(customer=booking.customer, by=SYSTEM, now=timezone.now())
        with transaction.atomic():
            payment = Payment.objects.select_for_update(no_key=True).get(booking=booking)
            held.set()
            wait_for_somebody_who_waits()
            return LedgerEntry.objects.create(
                kind=LedgerKind.REFUND,
                stripe_id="re_1",
                stripe_account_id=account.id,
                payment_intent_id="pi_1",
                amount_cents=100,
                currency_code="USD",
                booking=booking,
                payment=payment,
                at=timezone.now(),
            ).stripe_id

    written, changed = at_once(2, in_salon(salon, act))

    assert written == "re_1"
    assert changed == (twin if what == "merged" else booking.customer)
