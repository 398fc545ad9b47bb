"""Many at one payment, at once: money moves once. Each race is first run without its guard, to see that it is one."""

import itertools
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.tests.factories import at, make_member, make_service
from bookings.tests.racing import at_once
from messaging.models import Message
from payments import gateway, services
from payments.models import ActionState, LedgerEntry, MoneyAction, Payment, Refund
from payments.services import driving, driving_charges, events, pressing, recording, states
from payments.tests.ledgers import at_stripe, written_down
from payments.tests.making import book, with_fees
from tenants.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]
#: What a second presser may hear: too late, somebody is at it, or how far the press has come that is also theirs.
TOO_LATE = {"not_allowed", "action_in_progress"}
UNDER_WAY = {"planned", "creating", "confirming", "capturing", "succeeded"}


@pytest.fixture
def cut(salon):
    service = make_service()
    make_member(performs=[service])
    return service


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, account):
    return book(with_fees(salon), cut, at(salon), account)


@pytest.fixture
def press(salon, booking, by):
    """`press(services.complete, "key")`: the state it came to, or the refusal's code; in the salon's schema."""

    def run(verb, key, **how):
        with tenant_context(salon):
            try:
                return verb(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how).state
            except DomainError as exc:
                return exc.code
            except IntegrityError as exc:
                return exc.__cause__.diag.constraint_name

    return run


@contextmanager
def without(table, *constraints):
    """The database judges no more, until the end."""
    rules = {rule.name: rule for rule in table._meta.constraints}
    with connection.cursor() as cursor:
        for name in constraints:
            cursor.execute(f'DROP INDEX "{connection.schema_name}"."{name}"')
    try:
        yield
    finally:
        table.objects.all().update(state=ActionState.ABANDONED)
        with connection.schema_editor() as editor:
            for name in constraints:
                editor.add_constraint(table, rules[name])


@pytest.fixture
def nobody_waits(monkeypatch):
    """`nobody_waits(count)`: pressers lock nothing and find nothing open: all look before the first writes."""

    def guard_off(count):
        everybody_has_looked = threading.Barrier(count)

        def look(booking):
            found = Booking.objects.get(pk=booking.pk)
            everybody_has_looked.wait(timeout=30)
            return found

        monkeypatch.setattr(pressing, "locked_booking", look)
        monkeypatch.setattr(pressing, "refuse_open", lambda **about: None)

    return guard_off


def captures(account):
    return [amount for kind, amount, _ in account.ledger() if kind == "capture"]


# A hundred times Completed --------------------------------------------------------------------------


def test_without_the_guard_a_visit_is_charged_several_times(press, account, nobody_waits):
    """Four look, four find it open, four charge. (Their payments' rows are one: the last one's.)"""
    nobody_waits(4)

    with without(MoneyAction, "one_open_action_per_booking"):
        answers = at_once(4, lambda number: press(services.complete, f"k{number}"))

        assert answers == ["succeeded"] * 4
        assert captures(account) == [5000] * 4


def test_a_hundred_presses_at_once_charge_once(press, account, booking):
    """A hundred people at ten keys: ten double presses of each."""
    answers = Counter(at_once(100, lambda number: press(services.complete, f"k{number % 10}")))

    assert account.ledger() == CHARGED
    assert [intent.status for intent in account.intents()] == ["succeeded"]
    assert written_down(account) == at_stripe(account)
    assert (MoneyAction.objects.count(), Payment.objects.count()) == (1, 1)
    assert Message.objects.filter(kind="receipt").count() == 1
    assert AuditEntry.objects.filter(action="booking.completed").count() == 1
    assert set(answers) <= TOO_LATE | UNDER_WAY
    # One key was the first; its nine others heard of the same press, the rest that they were too late.
    assert sum(answers[code] for code in TOO_LATE) == 90
    booking.refresh_from_db()
    assert booking.status == Status.COMPLETED


# Three buttons at once ------------------------------------------------------------------------------

BUTTONS = (services.complete, services.no_show, services.cancel)
TAKES = {Status.COMPLETED: 5000, Status.NO_SHOW: 3000, Status.CANCELED: 2000}


