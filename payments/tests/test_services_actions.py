"""Money moves once, whatever goes wrong on the way."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import NotAllowed, cancel_booking
from bookings.tests.factories import at
from messaging.models import Message
from payments import gateway, services
from payments.models import ActionKind, ActionState, MoneyAction, Payment, PaymentStatus, Refund
from payments.services import charges, driving_charges
from payments.tests.making import book
from tenants.money import Money

CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]
BACK = ("refund", 5000, 50)
#: The three calls of a charge, and where an action stands when each has gone unanswered.
STEPS = [
    ("payment_intents$", ActionState.CREATING),
    ("confirm$", ActionState.CONFIRMING),
    ("capture$", ActionState.CAPTURING),
]


class Killed(BaseException):
    """kill -9: nothing below catches it, nothing after it runs."""


@pytest.fixture
def booking(salon, cut, ann, account):
    return book(salon, cut, at(salon), account)


@pytest.fixture
def by(admin):
    return actors.user(admin)


def complete(salon, booking, by, key="press-1"):
    return services.complete(business=salon, booking=booking, key=key, by=by, now=timezone.now())


def pressed(salon, booking, by):
    """The press alone, as a process killed before its first call leaves it."""
    action, _ = charges._write(
        ActionKind.COMPLETE,
        business=salon,
        booking=booking,
        key="press-1",
        by=by,
        now=timezone.now(),
        wish=services.Wish(),
    )
    return action


def refund(salon, booking, by, key="back-1", **how):
    return services.refund(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


def later():
    """A minute and more goes by: leases end, the sweeper takes over. Returns how many it drove."""
    past = timezone.now() - timedelta(minutes=2)
    MoneyAction.objects.update(updated_at=past)
    MoneyAction.objects.exclude(leased_until=None).update(leased_until=past)
    return services.finish_open_actions(now=timezone.now())


def settled(account, *, movements=CHARGED, receipts=1):
    """The action succeeded, the money moved as `movements`, the customer was told `receipts` times."""
    action, payment = MoneyAction.objects.get(kind="complete"), Payment.objects.get()
    return (
        action.state == ActionState.SUCCEEDED
        and account.ledger() == movements
        and payment.captured_cents == 5000
        and Message.objects.filter(kind="receipt").count() == receipts
        and AuditEntry.objects.filter(action="payment.captured").count() == 1
    )


def test_completed_captures_the_price_with_the_platforms_percent(salon, booking, account, by):
    action = complete(salon, booking, by)

    payment = Payment.objects.get()
    assert (action.state, payment.status, payment.application_fee_cents) == ("succeeded", "captured", 50)
    assert payment.provider_payment_id == action.payment_intent_id
    assert settled(account)
    [capture] = [row for row in account.rows() if row["kind"] == "capture"]
    assert capture["metadata"] == {
        "tenant": salon.schema_name,
        "booking_id": str(booking.pk),
        "action_id": str(action.pk),
    }


def test_nothing_is_charged_before_the_press(booking, account):
    assert (account.ledger(), account.intents()) == ([], [])
    assert Payment.objects.get().status == PaymentStatus.REQUIRES_ACTION


def test_a_repeated_press_is_the_same_action(salon, booking, account, by):
    first, second = complete(salon, booking, by), complete(salon, booking, by)

    assert first == second
    assert settled(account)


def test_a_press_with_another_key_comes_too_late(salon, booking, account, by):
    complete(salon, booking, by)

    with pytest.raises(NotAllowed):
        complete(salon, booking, by, key="press-2")

    assert settled(account)


def test_a_key_belongs_to_its_presser(salon, cut, booking, account, by, staff):
    complete(salon, booking, by)
    other = book(salon, cut, at(salon, "14:00"), account)

    assert complete(salon, other, actors.user(staff)).booking == other
    with pytest.raises(services.KeyMismatch):
        complete(salon, other, by)


def test_a_cancelled_visit_is_not_charged(salon, booking, account, by):
    cancel_booking(business=salon, booking=booking, by=by, now=timezone.now())

    with pytest.raises(NotAllowed):
        complete(salon, booking, by)

    assert (MoneyAction.objects.count(), account.ledger()) == (0, [])


def test_a_visit_written_down_without_a_payment_is_paid_at_the_salon(salon, cut, ann, by):
    booking = book(salon, cut, at(salon))
    Payment.objects.all().delete()

    action = complete(salon, booking, by)

    payment = Payment.objects.get()
    assert (action.state, payment.status, payment.method) == ("succeeded", "captured", "cash")
    assert (payment.cash_cents, payment.captured_cents, payment.application_fee_cents) == (5000, 0, 0)


@pytest.mark.parametrize("fault", ["lost_answer", "500", "500 when done", "429"])
@pytest.mark.parametrize(("step", "left"), STEPS)
def test_an_unanswered_call_charges_once_in_the_end(salon, booking, account, local_stripe, by, step, left, fault):
    local_stripe.fault(fault.split()[0], step, after="done" in fault)

    action = complete(salon, booking, by)
    assert (action.state, Booking.objects.get().status) == (left, Status.COMPLETED)
    assert Payment.objects.get().captured_cents == 0

    assert later() == 1
    assert settled(account)
    assert later() == 0


@pytest.mark.parametrize(("step", "left"), STEPS)
def test_a_call_unanswered_again_and_again_charges_once_in_the_end(
    salon, booking, account, local_stripe, by, step, left
):
    local_stripe.fault("lost_answer", step, times=3)
    complete(salon, booking, by)

    for _ in range(4):
        later()

    assert settled(account)


@pytest.mark.parametrize("call", ["create_payment", "confirm_payment", "capture_payment"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_process_is_taken_over(salon, booking, account, by, monkeypatch, call, moment):
    real = getattr(gateway, call)

    def kill(**kwargs):
        if moment == "after":
            real(**kwargs)
        raise Killed

    monkeypatch.setattr(gateway, call, kill)
    with pytest.raises(Killed):
        complete(salon, booking, by)
    monkeypatch.setattr(gateway, call, real)

    assert later() == 1
    assert settled(account)


def test_a_process_killed_before_the_first_call_is_taken_over(salon, booking, account, by):
    action = pressed(salon, booking, by)

    assert (action.state, later()) == ("planned", 1)
    assert settled(account)


def test_a_process_killed_after_the_capture_was_read_is_taken_over(salon, booking, account, by, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(driving_charges, "_charged", lambda action, found: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            complete(salon, booking, by)

    assert account.ledger() == CHARGED
    assert later() == 1
    assert settled(account)


def test_who_drives_is_left_alone_for_a_minute(salon, booking, account, by):
    action = pressed(salon, booking, by)
    MoneyAction.objects.update(leased_until=timezone.now() + timedelta(seconds=30))

    assert services.drive(action).state == "planned"
    assert account.intents() == []
    MoneyAction.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert services.drive(action).state == "succeeded"


@pytest.mark.parametrize("call", ["create_payment", "confirm_payment", "capture_payment", "create_refund"])
def test_a_driver_who_was_too_slow_gives_way(salon, booking, account, by, monkeypatch, call):
    """Stripe took longer than the lease, and a second driver has finished the action meanwhile."""
    if call == "create_refund":
        complete(salon, booking, by)
    real, competing = getattr(gateway, call), []

    def slow(**kwargs):
        if not competing:
            competing.append(True)
            MoneyAction.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
            services.drive(MoneyAction.objects.latest("created_at"))
        return real(**kwargs)

    monkeypatch.setattr(gateway, call, slow)
    action = refund(salon, booking, by) if call == "create_refund" else complete(salon, booking, by)

    assert action.state == "succeeded"
    assert settled(account, movements=[*CHARGED, BACK] if call == "create_refund" else CHARGED)
    assert AuditEntry.objects.filter(action="payment.refunded").count() == Refund.objects.count()


def test_one_hopeless_action_does_not_keep_the_others_waiting(salon, cut, booking, account, local_stripe, by):
    other = book(salon, cut, at(salon, "14:00"), account)
    local_stripe.fault("500", "payment_intents/.*/confirm$", times=2)
    complete(salon, booking, by)
    complete(salon, other, by, key="press-2")
    MoneyAction.objects.filter(booking=booking).update(payment_intent_id="pi_gone")

    assert later() == 2

    assert MoneyAction.objects.get(booking=other).state == "succeeded"
    assert "No such payment intent" in MoneyAction.objects.get(booking=booking).last_error


def test_a_fresh_press_is_not_swept_up(salon, booking, account, by):
    pressed(salon, booking, by)

    assert services.finish_open_actions(now=timezone.now()) == 0


def test_an_intent_whose_answer_was_lost_is_found_again(salon, booking, account, local_stripe, by):
    local_stripe.fault("lost_answer", "payment_intents$")
    complete(salon, booking, by)
    later()

    assert [intent.status for intent in account.intents()] == ["succeeded"]
    assert settled(account)


@pytest.mark.parametrize("state", ["open", "succeeded"])
def test_another_step_waits_for_the_open_one(salon, booking, account, local_stripe, by, state):
    if state == "open":
        local_stripe.fault("500", "confirm$")
    complete(salon, booking, by)

    if state == "open":
        with pytest.raises(services.ActionInProgress):
            refund(salon, booking, by)
        assert account.ledger() == []
    else:
        assert refund(salon, booking, by).state == "succeeded"


def test_a_declined_card_is_retried_on_the_same_intent(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account, "pm_card_chargeCustomerFail")
    action = complete(salon, booking, by)
    assert (action.state, Payment.objects.get().status) == ("failed", "failed")

    again = services.retry(action=action)

    assert (again.state, again.payment_intent_id) == ("failed", action.payment_intent_id)
    assert (len(account.intents()), account.ledger()) == (1, [])
    assert not Message.objects.filter(kind="receipt").exists()


def test_a_retry_after_a_temporary_refusal_charges_once(salon, booking, account, by, monkeypatch):
    def decline(**kwargs):
        raise gateway.CardDeclined("Insufficient funds.", "insufficient_funds")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "confirm_payment", decline)
        action = complete(salon, booking, by)

    assert (action.state, "insufficient_funds" in action.last_error) == ("failed", True)
    assert services.retry(action=action).state == "succeeded"
    assert settled(account)
    assert Payment.objects.get().status == "captured"


def test_a_retry_of_what_succeeded_changes_nothing(salon, booking, account, by):
    action = complete(salon, booking, by)

    assert services.retry(action=action).state == "succeeded"
    assert settled(account)


def test_a_bank_that_asks_for_the_owner_stops_the_action(salon, cut, ann, account, by):
    booking = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")

    action = complete(salon, booking, by)

    assert (action.state, account.ledger(), later()) == ("needs_customer", [], 0)
    assert Payment.objects.get().status == PaymentStatus.REQUIRES_ACTION


def test_an_intent_cancelled_at_stripe_fails_the_action(salon, booking, account, local_stripe, by):
    local_stripe.fault("500", "confirm$")
    action = complete(salon, booking, by)
    account.stripe.payment_intents.cancel(action.payment_intent_id)

    later()

    action.refresh_from_db()
    assert (action.state, account.ledger()) == ("failed", [])


# Refunds ---------------------------------------------------------------------------------------


@pytest.fixture
def captured(salon, booking, account, by):
    complete(salon, booking, by)
    return booking


def test_a_refund_gives_all_back_with_our_percent(salon, captured, account, by):
    action = refund(salon, captured, by, reason="Sorry")

    payment, row = Payment.objects.get(), Refund.objects.get()
    assert (action.state, payment.status, payment.refunded_cents) == ("succeeded", "refunded", 5000)
    assert (row.refund_type, row.amount_cents, row.reason) == ("full", 5000, "Sorry")
    assert account.ledger() == [*CHARGED, BACK]
    assert Message.objects.filter(kind="refunded").count() == 1
    assert Booking.objects.get().status == Status.COMPLETED


def test_our_percent_goes_back_in_parts_that_add_up(salon, captured, account, by):
    for number, cents in enumerate((1667, 1667, 1666)):
        refund(salon, captured, by, key=f"part-{number}", amount_cents=cents)

    parts = [row for row in account.ledger() if row[0] == "refund"]
    assert [row[1] for row in parts] == [1667, 1667, 1666]
    assert sum(row[2] for row in parts) == 50
    assert Payment.objects.get().status == "refunded"


@pytest.mark.parametrize("cents", [0, -1, 5001])
def test_no_more_than_was_taken_goes_back(salon, captured, account, by, cents):
    with pytest.raises(services.NothingToRefund):
        refund(salon, captured, by, amount_cents=cents)

    assert account.ledger() == CHARGED


@pytest.mark.parametrize(("currency", "cents", "step"), [("KWD", 1234, 10), ("ISK", 2550, 100)])
def test_what_a_card_cannot_move_is_refused_with_the_step(salon, cut, ann, account, by, currency, cents, step):
    salon.currency_code = currency
    salon.save(update_fields=["currency_code"])
    visit = book(salon, cut, at(salon), account)
    complete(salon, visit, by)
    before = account.ledger()

    with pytest.raises(services.AmountRefused, match=re.escape(f"in steps of {Money(step, currency)}.")):
        refund(salon, visit, by, amount_cents=cents)

    assert (account.ledger(), MoneyAction.objects.filter(kind="refund").exists()) == (before, False)
    assert refund(salon, visit, by, key="back-2", amount_cents=cents - cents % step).state == "succeeded"


def test_a_repeated_refund_is_the_same_one(salon, captured, account, by):
    refund(salon, captured, by)
    refund(salon, captured, by)

    with pytest.raises(services.KeyMismatch):
        refund(salon, captured, by, amount_cents=1)
    with pytest.raises(services.NothingToRefund):
        refund(salon, captured, by, key="back-2")
    assert account.ledger() == [*CHARGED, BACK]


@pytest.mark.parametrize("fault", ["lost_answer", "500", "500 when done", "429"])
@pytest.mark.parametrize("times", [1, 3])
def test_an_unanswered_refund_gives_back_once(salon, captured, account, local_stripe, by, fault, times):
    local_stripe.fault(fault.split()[0], "refunds$", times=times, after="done" in fault)

    action = refund(salon, captured, by)
    assert (action.state, Refund.objects.count()) == ("capturing", 0)
    for _ in range(times):
        later()

    assert account.ledger() == [*CHARGED, BACK]
    assert (Refund.objects.count(), Payment.objects.get().refunded_cents) == (1, 5000)
    assert Message.objects.filter(kind="refunded").count() == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_in_a_refund_is_taken_over(salon, captured, account, by, monkeypatch, moment):
    real = gateway.create_refund

    def kill(**kwargs):
        if moment == "after":
            real(**kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create_refund", kill)
        with pytest.raises(Killed):
            refund(salon, captured, by)

    assert later() == 1
    assert account.ledger() == [*CHARGED, BACK]
    assert Refund.objects.count() == 1


def test_a_slow_refund_and_its_takeover_give_back_once(salon, captured, account, by, monkeypatch):
    """The first driver's call reaches Stripe only after a second driver has looked, found nothing and refunded."""
    real, competing = gateway.create_refund, []

    def slow(**kwargs):
        if not competing:
            competing.append(True)
            MoneyAction.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
            services.drive(MoneyAction.objects.get(kind="refund"))
        return real(**kwargs)

    monkeypatch.setattr(gateway, "create_refund", slow)
    refund(salon, captured, by, amount_cents=1500)

    assert [row[1] for row in account.ledger() if row[0] == "refund"] == [1500]
    assert (Refund.objects.count(), Payment.objects.get().refunded_cents) == (1, 1500)


