"""I9: the events of one payment's life in every order, each of them twice: always one and the same end.

Only events and the sweep tell the product what happened: the press's answers were lost, or its process is dead.
"""

from datetime import timedelta
from itertools import islice, permutations

import pytest
from django.db import transaction
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings.models import Booking
from bookings.tests.factories import at
from messaging.models import Message
from payments import gateway, services
from payments.models import Dispute, LedgerEntry, MoneyAction, Payment, Refund
from payments.services import events as handler
from payments.tests.ledgers import at_stripe, written_down
from payments.tests.making import book

TAKEN = (
    "payment_intent.created",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "charge.captured",
    "charge.refunded",
)
DISPUTED = (
    "payment_intent.succeeded",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
)


@pytest.fixture
def complete(salon, cut, ann, account, admin):
    """`complete()`: the press, as far as it comes."""
    booking = book(salon, cut, at(salon), account)
    return lambda: services.complete(
        business=salon, booking=booking, key="k", by=actors.user(admin), now=timezone.now()
    )


def given_back_at_stripe(account):
    """A part goes back in Stripe's own pages, where nobody gives the platform's fee back."""
    account.stripe.refunds.create({"payment_intent": MoneyAction.objects.get().payment_intent_id, "amount": 2000})


def answer_lost(complete, account):
    account.local.fault("lost_answer", "capture$")
    complete()
    given_back_at_stripe(account)
    return TAKEN


def presser_killed(complete, account):
    """Nobody may go on for a minute: its lease lives longer than it did."""
    account.local.fault("lost_answer", "capture$")
    complete()
    MoneyAction.objects.update(leased_until=timezone.now() + timedelta(seconds=60))
    given_back_at_stripe(account)
    return TAKEN


def disputed(complete, account):
    account.local.fault("lost_answer", "capture$")
    complete()
    given_back_at_stripe(account)
    charge = gateway.retrieve_payment(
        account=account.id, payment_intent_id=MoneyAction.objects.get().payment_intent_id
    ).charge_id
    dispute = account.local.control("/disputes", charge=charge)
    account.local.control(f"/disputes/{dispute['id']}/close", status="lost")
    return DISPUTED


def process(business, event):
    """What the inbox does with an event; whether it can forget it."""
    try:
        handler.handle(business=business, kind=event["type"], data=event["data"]["object"])
    except gateway.GatewayError:
        return False
    return True


def sweep():
    """Two minutes later: leases are over, presses are finished."""
    past = timezone.now() - timedelta(minutes=2)
    MoneyAction.objects.update(updated_at=past)
    MoneyAction.objects.exclude(leased_until=None).update(leased_until=past)
    services.finish_open_actions(now=timezone.now())


def state():
    """All that is written down, without the instants at which it was."""
    return {
        Booking: list(Booking.objects.values("status", "sequence")),
        Payment: without(Payment, "captured_at"),
        MoneyAction: without(MoneyAction, "updated_at", "attempts", "last_error", "leased_until"),
        LedgerEntry: without(LedgerEntry, "id", "at"),
        Refund: without(Refund, "id", "created_at"),
        Dispute: without(Dispute, "closed_at"),
        Message: sorted(Message.objects.values_list("kind", "about_id", "recipient", "subject")),
        AuditEntry: sorted(map(str, AuditEntry.objects.values_list("action", "actor_label", "before", "after"))),
    }


def without(model, *left_out):
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
    return sorted(map(str, model.objects.values(*names)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("life", "every"),
    [(presser_killed, 1), (answer_lost, 6), (disputed, 6)],
    ids=["presser killed: all 120", "answer lost: 20", "disputed: 20"],
)
def test_the_orders_of_five_events_end_alike(salon, complete, account, life, every):
    types = life(complete, account)
    happened = account.local.look("/events", account=account.id)
    events = [next(event for event in happened if event["type"] == kind) for kind in types]
    ends = {}

    for order in islice(permutations(events), 0, None, every):
        savepoint = transaction.savepoint()
        kept = [event for event in order for _ in range(2) if not process(salon, event)]
        sweep()
        assert all(process(salon, event) for event in kept)
        ends.setdefault(repr(state()), [event["type"] for event in order])
        assert written_down(account) == at_stripe(account)
        transaction.savepoint_rollback(savepoint)

    assert len(ends) == 1, ends.values()
    [end] = ends
    assert end.count("'receipt'") == 1