def test_without_the_guard_a_visit_ends_in_several_ways(press, account, nobody_waits):
    """Charged twice, unless the database's last judge stops the second: two outcomes' money on one payment."""
    nobody_waits(3)

    with without(MoneyAction, "one_open_action_per_booking"):
        answers = at_once(3, lambda number: press(BUTTONS[number], f"k{number}"))

        assert len(captures(account)) > 1 or "paid_within_due" in answers


@pytest.mark.parametrize("round_number", range(3))
def test_three_buttons_at_once_have_one_outcome(press, account, booking, round_number):
    answers = at_once(6, lambda number: press(BUTTONS[number % 3], f"k{number}"))

    booking.refresh_from_db()
    assert captures(account) == [TAKES[booking.status]]
    assert answers.count("succeeded") == 1
    assert set(answers) <= TOO_LATE | {"succeeded"}
    assert written_down(account) == at_stripe(account)
    assert Payment.objects.get().captured_cents == TAKES[booking.status]


# Twenty refunds -------------------------------------------------------------------------------------


def test_without_the_guard_more_is_asked_back_than_was_taken(press, account, nobody_waits, monkeypatch):
    """Each sees 50.00 left and asks for 20.00 of it: only Stripe itself stops them, at 40.00."""
    press(services.complete, "k")
    nobody_waits(4)
    everybody_has_asked, refund = threading.Barrier(4), gateway.create_refund

    def refund_together(**how):
        everybody_has_asked.wait(timeout=30)
        return refund(**how)

    monkeypatch.setattr(gateway, "create_refund", refund_together)

    with without(MoneyAction, "one_open_action_per_booking"):
        at_once(4, lambda number: press(services.refund, f"r{number}", amount_cents=2000))

        asked = MoneyAction.objects.filter(kind="refund").values_list("amount_cents", flat=True)
        assert sum(asked) == 8000
        assert [amount for kind, amount, _ in account.ledger() if kind == "refund"] == [2000, 2000]


def test_twenty_refunds_at_once_give_back_what_was_taken_and_no_more(press, account):
    """Pressed again and again until all is back: every round at most one goes through, and the sum is exact."""
    press(services.complete, "k")
    answers = Counter()

    for turn in range(12):
        answers.update(
            at_once(20, lambda number: press(services.refund, f"r{turn}-{number}", amount_cents=900))  # noqa: B023
        )
        given = sum(amount for kind, amount, _ in account.ledger() if kind == "refund")
        assert given == Payment.objects.get().refunded_cents == 900 * answers["succeeded"] <= 5000
        if answers["succeeded"] == 5:
            break

    assert answers["succeeded"] == 5
    assert set(answers) <= {"succeeded", "action_in_progress", "nothing_to_refund"}
    assert Refund.objects.count() == 5
    assert written_down(account) == at_stripe(account)


# Drivers --------------------------------------------------------------------------------------------


def test_without_the_guard_four_drivers_of_one_press_charge_several_times(
    press, account, local_stripe, salon, monkeypatch
):
    """No lease, no compare-and-set, nobody looks whether there is an intent already: a key of one's own helps nobody."""
    local_stripe.fault("500", "payment_intents$")
    press(services.complete, "k")
    everybody_is_there, numbers = threading.Barrier(4), itertools.count(10)

    def drive_anyway(action):
        action.refresh_from_db()
        action.attempts += next(numbers)
        everybody_is_there.wait(timeout=30)
        return timezone.now()

    def move_anyway(action, to, **fields):
        MoneyAction.objects.filter(pk=action.pk).update(state=to, **fields)
        action.state = to
        for name, value in fields.items():
            setattr(action, name, value)

    monkeypatch.setattr(driving, "_lease", drive_anyway)
    monkeypatch.setattr(states, "move", move_anyway)
    monkeypatch.setattr(gateway, "find_payment", lambda **how: None)

    at_once(4, lambda number: driven(salon))

    assert len(captures(account)) > 1


def driven(salon):
    with tenant_context(salon):
        try:
            return services.drive(MoneyAction.objects.get()).state
        except OperationalError:  # of the unguarded ones, who write down at once what they have all taken
            return "deadlock"


def test_four_drivers_of_one_press_charge_once(press, account, local_stripe, salon):
    local_stripe.fault("500", "payment_intents$")
    press(services.complete, "k")

    at_once(4, lambda number: driven(salon))

    assert account.ledger() == CHARGED
    assert [intent.status for intent in account.intents()] == ["succeeded"]