def test_a_refused_refund_ends_and_can_be_asked_for_again(salon, captured, account, by, monkeypatch):
    def refuse(**kwargs):
        raise gateway.GatewayError("Charge disputed.", "charge_disputed")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "create_refund", refuse)
        action = refund(salon, captured, by)

    assert (action.state, Payment.objects.get().refunded_cents) == ("abandoned", 0)
    assert refund(salon, captured, by, key="back-2").state == "succeeded"
    assert account.ledger() == [*CHARGED, BACK]


def test_money_given_back_at_stripe_meanwhile_leaves_less(salon, captured, account, by):
    action = MoneyAction.objects.get()
    account.stripe.refunds.create({"payment_intent": action.payment_intent_id, "amount": 4000})

    refused = refund(salon, captured, by, amount_cents=2000)

    assert refused.state == "abandoned"
    assert [row[1] for row in account.ledger() if row[0] == "refund"] == [4000]


def test_calling_stripe_inside_a_transaction_of_ours_is_a_defect(salon, booking, account, by):
    from django.db import transaction

    with transaction.atomic(), pytest.raises(gateway.CallInsideTransaction):
        gateway.retrieve_account(account_id=account.id)


@pytest.mark.parametrize("server", ["UTC", "Asia/Tokyo"])
def test_a_receipt_says_when_the_visit_was_on_the_salons_wall(salon, booking, account, by, server):
    with timezone.override(server):
        complete(salon, booking, by)
        refund(salon, booking, by)

    said = f"{booking.local_start.day} {booking.local_start:%B %Y}, 10:00"
    for kind in ("receipt", "refunded"):
        mail = Message.objects.get(kind=kind)
        assert (said in mail.text, said in mail.html) == (True, True)
