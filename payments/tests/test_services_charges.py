"""What each button takes, by the terms that were accepted, and how a wrong press is put right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, Occupancy, Status
from bookings.services import NotAllowed, cancel_booking
from bookings.tests.factories import DETAILS, at, hold
from giftcards.tests.making import balance, make_card, reserve, uses
from messaging.models import Message
from payments import services
from payments.models import LedgerEntry, MoneyAction, Payment
from payments.tests.making import book
from tenants.models import FeeType


@pytest.fixture
def strict(salon):
    """Half the price for cancelling within a day, all of it for not coming."""
    salon.cancellation_window_hours = 24
    salon.cancellation_fee_type, salon.cancellation_fee_percent = FeeType.PERCENT, 50
    salon.no_show_fee_type, salon.no_show_fee_percent = FeeType.PERCENT, 100
    salon.save()
    return salon


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(strict, cut, ann, account):
    return book(strict, cut, at(strict), account)


@pytest.fixture
def near(strict, cut, ann, account):
    """A visit so near that cancelling it costs its fee."""
    strict.cancellation_window_hours = 720
    strict.save()
    return book(strict, cut, at(strict), account)


def press(button, salon, booking, by, *, key="press-1", **how):
    return button(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


def parts(payment):
    """(gift, discount, card, till, let go) and what is due."""
    return (
        payment.gift_cents,
        payment.discount_cents,
        payment.captured_cents,
        payment.cash_cents,
        payment.waived_cents,
    ), payment.due_cents


def test_a_no_show_costs_what_was_accepted(strict, booking, account, by):
    strict.no_show_fee_percent = 10
    strict.save()

    action = press(services.no_show, strict, booking, by)

    payment, seen = Payment.objects.get(), Booking.objects.get()
    assert (action.state, seen.status, seen.no_show_flag) == ("succeeded", Status.NO_SHOW, True)
    assert (parts(payment), payment.no_show_fee_cents) == (((0, 0, 5000, 0, 0), 5000), 5000)
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]


def test_cancelling_in_time_is_free(strict, booking, account, by):
    action = press(services.cancel, strict, booking, by)

    assert (action.state, action.amount_cents, account.ledger()) == ("succeeded", 0, [])
    assert (Booking.objects.get().status, Payment.objects.get().status) == (Status.CANCELED, "canceled")
    assert Occupancy.objects.count() == 0


def test_cancelling_late_costs_its_fee(strict, near, account, by):
    action = press(services.cancel, strict, near, by, reason="ill")

    assert (action.state, action.amount_cents, action.application_fee_cents) == ("succeeded", 2500, 25)
    assert Booking.objects.get().cancellation_fee_cents == 2500
    assert account.ledger()[-1] == ("capture", 2500, 25)


def test_what_a_customer_called_off_late_is_charged_by_the_press(strict, near, account, by):
    cancel_booking(business=strict, booking=near, by=actors.customer("Anna"), now=timezone.now())
    assert (account.ledger(), Payment.objects.get().status) == ([], "requires_action")

    press(services.cancel, strict, near, by)

    assert account.ledger()[-1] == ("capture", 2500, 25)
    with pytest.raises(NotAllowed):
        press(services.cancel, strict, near, by, key="press-2")
    assert len(account.ledger()) == 2


def test_what_a_customer_called_off_in_time_is_settled(strict, booking, account, by):
    cancel_booking(business=strict, booking=booking, by=actors.customer("Anna"), now=timezone.now())

    with pytest.raises(NotAllowed):
        press(services.cancel, strict, booking, by)

    assert (MoneyAction.objects.count(), Payment.objects.get().status) == (0, "canceled")


@pytest.mark.parametrize("button", [services.no_show, services.cancel])
def test_a_fee_can_be_let_go(strict, near, account, by, button):
    action = press(button, strict, near, by, waive_fee=True, reason="a regular")

    assert (action.state, account.ledger()) == ("succeeded", [])
    due = action.waived_cents
    assert parts(Payment.objects.get()) == ((0, 0, 0, 0, due), due)
    assert due > 0


def test_without_a_card_a_fee_is_let_go(strict, cut, ann, by):
    booking = book(strict, cut, at(strict))

    action = press(services.no_show, strict, booking, by)

    assert (action.state, action.waived_cents, Payment.objects.get().status) == ("succeeded", 5000, "canceled")


def test_a_tip_and_another_price_are_charged_together(strict, booking, account, by):
    action = press(services.complete, strict, booking, by, price_cents=6000, tip_cents=900, reason="longer hair")

    payment = Payment.objects.get()
    assert (action.amount_cents, action.application_fee_cents) == (6900, 69)
    assert (payment.amount_cents, payment.tip_cents, payment.captured_cents) == (6000, 900, 6900)
    assert account.ledger()[-1] == ("capture", 6900, 69)


@pytest.mark.parametrize(
    ("how", "error"),
    [
        ({"price_cents": 6000}, services.ReasonMissing),
        ({"price_cents": 6000, "reason": "  "}, services.ReasonMissing),
        ({"price_cents": -1, "reason": "x"}, services.AmountRefused),
        ({"tip_cents": -1}, services.AmountRefused),
        ({"price_cents": 5_000_000, "reason": "a slip"}, services.AmountRefused),
        ({"tip_cents": 10_000_000_000}, services.AmountRefused),
    ],
)
def test_wrong_amounts_are_refused_and_nothing_is_written(strict, booking, account, by, how, error):
    with pytest.raises(error):
        press(services.complete, strict, booking, by, **how)

    assert (Booking.objects.get().status, MoneyAction.objects.count(), account.ledger()) == (Status.CONFIRMED, 0, [])


def test_the_same_key_with_another_amount_is_refused(strict, booking, account, by):
    press(services.complete, strict, booking, by)

    with pytest.raises(services.KeyMismatch):
        press(services.complete, strict, booking, by, tip_cents=500)


@pytest.mark.parametrize("kind", ["complete", "no_show", "cancel"])
def test_the_preview_is_what_the_press_takes(strict, near, account, by, kind):
    now = timezone.now()
    shown = services.preview(kind=kind, booking=near, now=now)

    action = getattr(services, kind)(business=strict, booking=near, key="k", by=by, now=now)

    assert action.amount_cents == shown.card_cents > 0


# Gift cards ------------------------------------------------------------------------------------


def with_gift_card(salon, cut, account, card):
    booking = hold(salon, cut, at(salon))
    reserve(salon, booking, card)
    booking = services.submit_checkout(
        business=salon, booking=booking, details=DETAILS, address=None, now=timezone.now()
    )
    _, intent = services.prepare_card(business=salon, booking=booking)
    account.save_card(intent.id)
    return services.place_booking(business=salon, booking=booking, now=timezone.now())


def test_a_gift_card_pays_first_and_the_card_the_rest(strict, cut, ann, account, by):
    card = make_card(3000)
    booking = with_gift_card(strict, cut, account, card)

    press(services.complete, strict, booking, by, tip_cents=500)

    assert parts(Payment.objects.get()) == ((3000, 0, 2500, 0, 0), 5500)
    assert (balance(card), account.ledger()[-1]) == (0, ("capture", 2500, 25))


def test_a_gift_card_that_pays_all_needs_no_stripe(strict, cut, ann, account, by):
    card = make_card(9000)
    booking = with_gift_card(strict, cut, account, card)

    action = press(services.complete, strict, booking, by)

    payment = Payment.objects.get()
    assert (action.state, payment.status, payment.method) == ("succeeded", "captured", "gift")
    assert (balance(card), account.intents()) == (4000, [])


def test_a_percentage_lowers_the_live_price(strict, cut, ann, account, by):
    card = make_card(percent=20, usage_limit=1)
    booking = with_gift_card(strict, cut, account, card)

    press(services.complete, strict, booking, by, price_cents=6000, reason="longer hair")

    assert parts(Payment.objects.get()) == ((0, 1200, 4800, 0, 0), 6000)
    assert uses(card) == 1


def test_a_no_show_leaves_the_gift_card_alone(strict, cut, ann, account, by):
    card = make_card(3000)
    booking = with_gift_card(strict, cut, account, card)

    press(services.no_show, strict, booking, by)

    assert (balance(card), account.ledger()[-1]) == (3000, ("capture", 5000, 50))


def test_a_salon_may_let_gift_cards_pay_fees(strict, cut, ann, account, by):
    strict.gift_cards_pay_fees = True
    strict.save()
    card = make_card(3000)
    booking = with_gift_card(strict, cut, account, card)
    strict.gift_cards_pay_fees = False  # what was agreed counts
    strict.save()

    press(services.no_show, strict, booking, by)

    assert parts(Payment.objects.get()) == ((3000, 0, 2000, 0, 0), 5000)
    assert balance(card) == 0


def test_a_refund_goes_to_the_card_and_then_to_the_gift_card(strict, cut, ann, account, by):
    card = make_card(3000)
    booking = with_gift_card(strict, cut, account, card)
    press(services.complete, strict, booking, by)

    press(services.refund, strict, booking, by, key="back-1", amount_cents=2500)
    payment = Payment.objects.get()
    assert (payment.refunded_cents, payment.gift_restored_cents, payment.status) == (2000, 500, "partially_refunded")
    press(services.refund, strict, booking, by, key="back-2")

    payment.refresh_from_db()
    assert (payment.refunded_cents, payment.gift_restored_cents, payment.status) == (2000, 3000, "refunded")
    assert (balance(card), account.ledger()[-1]) == (3000, ("refund", 2000, 20))
    with pytest.raises(services.NothingToRefund):
        press(services.refund, strict, booking, by, key="back-3")


def test_only_the_no_show_fee_goes_back(strict, booking, account, by):
    press(services.no_show, strict, booking, by)

    action = press(services.refund, strict, booking, by, key="back", refund_type="no_show_fee_only")

    assert (action.state, action.refund.refund_type) == ("succeeded", "no_show_fee_only")
    assert account.ledger()[-1] == ("refund", 5000, 50)


def test_a_visit_that_took_place_has_no_no_show_fee(strict, booking, account, by):
    press(services.complete, strict, booking, by)

    with pytest.raises(services.NothingToRefund):
        press(services.refund, strict, booking, by, key="back", refund_type="no_show_fee_only")


# Corrections -----------------------------------------------------------------------------------


def test_a_wrong_button_is_put_right_once_the_money_is_back(strict, booking, account, by):
    press(services.complete, strict, booking, by)
    press(services.refund, strict, booking, by, key="back")

    action = press(services.no_show, strict, booking, by, key="right", correcting=True, reason="wrong button")

    assert (action.state, Booking.objects.get().status) == ("succeeded", Status.NO_SHOW)
    statuses = Payment.objects.order_by("created_at").values_list("status", "is_current")
    assert list(statuses) == [("refunded", False), ("captured", True)]
    assert [row[0] for row in account.ledger()] == ["authorization", "capture", "refund", "authorization", "capture"]
    assert AuditEntry.objects.filter(action="booking.corrected").count() == 1
    assert LedgerEntry.objects.count() == 3
    assert Message.objects.filter(kind="receipt").count() == 2


def test_a_wrong_button_stays_while_money_is_taken(strict, booking, account, by):
    press(services.complete, strict, booking, by)

    with pytest.raises(services.MoneyTaken):
        press(services.no_show, strict, booking, by, key="right", correcting=True, reason="wrong button")

    assert (Booking.objects.get().status, Payment.objects.count()) == (Status.COMPLETED, 1)


def test_a_second_press_is_no_correction(strict, booking, account, by):
    press(services.complete, strict, booking, by)
    press(services.refund, strict, booking, by, key="back")

    with pytest.raises(NotAllowed):
        press(services.complete, strict, booking, by, key="again")


def test_a_cancelled_visit_is_not_brought_back(strict, booking, account, by):
    press(services.cancel, strict, booking, by)

    with pytest.raises(NotAllowed):
        press(services.complete, strict, booking, by, key="right", correcting=True, reason="they came")

    assert (Booking.objects.get().status, Payment.objects.get().is_current) == (Status.CANCELED, True)


def test_a_corrected_visit_that_never_was_gives_its_time_back(strict, cut, ann, by):
    booking = book(strict, cut, at(strict))
    press(services.complete, strict, booking, by)

    press(services.cancel, strict, booking, by, key="right", correcting=True, reason="wrong row")

    assert (Booking.objects.get().status, Occupancy.objects.count()) == (Status.CANCELED, 0)


# When the card does not do ---------------------------------------------------------------------

DECLINES = "pm_card_chargeCustomerFail"
ASKS = "pm_card_authenticationRequired"
FINE = "pm_card_visa"


def declined(salon, cut, account, by, card=DECLINES):
    booking = book(salon, cut, at(salon), account, card)
    return booking, press(services.complete, salon, booking, by)


def test_what_the_card_did_not_give_is_taken_at_the_till(strict, cut, ann, account, by):
    booking, charge = declined(strict, cut, account, by)
    assert (charge.state, charge.declines) == ("failed", 1)

    action = press(services.take_cash, strict, booking, by, key="cash")

    payment = Payment.objects.get()
    assert (action.state, payment.status, parts(payment)) == ("succeeded", "captured", ((0, 0, 0, 5000, 0), 5000))
    charge.refresh_from_db()
    assert charge.state == "abandoned"
    assert [intent.status for intent in account.intents()] == ["canceled"]
    with pytest.raises(services.NothingOpen):
        press(services.take_cash, strict, booking, by, key="cash-2")


def test_it_can_be_let_go(strict, cut, ann, account, by):
    booking, _ = declined(strict, cut, account, by)

    press(services.take_cash, strict, booking, by, key="go", waive=True)

    payment = Payment.objects.get()
    assert (payment.waived_cents, payment.cash_cents, payment.captured_cents) == (5000, 0, 0)


def test_nothing_is_paid_in_cash_while_stripe_is_silent(strict, cut, ann, account, by, local_stripe):
    booking, _ = declined(strict, cut, account, by)
    local_stripe.fault("lost_answer", "cancel$")

    action = press(services.take_cash, strict, booking, by, key="cash")
    assert (action.state, Payment.objects.get().cash_cents) == ("planned", 0)

    MoneyAction.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    services.finish_open_actions(now=timezone.now())
    assert Payment.objects.get().cash_cents == 5000


def test_a_card_is_tried_three_more_times_and_no_more(strict, cut, ann, account, by):
    _, charge = declined(strict, cut, account, by)

    for _ in range(3):
        charge = services.retry(action=charge, now=timezone.now())
    assert (charge.state, charge.declines) == ("failed", 4)
    with pytest.raises(services.RetryRefused):
        services.retry(action=charge, now=timezone.now())
    assert len(account.intents()) == 1


def test_a_customer_asked_by_the_bank_gets_a_link_once(strict, cut, ann, account, by):
    _, charge = declined(strict, cut, account, by, ASKS)

    assert (charge.state, Payment.objects.get().status) == ("needs_customer", "requires_action")
    [mail] = Message.objects.filter(kind="pay_link")
    assert f"{strict.url}/pay/" in mail.text


def test_who_confirmed_at_the_bank_is_charged_once(strict, cut, ann, account, by, local_stripe):
    _, charge = declined(strict, cut, account, by, ASKS)
    assert services.customer_acted(action=charge).state == "needs_customer"
    account.stripe.payment_intents.confirm(
        charge.payment_intent_id, {"payment_method": FINE, "return_url": "https://example.com"}
    )

    action = services.customer_acted(action=charge)

    assert action.state == "succeeded"
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]
    assert services.customer_acted(action=action).state == "succeeded"
    assert Message.objects.filter(kind="receipt").count() == 1