@pytest.fixture
def confirmed(salon, cut, account, by):
    """A payment that waited for its customer, who has just confirmed it at the bank."""
    booking = book(salon, cut, at(salon, "14:00"), account, "pm_card_authenticationRequired")
    action = services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())
    assert action.state == ActionState.NEEDS_CUSTOMER
    account.confirm_at_the_bank(action.payment_intent_id, booking.card_setup.payment_method_id)
    MoneyAction.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    return booking


@pytest.fixture
def parties(salon, confirmed, account, by):
    """Everybody who may now go on with that payment, at the same moment."""
    [event] = account.local.look("/events", account=account.id, type="payment_intent.amount_capturable_updated")
    action = MoneyAction.objects.get()
    now = timezone.now()

    def sweep():
        services.finish_open_actions(now=now)
        services.look_again(now=now)

    return {
        "sweep": sweep,
        "event": lambda: events.handle(business=salon, kind=event["type"], data=event["data"]["object"]),
        "pay link": lambda: services.customer_acted(action=MoneyAction.objects.get(pk=action.pk)),
        "presser": lambda: services.try_again(booking=confirmed, key="again", by=by, now=now),
        "till": lambda: services.take_cash(business=salon, booking=confirmed, key="cash", by=by, now=now),
    }


def all_at_once(salon, acts):
    def run(number):
        with tenant_context(salon):
            try:
                acts[number]()
            except (DomainError, gateway.GatewayError) as exc:
                return type(exc).__name__
            return "done"

    return at_once(len(acts), run)


def finish(salon):
    with tenant_context(salon):
        MoneyAction.objects.update(updated_at=timezone.now() - timedelta(minutes=2), leased_until=None)
        services.finish_open_actions(now=timezone.now())


def test_sweep_event_pay_link_and_presser_at_once_capture_once(salon, parties, account):
    everybody = [parties[name] for name in ("sweep", "event", "pay link", "presser")] * 2

    all_at_once(salon, everybody)
    finish(salon)

    assert account.ledger() == CHARGED
    assert written_down(account) == at_stripe(account)
    assert MoneyAction.objects.get(kind="complete").state == ActionState.SUCCEEDED
    assert Message.objects.filter(kind="receipt").count() == LedgerEntry.objects.count() == 1


def test_the_till_beside_all_of_them_takes_cash_or_the_card_never_both(salon, parties, account):
    all_at_once(salon, list(parties.values()) * 2)
    finish(salon)

    payment = Payment.objects.get()
    taken = captures(account)
    assert (taken, payment.captured_cents, payment.cash_cents) in (([5000], 5000, 0), ([], 0, 5000))
    assert written_down(account) == at_stripe(account)
    assert Message.objects.filter(kind="receipt").count() == len(taken)
    assert {intent.status for intent in account.intents()} == ({"succeeded"} if taken else {"canceled"})


def test_without_the_guard_the_till_takes_what_the_card_has_paid(salon, parties, account, monkeypatch):
    """Were the payment not given up at Stripe before the till opens, the guest would pay twice."""
    monkeypatch.setattr(driving_charges, "_give_up", lambda account, intent_id: canceled(intent_id))
    parties["till"]()
    account.stripe.payment_intents.capture(MoneyAction.objects.get(kind="complete").payment_intent_id)

    assert (captures(account), Payment.objects.get().cash_cents) == ([5000], 5000)


def canceled(intent_id):
    return gateway.PaymentIntent(intent_id, "canceled", 5000, 0, 0, 0, "", {})


def test_whoever_presses_does_not_wait_for_whoever_writes_down_what_was_charged(
    salon, booking, account, local_stripe, by
):
    """The driver holds the payment and goes on to the press; a presser holds the press and only names the payment."""
    local_stripe.fault("500", "capture$")
    services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())

    def again(number):
        with tenant_context(salon), connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
            try:
                return services.try_again(booking=booking, key="again", by=by, now=timezone.now()).state
            finally:
                cursor.execute("RESET lock_timeout")

    MoneyAction.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    with transaction.atomic():
        recording.locked_payment(Payment.objects.get().pk)
        answers = at_once(1, again)

    assert answers == ["capturing"]
