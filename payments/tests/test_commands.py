"""What people type at night: `finish_payments` and `replay_events`."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tenants.utils import schema_context

from audit import actors
from bookings.tests.factories import at
from payments import services
from payments.models import CardHold, MoneyAction, Payment
from payments.services import holding
from payments.tests.making import book
from payments.webhooks import services as inbox
from payments.webhooks.models import EventStatus, StripeEvent

CHARGED = [("authorization", 5000, 0), ("capture", 5000, 50)]


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, ann, account):
    return book(salon, cut, at(salon, days=2), account)


@pytest.fixture
def complete(salon, booking, by):
    return lambda: services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())


def minutes_ago(model, **changes):
    model.objects.update(updated_at=timezone.now() - timedelta(minutes=2), **changes)


# finish_payments -----------------------------------------------------------------------------------


def test_what_waits_is_finished(complete, account, capsys):
    account.local.fault("lost_answer", "capture$")
    complete()
    minutes_ago(MoneyAction)

    call_command("finish_payments")

    assert capsys.readouterr().out == "rosa: 1 driven\n"
    assert MoneyAction.objects.get().state == "succeeded"
    assert account.ledger() == CHARGED


def test_what_has_just_been_pressed_is_left_to_its_presser(complete, account, capsys):
    account.local.fault("lost_answer", "capture$")
    complete()

    call_command("finish_payments")

    assert capsys.readouterr().out == ""
    assert MoneyAction.objects.get().state == "capturing"


def test_holds_are_finished_too(salon, cut, ann, account, capsys):
    salon.hold_near_visits = True
    book(salon, cut, at(salon, days=2), account)
    account.local.fault("lost_answer", "confirm$")
    holding.place_due(business=salon, now=timezone.now())
    minutes_ago(CardHold)

    call_command("finish_payments")

    assert capsys.readouterr().out == "rosa: 1 driven\n"
    assert CardHold.objects.get().state == "held"
    assert account.ledger() == [("authorization", 5000, 0)]


# replay_events -------------------------------------------------------------------------------------


@pytest.fixture
def refunded_at_stripe(complete, account):
    """A part was given back in Stripe's pages; returns the event about it, stored as `status`."""
    complete()
    account.stripe.refunds.create({"payment_intent": Payment.objects.get().provider_payment_id, "amount": 2000})
    [event] = account.local.look("/events", account=account.id, type="charge.refunded")

    def store(status=EventStatus.FAILED, **changes):
        with schema_context("public"):
            inbox.receive(payload=event | changes)
            StripeEvent.objects.filter(pk=event["id"]).update(status=status, attempts=inbox.MAX_ATTEMPTS)
        return event["id"]

    return store


def status():
    with schema_context("public"):
        return StripeEvent.objects.get().status


@pytest.mark.parametrize(
    ("stored", "arguments"),
    [
        ("failed", lambda event_id: [event_id]),
        ("processed", lambda event_id: [event_id]),
        ("failed", lambda event_id: ["--failed"]),
        ("quarantined", lambda event_id: ["--quarantined"]),
        ("processed", lambda event_id: ["--since", "2020-01-01T00:00:00+00:00"]),
    ],
    ids=["by id", "by id, once more", "failed", "put aside", "since"],
)
def test_an_event_is_processed_again(refunded_at_stripe, capsys, stored, arguments):
    event_id = refunded_at_stripe(stored)

    for _ in range(2):
        call_command("replay_events", *arguments(event_id))
        with schema_context("public"):
            StripeEvent.objects.update(status=stored)

    assert capsys.readouterr().out == "1 of 1 events processed.\n" * 2
    assert Payment.objects.get().refunded_cents == 2000


@pytest.mark.parametrize("flag", [[], ["--failed"], ["--quarantined"], ["--since", "2099-01-01T00:00:00+00:00"]])
def test_what_was_not_asked_for_is_left_alone(refunded_at_stripe, capsys, flag):
    refunded_at_stripe("processed")

    call_command("replay_events", *flag)

    assert capsys.readouterr().out == "0 of 0 events processed.\n"
    assert Payment.objects.get().refunded_cents == 0


def test_an_event_that_is_not_stored_is_said_and_nothing_is_processed(refunded_at_stripe):
    event_id = refunded_at_stripe()

    with pytest.raises(CommandError, match="Not every event named is stored here"):
        call_command("replay_events", event_id, "evt_unknown")

    assert (status(), Payment.objects.get().refunded_cents) == ("failed", 0)


def test_one_bad_event_does_not_stop_the_others(refunded_at_stripe, complete, account, capsys):
    refunded_at_stripe()
    with schema_context("public"):
        bad = StripeEvent.objects.create(
            event_id="evt_bad", account=account.id, type="charge.refunded", payload={"id": "evt_bad", "data": {}},
            status=EventStatus.FAILED,
        )  # fmt: skip
        StripeEvent.objects.filter(pk=bad.pk).update(received_at=timezone.now() - timedelta(days=1))

    with pytest.raises(CommandError, match="Some events failed again") as failed:
        call_command("replay_events", "--failed")

    assert failed.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == ["evt_bad: KeyError('object')", "1 of 2 events processed."]
    assert Payment.objects.get().refunded_cents == 2000
