"""Money held for near visits: once, no longer than it is wanted, and never beside another payment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking, Status
from bookings.services import cancel_booking, reschedule_booking
from bookings.tests.factories import at
from giftcards.tests.making import make_card, reserve
from messaging.models import Message
from payments import gateway, services
from payments.models import CardHold, HoldState, MoneyAction, Payment
from payments.services import events, holding
from payments.tests.making import book, order
from tenants.models import FeeType

HELD = ("authorization", 5000, 0)
TAKEN = ("capture", 5000, 50)
GIVEN_BACK = ("release", 5000, 0)
CALLS = ("create_payment", "confirm_payment")
LIVING = ("requires_action", "processing", "requires_capture", "succeeded")
EVERY_CALL = (*CALLS, "capture_payment", "cancel_payment")


class Killed(BaseException):
    """kill -9: nothing below catches it, nothing after it runs."""


@pytest.fixture(autouse=True)
def one_at_most(account, monkeypatch):
    """After every call to Stripe that changes a payment, at most one payment of a booking holds or has taken money."""
    for name in EVERY_CALL:
        monkeypatch.setattr(gateway, name, watched(getattr(gateway, name), account))


def watched(call, account):
    def act(**kwargs):
        try:
            return call(**kwargs)
        finally:
            living = [found.metadata["booking_id"] for found in account.intents() if found.status in LIVING]
            assert len(living) == len(set(living)), "two payments of one booking are alive"

    return act


@pytest.fixture
def asks(salon):
    """Rosa holds the price of near visits, and takes half of it from who does not come."""
    salon.hold_near_visits = True
    salon.no_show_fee_type, salon.no_show_fee_percent = FeeType.PERCENT, 50
    salon.cancellation_fee_type, salon.cancellation_fee_cents = FeeType.FIXED, 2000
    salon.save()
    return salon


@pytest.fixture
def booking(asks, cut, ann, account):
    """A visit in three days."""
    return book(asks, cut, at(asks, days=3), account)


@pytest.fixture
def by(admin):
    return actors.user(admin)


def place(salon, *, days=0):
    """The hourly sweep, `days` from now."""
    return holding.place_due(business=salon, now=timezone.now() + timedelta(days=days))


def later():
    """A minute and more goes by; returns how many holds the sweep drove."""
    past = timezone.now() - timedelta(minutes=2)
    CardHold.objects.update(updated_at=past)
    CardHold.objects.exclude(leased_until=None).update(leased_until=past)
    return services.finish_open_holds(now=timezone.now())


def states():
    return list(CardHold.objects.order_by("created_at").values_list("state", flat=True))


def statuses(account):
    return sorted(intent.status for intent in account.intents())


def complete(salon, booking, by, **how):
    return services.complete(business=salon, booking=booking, key="press", by=by, now=timezone.now(), **how)


# Placed ---------------------------------------------------------------------------------------------


def test_the_price_of_a_near_visit_is_held_and_not_taken(asks, booking, account):
    assert place(asks) == 1

    hold = CardHold.objects.get()
    [row] = account.rows()
    assert (states(), account.ledger()) == ([HoldState.HELD], [HELD])
    assert row["metadata"] == {
        "tenant": asks.schema_name,
        "booking_id": str(booking.pk),
        "action_id": str(hold.pk),
    }
    assert Payment.objects.values_list("status", "captured_cents").get() == ("requires_action", 0)
    # As Stripe says it: Visa holds four days and eighteen hours where the customer is away.
    assert timedelta(days=4, hours=17) < hold.capture_before - timezone.now() <= timedelta(days=4, hours=18)
    assert place(asks) == 0


def test_a_far_visit_waits_until_it_is_near(asks, cut, ann, account):
    book(asks, cut, at(asks, days=9), account)

    assert (place(asks), place(asks, days=4), account.intents()) == (0, 0, [])
    assert place(asks, days=6) == 1
    assert account.ledger() == [HELD]


@pytest.mark.parametrize("why", ["switched off", "never agreed to", "no charges", "waits for the salon", "too little"])
def test_nothing_is_held_where_nobody_wants_or_agreed_to_it(salon, asks, cut, ann, account, why):
    if why == "waits for the salon":
        asks.auto_confirm = False
    if why == "too little":
        cut.price_cents = 49
        cut.save()
    asks.hold_near_visits = why != "never agreed to"
    asks.save()
    book(asks, cut, at(asks, days=3), account)
    asks.hold_near_visits = why != "switched off"
    asks.billing.charges_enabled = why != "no charges"

    assert (place(asks), account.intents()) == (0, [])


@pytest.mark.parametrize("status", [Status.CANCELED, Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW])
def test_only_a_visit_that_is_to_come_is_held_for(asks, booking, account, status):
    Booking.objects.update(status=status)

    assert (place(asks), account.intents()) == (0, [])


def test_a_visit_without_a_card_is_not_held_for(asks, cut, ann, account):
    order(asks, cut, at(asks, days=3))
    Booking.objects.update(status=Status.CONFIRMED, hold_expires_at=None)

    assert (place(asks), account.intents()) == (0, [])


@pytest.mark.parametrize(
    ("worth", "held"),
    [({"cents": 3000}, 2000), ({"percent": 20}, 4000), ({"cents": 9000}, 0), ({"cents": 4960}, 0)],
    ids=("a part", "a percentage", "all of it", "all but a trifle"),
)
def test_what_a_gift_card_pays_is_not_held(asks, cut, ann, account, worth, held):
    booking = book(asks, cut, at(asks, days=3), account)
    reserve(asks, booking, make_card(**worth))

    place(asks)

    assert account.ledger() == ([("authorization", held, 0)] if held else [])


def test_never_more_is_held_than_the_terms_say(asks, booking, account):
    Booking.objects.update(consent=booking.consent | {"hold_cents": 1500})

    place(asks)

    assert account.ledger() == [("authorization", 1500, 0)]


# Refused --------------------------------------------------------------------------------------------


def test_a_refused_hold_is_told_to_staff_and_not_to_the_customer(asks, cut, ann, account, owner):
    booking = book(asks, cut, at(asks, days=3), account, "pm_card_chargeCustomerFail")
    told = set(Message.objects.values_list("pk", flat=True))

    place(asks)
    later()

    [mail] = Message.objects.exclude(pk__in=told)
    assert (states(), statuses(account), account.ledger()) == ([HoldState.FAILED], ["canceled"], [])
    assert (mail.kind, mail.recipient) == ("hold_failed", owner.email)
    assert "$50.00 was to be held on Visa •••• 0341" in mail.text
    assert AuditEntry.objects.get(action="payment.hold_failed").subject_id == str(booking.pk)
    assert place(asks) == 0  # one try: the card is still the card on file


def test_a_bank_that_wants_the_customer_is_told_to_them(asks, cut, ann, account):
    book(asks, cut, at(asks, days=3), account, "pm_card_authenticationRequired")

    place(asks)

    mail = Message.objects.get(kind="hold_needs_you")
    assert (states(), statuses(account)) == ([HoldState.FAILED], ["canceled"])
    assert mail.recipient == "anna@example.com"
    assert "/card/" in mail.text
    assert Message.objects.filter(kind="hold_failed").count() == 1


# Lost answers and killed processes ------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["lost_answer", "500", "500 when done", "429"])
@pytest.mark.parametrize(
    ("step", "left"), [("payment_intents$", HoldState.CREATING), ("confirm$", HoldState.CONFIRMING)]
)
def test_an_unanswered_call_holds_once_in_the_end(asks, booking, account, local_stripe, step, left, fault):
    local_stripe.fault(fault.split()[0], step, after="done" in fault)

    place(asks)
    assert states() == [left]
    assert (later(), later()) == (1, 0)

    assert (states(), account.ledger(), statuses(account)) == ([HoldState.HELD], [HELD], ["requires_capture"])


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_killed_process_is_taken_over(asks, booking, account, monkeypatch, call, moment):
    kill(monkeypatch, call, moment, lambda: place(asks))

    assert later() == 1
    assert (states(), account.ledger(), statuses(account)) == ([HoldState.HELD], [HELD], ["requires_capture"])


def kill(monkeypatch, call, moment, act):
    real = getattr(gateway, call)

    def dying(**kwargs):
        if moment == "after":
            real(**kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(gateway, call, dying)
        with pytest.raises(Killed):
            act()


def test_who_drives_is_left_alone_for_a_minute(asks, booking, account):
    hold = holding.plan(booking=booking, now=timezone.now())
    CardHold.objects.update(leased_until=timezone.now() + timedelta(seconds=30))

    holding.drive(hold)

    assert (states(), account.intents()) == ([HoldState.PLANNED], [])


# Wanted no more while it is being placed ------------------------------------------------------------


def in_between(monkeypatch, call, moment, act):
    """`act` happens once, just before or after a call to Stripe."""
    real, acted = getattr(gateway, call), []

    def interrupted(**kwargs):
        if moment == "after":
            answer = real(**kwargs)
        if not acted:
            acted.append(True)
            act()
        return answer if moment == "after" else real(**kwargs)

    monkeypatch.setattr(gateway, call, interrupted)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_visit_called_off_while_its_hold_is_placed_holds_nothing(
    asks, booking, account, by, monkeypatch, call, moment
):
    in_between(
        monkeypatch,
        call,
        moment,
        lambda: cancel_booking(business=asks, booking=booking, by=by, now=timezone.now()),
    )

    place(asks)
    later()

    assert set(statuses(account)) <= {"canceled"}
    assert account.ledger() in ([], [HELD, GIVEN_BACK])
    assert states() == [HoldState.RELEASED]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_visit_completed_while_its_hold_is_placed_is_charged_once(
    asks, booking, account, by, monkeypatch, call, moment
):
    in_between(monkeypatch, call, moment, lambda: complete(asks, booking, by))

    place(asks)
    later()

    assert [status for status in statuses(account) if status != "canceled"] == ["succeeded"]
    assert [row for row in account.ledger() if row[0] == "capture"] == [TAKEN]
    assert set(states()) <= {HoldState.RELEASED, HoldState.CONSUMED}


def test_a_process_killed_after_the_visit_was_called_off_leaves_nothing_held(asks, booking, account, by, monkeypatch):
    place(asks)
    cancel_booking(business=asks, booking=booking, by=by, now=timezone.now(), notify=False)
    # As if the cancellation had come between the sweep's look and the hold.
    CardHold.objects.update(state=HoldState.HELD)

    later()

    assert (states(), account.ledger()) == ([HoldState.RELEASED], [HELD, GIVEN_BACK])


# Over -----------------------------------------------------------------------------------------------


def test_cancelling_in_time_gives_the_money_back(asks, booking, account, by):
    place(asks)

    cancel_booking(business=asks, booking=booking, by=by, now=timezone.now())
    later()

    assert (states(), account.ledger()) == ([HoldState.RELEASED], [HELD, GIVEN_BACK])


def test_completed_takes_what_is_held(asks, booking, account, by):
    place(asks)

    action = complete(asks, booking, by)

    assert (action.state, states(), account.ledger()) == ("succeeded", [HoldState.CONSUMED], [HELD, TAKEN])
    assert action.payment_intent_id == CardHold.objects.get().payment_intent_id
    assert Payment.objects.values_list("status", "captured_cents", "application_fee_cents").get() == (
        "captured",
        5000,
        50,
    )
    assert Message.objects.filter(kind="receipt").count() == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_while_it_takes_what_is_held_takes_it_once(asks, booking, account, by, monkeypatch, moment):
    place(asks)
    kill(monkeypatch, "capture_payment", moment, lambda: complete(asks, booking, by))

    later()
    past = timezone.now() - timedelta(minutes=2)
    MoneyAction.objects.update(updated_at=past, leased_until=past)
    services.finish_open_actions(now=timezone.now())

    assert (states(), account.ledger()) == ([HoldState.CONSUMED], [HELD, TAKEN])
    assert MoneyAction.objects.get().state == "succeeded"


def test_a_missed_visit_takes_its_fee_and_gives_the_rest_back(asks, booking, account, by):
    place(asks)

    services.no_show(business=asks, booking=booking, key="press", by=by, now=timezone.now())

    assert states() == [HoldState.CONSUMED]
    assert account.ledger() == [HELD, ("capture", 2500, 25), ("release", 2500, 0)]
    assert Payment.objects.values_list("status", "captured_cents").get() == ("captured", 2500)


def test_a_late_cancellation_by_staff_takes_its_fee_and_gives_the_rest_back(asks, cut, ann, account, by):
    booking = book(asks, cut, at(asks, days=3), account)
    place(asks)
    late = booking.start_at - timedelta(hours=1)

    services.cancel(business=asks, booking=booking, key="press", by=by, now=late)

    assert states() == [HoldState.CONSUMED]
    assert account.ledger() == [HELD, ("capture", 2000, 20), ("release", 3000, 0)]


def test_a_late_cancellation_by_the_customer_gives_back_and_is_charged_when_pressed(asks, booking, account, by):
    place(asks)
    late = booking.start_at - timedelta(hours=1)

    cancel_booking(business=asks, booking=booking, by=by, now=late)
    later()
    assert (states(), account.ledger()) == ([HoldState.RELEASED], [HELD, GIVEN_BACK])
    services.cancel(business=asks, booking=booking, key="press", by=by, now=late)

    assert account.ledger()[2:] == [("authorization", 2000, 0), ("capture", 2000, 20)]


def test_a_waived_fee_gives_everything_back(asks, booking, account, by):
    place(asks)

    services.no_show(business=asks, booking=booking, key="press", by=by, now=timezone.now(), waive_fee=True)
    later()

    assert (states(), account.ledger()) == ([HoldState.RELEASED], [HELD, GIVEN_BACK])


def test_what_does_not_suffice_is_given_back_before_more_is_charged(asks, booking, account, by):
    place(asks)

    complete(asks, booking, by, tip_cents=500)

    assert states() == [HoldState.RELEASED]
    assert account.ledger() == [HELD, GIVEN_BACK, ("authorization", 5500, 0), ("capture", 5500, 55)]


@pytest.mark.parametrize("fault", ["lost_answer", "500"])
def test_nothing_more_is_charged_before_the_hold_is_surely_gone(asks, booking, account, by, local_stripe, fault):
    place(asks)
    local_stripe.fault(fault, "cancel$")

    action = complete(asks, booking, by, tip_cents=500)
    assert (action.state, len(account.intents())) == ("creating", 1)
    past = timezone.now() - timedelta(minutes=2)
    MoneyAction.objects.update(updated_at=past)
    services.finish_open_actions(now=timezone.now())

    assert account.ledger() == [HELD, GIVEN_BACK, ("authorization", 5500, 0), ("capture", 5500, 55)]
    assert states() == [HoldState.RELEASED]


# Run out --------------------------------------------------------------------------------------------


@pytest.fixture
def run_out(asks, booking, local_stripe):
    """Five days on at Stripe: the hold has ended by itself."""
    place(asks)
    local_stripe.control("/clock", advance_seconds=5 * 24 * 3600)
    yield booking
    local_stripe.control("/clock", advance_seconds=-5 * 24 * 3600)


def test_after_a_hold_has_run_out_the_saved_card_is_charged(asks, run_out, account, by):
    action = complete(asks, run_out, by)

    assert (action.state, account.ledger()) == ("succeeded", [HELD, GIVEN_BACK, HELD, TAKEN])
    assert action.payment_intent_id != CardHold.objects.get().payment_intent_id
    assert Message.objects.filter(kind="receipt").count() == 1


def test_stripe_tells_when_a_hold_has_run_out(asks, run_out, account):
    event = {"id": CardHold.objects.get().payment_intent_id, "object": "payment_intent"}

    events.handle(business=asks, kind="payment_intent.canceled", data=event)

    assert states() == [HoldState.RELEASED]


def test_a_hold_that_ran_out_unheard_is_noticed(asks, run_out, account):
    CardHold.objects.update(capture_before=timezone.now() - timedelta(seconds=1))

    later()

    assert (states(), account.ledger()) == ([HoldState.RELEASED], [HELD, GIVEN_BACK])


# Moved, and another card ----------------------------------------------------------------------------


def test_a_visit_that_moves_away_is_given_back_and_held_again_when_it_is_near(asks, booking, account, by):
    place(asks)
    away = at(asks, days=20)
    reschedule_booking(business=asks, booking=booking, start=away, by=by, now=timezone.now())

    later()
    assert (states(), place(asks)) == ([HoldState.RELEASED], 0)
    assert place(asks, days=17) == 1

    assert (states(), account.ledger()) == ([HoldState.RELEASED, HoldState.HELD], [HELD, GIVEN_BACK, HELD])


def test_a_visit_that_stays_near_keeps_what_is_held(asks, booking, account, by):
    place(asks)
    reschedule_booking(business=asks, booking=booking, start=at(asks, "12:00", days=3), by=by, now=timezone.now())

    assert (later(), states(), account.ledger()) == (0, [HoldState.HELD], [HELD])


def test_it_is_not_held_again_and_again(asks, booking, account):
    for _ in range(5):
        place(asks)
        CardHold.objects.filter(state=HoldState.HELD).update(state=HoldState.RELEASING)
        later()

    assert states() == [HoldState.RELEASED] * holding.MOST_HOLDS


def test_another_card_takes_over_what_is_held(asks, booking, account):
    place(asks)
    _, intent = services.prepare_replacement(booking=booking)
    account.save_card(intent.id, "pm_card_mastercard")

    services.accept_replacement(booking=booking, setup_intent_id=intent.id)

    cards = [
        account.stripe.payment_methods.retrieve(found.payment_method).card.brand
        for found in account.intents()
        if found.status == "requires_capture"
    ]
    assert (states(), cards) == ([HoldState.RELEASED, HoldState.HELD], ["mastercard"])
    assert account.ledger() == [HELD, GIVEN_BACK, HELD]
