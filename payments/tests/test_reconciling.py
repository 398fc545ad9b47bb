"""The ledger beside Stripe: whatever is planted between the two is found, and what nobody needs is given up."""

import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tenants.utils import tenant_context
from prometheus_client import REGISTRY

from audit import actors
from bookings.tests.factories import at
from payments import gateway, metrics, services, tasks
from payments.models import CardHold, LedgerEntry, LedgerKind, MoneyAction, Payment
from payments.services import events, holding, reconciling
from payments.tests.conftest import repoint
from payments.tests.ledgers import at_stripe, written_down
from payments.tests.making import book
from tenants.models import TenantBilling


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def visit(salon, cut, ann, account):
    """`visit(clock, card=…)`: a confirmed visit with a card on file."""
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
def paid(visit, press):
    """A visit that was completed, charged, and given back in part."""
    booking = visit("09:00")
    press(services.complete, booking)
    press(services.refund, booking, amount_cents=1000)
    return booking


@pytest.fixture
def compare(salon):
    """`compare()`: the kinds of difference, each with the Stripe id it is about; a quarter of an hour from now."""

    def run(**how):
        report = reconciling.reconcile(business=salon, now=timezone.now() + timedelta(minutes=15), **how)
        return [(found.kind, found.stripe_id) for found in report.differences]

    return run


def intent_at_stripe(account, booking, *, confirm=True, capture="automatic", **metadata):
    """A payment that nobody here has pressed."""
    setup = booking.card_setup
    params = {
        "amount": 5000,
        "currency": "usd",
        "customer": setup.stripe_customer_id,
        "payment_method": setup.payment_method_id,
        "payment_method_types": ["card"],
        "capture_method": capture,
        "metadata": {"booking_id": str(booking.pk)} | metadata,
    }
    return account.stripe.payment_intents.create(params | ({"confirm": True, "off_session": True} if confirm else {}))


def dispute(account, status=None):
    made = account.local.control("/disputes", charge=Payment.objects.get().provider_charge_id, reason="fraudulent")
    if status:
        account.local.control(f"/disputes/{made['id']}/close", status=status)
    return made


def forget(**which):
    LedgerEntry.objects.filter(**which).delete()


def entry(kind):
    return LedgerEntry.objects.get(kind=kind)


# Planted, one of each kind -------------------------------------------------------------------------


def taken_by_nobody(world):
    made = intent_at_stripe(world.account, world.booking)
    return made.id


def another_amount_taken(world):
    LedgerEntry.objects.filter(kind=LedgerKind.CAPTURE).update(amount_cents=4999)
    Payment.objects.update(captured_cents=4999)
    return Payment.objects.get().provider_payment_id


def another_fee_taken(world):
    LedgerEntry.objects.filter(kind=LedgerKind.CAPTURE).update(application_fee_cents=49)
    return Payment.objects.get().provider_payment_id


def never_taken(world):
    another(entry(LedgerKind.CAPTURE), stripe_id="ch_gone", payment_intent_id="pi_gone", payment=None)
    return "ch_gone"


def given_back_by_nobody(world):
    made = world.account.stripe.refunds.create(
        {"payment_intent": Payment.objects.get().provider_payment_id, "amount": 5}
    )
    return made.id


def another_amount_given_back(world):
    LedgerEntry.objects.filter(kind=LedgerKind.REFUND).update(amount_cents=999)
    Payment.objects.update(refunded_cents=999)
    return entry(LedgerKind.REFUND).stripe_id


def another_fee_given_back(world):
    LedgerEntry.objects.filter(kind=LedgerKind.REFUND).update(application_fee_cents=9)
    return entry(LedgerKind.REFUND).stripe_id


def thought_to_have_failed(world):
    another(entry(LedgerKind.REFUND), kind=LedgerKind.REFUND_FAILED)
    Payment.objects.update(refunded_cents=0)
    return entry(LedgerKind.REFUND).stripe_id


def never_given_back(world):
    another(entry(LedgerKind.REFUND), stripe_id="re_gone", payment=None)
    return "re_gone"


def came_back_from_the_bank(world):
    refund_id = entry(LedgerKind.REFUND).stripe_id
    world.account.local.control(f"/refunds/{refund_id}/settle", status="failed")
    return refund_id


def disputed_unheard(world):
    return dispute(world.account)["id"]


def won_unheard(world):
    made = dispute(world.account)
    events.handle(business=world.salon, kind="charge.dispute.created", data=made)
    world.account.local.control(f"/disputes/{made['id']}/close", status="won")
    return made["id"]


def never_disputed(world):
    another(entry(LedgerKind.CAPTURE), kind=LedgerKind.DISPUTE, stripe_id="du_gone", payment=None)
    return "du_gone"


def never_won(world):
    made = dispute(world.account)
    events.handle(business=world.salon, kind="charge.dispute.created", data=made)
    another(entry(LedgerKind.DISPUTE), kind=LedgerKind.DISPUTE_WON)
    return made["id"]


def held_twice(world):
    for _ in range(2):
        intent_at_stripe(world.account, world.booking, capture="manual")
    return str(world.booking.pk)


def left_unfinished(world):
    world.account.local.fault("500", "payment_intents$")
    action = world.press(services.complete, world.visit("15:00"))
    return str(action.pk)


def added_up_wrongly(world):
    Payment.objects.update(refunded_cents=1001)
    return Payment.objects.get().provider_payment_id


def another(row, **changed):
    """The same line of the ledger once more, but for what is changed."""
    row.pk = None
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(force_insert=True)


PLANTED = {
    taken_by_nobody: "capture_unknown",
    another_amount_taken: "capture_differs",
    another_fee_taken: "capture_differs",
    never_taken: "capture_missing",
    given_back_by_nobody: "refund_unknown",
    another_amount_given_back: "refund_differs",
    another_fee_given_back: "refund_differs",
    thought_to_have_failed: "refund_differs",
    never_given_back: "refund_missing",
    came_back_from_the_bank: "refund_failed",
    disputed_unheard: "dispute_unknown",
    won_unheard: "dispute_unknown",
    never_disputed: "dispute_missing",
    never_won: "dispute_missing",
    held_twice: "live_twice",
    left_unfinished: "unfinished",
    added_up_wrongly: "payment_differs",
}


@pytest.fixture
def world(salon, account, visit, press, paid):
    class World:
        booking = paid

    World.salon, World.account, World.visit, World.press = salon, account, staticmethod(visit), staticmethod(press)
    return World


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_difference_is_found(world, compare, plant):
    assert compare() == []

    about = plant(world)

    assert compare() == [(PLANTED[plant], about)]


def test_every_kind_of_difference_is_planted_and_counted():
    assert {*PLANTED.values(), "unanswered"} == set(metrics.KINDS)


def test_the_ledger_of_a_whole_life_agrees(salon, visit, press, account, compare):
    for clock, verb in (("09:00", services.complete), ("11:00", services.complete), ("13:00", services.complete)):
        press(verb, visit(clock))
    first, second, third = Payment.objects.order_by("created_at")
    press(services.refund, first.booking)
    press(services.refund, second.booking, amount_cents=1234)
    account.stripe.refunds.create({"payment_intent": second.provider_payment_id, "amount": 66})
    made = account.local.control("/disputes", charge=third.provider_charge_id, reason="fraudulent")
    account.local.control(f"/disputes/{made['id']}/close", status="won")
    for event in account.local.look("/events", account=account.id):
        events.handle(business=salon, kind=event["type"], data=event["data"]["object"])

    report = reconciling.reconcile(business=salon, now=timezone.now())

    assert (report.differences, report.orphans) == ([], [])
    assert report.totals == {"USD": (15000, 6300, 150 - 50 - 12)}
    assert written_down(account) == at_stripe(account)


def test_what_is_being_written_down_is_no_difference_yet(salon, visit, press, account):
    account.local.fault("lost_answer", "capture$")
    action = press(services.complete, visit())
    now = timezone.now()

    assert reconciling.reconcile(business=salon, now=now).differences == []
    later = reconciling.reconcile(business=salon, now=now + timedelta(minutes=15)).differences
    assert [(found.kind, found.stripe_id) for found in later] == [
        ("capture_unknown", action.payment_intent_id),
        ("unfinished", str(action.pk)),
    ]


def test_what_lies_on_the_edge_of_the_days_compared_is_no_difference(salon, paid, compare):
    """Made at Stripe on one side of the edge, written down on the other, as a lost answer or another clock has it."""
    assert compare(days=0) == []
    LedgerEntry.objects.update(at=timezone.now() - timedelta(days=2))
    assert compare(days=1) == []


def test_a_salon_without_an_account_has_nothing_to_compare(salon, local_stripe):
    TenantBilling.objects.filter(business=salon).update(stripe_account_id=None)
    salon.billing.refresh_from_db()

    assert reconciling.reconcile(business=salon, now=timezone.now()) == reconciling.Report([], [], {})


# Orphans -------------------------------------------------------------------------------------------


@pytest.fixture
def orphan(salon, account, visit):
    """`orphan(action_id=…)`: an intent of this salon's that lies open at Stripe."""
    booking = visit("09:00")

    def make(*, action_id="gone", confirm=False, **metadata):
        about = {"tenant": salon.schema_name, "action_id": str(action_id)} | metadata
        return intent_at_stripe(account, booking, confirm=confirm, capture="manual", **about).id

    return make


@pytest.fixture
def orphans(salon):
    def look(minutes=11):
        return reconciling.reconcile(business=salon, now=timezone.now() + timedelta(minutes=minutes)).orphans

    return look


def statuses(account):
    return {intent.id: intent.status for intent in account.intents()}


@pytest.mark.parametrize("confirm", [False, True], ids=["unconfirmed", "holding money"])
def test_an_intent_nobody_needs_is_given_up(account, orphan, orphans, confirm):
    made = orphan(confirm=confirm)

    assert orphans(minutes=9) == []
    assert orphans() == [made]
    assert orphans() == []
    assert statuses(account) == {made: "canceled"}


@pytest.mark.parametrize("other", [{"tenant": "t_other"}, {"action_id": ""}], ids=["another salon's", "no press's"])
def test_an_intent_that_is_not_ours_is_left_alone(account, orphan, orphans, other):
    made = orphan(**other)

    assert orphans() == []
    assert statuses(account) == {made: "requires_confirmation"}


def test_an_intent_about_to_be_adopted_is_left_alone(account, visit, press, orphans, salon):
    """Its answer was lost; the driver will look for it by its press."""
    account.local.fault("lost_answer", "payment_intents$")
    action = press(services.complete, visit())

    assert orphans() == []

    MoneyAction.objects.update(updated_at=timezone.now() - timedelta(minutes=2))
    services.finish_open_actions(now=timezone.now())
    action.refresh_from_db()
    assert action.state == "succeeded"
    assert list(statuses(account).values()) == ["succeeded"]


@pytest.mark.parametrize("card", ["pm_card_chargeCustomerFail", "pm_card_authenticationRequired"])
def test_the_intent_of_a_press_that_waits_is_left_alone(account, visit, press, orphans, card):
    action = press(services.complete, visit(card=card))

    assert orphans() == []
    assert statuses(account) == {action.payment_intent_id: "requires_payment_method"}


def test_held_money_is_left_alone_until_its_hold_is_over(salon, account, visit, orphans):
    salon.hold_near_visits = True
    salon.save()
    visit(days=2)
    holding.place_due(business=salon, now=timezone.now())
    [held] = statuses(account)

    assert orphans() == []

    CardHold.objects.update(state="released")
    assert orphans() == [held]


def test_an_intent_captured_at_the_last_moment_is_no_orphan(account, orphan, orphans, monkeypatch):
    made, real = orphan(confirm=True), gateway.cancel_payment

    def captured_first(**how):
        account.stripe.payment_intents.capture(made)
        return real(**how)

    monkeypatch.setattr(gateway, "cancel_payment", captured_first)

    assert orphans() == []
    assert statuses(account) == {made: "succeeded"}


# Every night ---------------------------------------------------------------------------------------


def counted(kind):
    return REGISTRY.get_sample_value("tithi_ledger_differences_total", {"kind": kind})


def compared():
    return REGISTRY.get_sample_value("tithi_ledger_comparisons_total")


def test_a_night_without_differences_counts_the_salon(salon, paid):
    tasks.compare_ledger()

    assert compared() == 1
    assert {counted(kind) for kind in metrics.KINDS} == {0}


def test_differences_are_errors_in_the_log_and_counted(salon, paid, account, caplog):
    for _ in range(2):
        intent_at_stripe(account, paid)

    tasks.compare_ledger()

    assert (compared(), counted("capture_unknown"), counted("capture_missing")) == (1, 2, 0)
    assert [record.msg["kind"] for record in caplog.records if record.levelname == "ERROR"] == ["capture_unknown"] * 2


def test_a_stripe_that_is_away_is_counted_too(salon, paid, no_stripe, caplog):
    with pytest.raises(gateway.GatewayUnavailable):
        tasks.compare_ledger()

    assert counted("unanswered") == 1
    assert [record.msg["event"] for record in caplog.records if record.levelname == "ERROR"] == ["ledger_not_compared"]


def test_without_the_cache_the_rest_of_the_metrics_is_still_there(salon, paid, settings):
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:9/0"},
    }

    tasks.compare_ledger()

    assert compared() is None


def test_every_salon_is_compared_at_night(settings, rosa, nora, monkeypatch):
    queued = []
    monkeypatch.setattr(tasks.compare_ledger, "apply_async", lambda **how: queued.append(how["headers"]))

    tasks.sweep_ledgers()

    assert {headers["salon_schema"] for headers in queued} == {rosa.schema_name, nora.schema_name}
    assert "payments.tasks.sweep_ledgers" in {row["task"] for row in settings.CELERY_BEAT_SCHEDULE.values()}


# By hand -------------------------------------------------------------------------------------------


def exit_code(*arguments):
    """What the shell is told; the sentence it is told with is printed."""
    try:
        call_command("reconcile", *arguments)
    except CommandError as exc:
        sys.stderr.write(str(exc))
        return exc.returncode
    return 0


def test_the_command_prints_the_sums_and_exits_0(rosa, nora, paid, capsys):
    assert exit_code() == 0
    assert capsys.readouterr().out.splitlines() == [
        "rosa: captured $50.00, refunded $10.00, platform fee $0.40",
        "1 salons agree with Stripe.",
    ]


def test_the_command_names_the_difference_and_exits_1(salon, paid, account, capsys):
    made = intent_at_stripe(account, paid)

    assert exit_code("rosa", "--days", "3") == 1

    shown = capsys.readouterr()
    assert f"rosa: capture_unknown {made.id}: Stripe took 5000 USD with a fee of 0" in shown.out
    assert "1 differences." in shown.err


def test_the_command_tells_what_it_gave_up(salon, orphan, capsys, time_machine):
    made = orphan()
    time_machine.move_to(timezone.now() + timedelta(minutes=11))

    assert exit_code("rosa") == 0
    assert f"rosa: cancelled {made}, which no press stands behind" in capsys.readouterr().out


def test_an_unanswered_question_is_no_agreement(salon, paid, no_stripe, capsys):
    assert exit_code() == 1
    assert "rosa: Stripe did not answer" in capsys.readouterr().out


def test_a_salon_that_cannot_be_compared_is_said(rosa, nora):
    with pytest.raises(CommandError, match="Not every salon named"):
        call_command("reconcile", "nora")


def test_other_salons_are_compared_with_their_own_accounts(salon, other_salon, paid, local_stripe, capsys):
    theirs = local_stripe.new_account()
    TenantBilling.objects.filter(business=other_salon).update(stripe_account_id=theirs.id)
    theirs.stripe.payment_intents.create(
        {"amount": 700, "currency": "eur", "payment_method": "pm_card_visa", "payment_method_types": ["card"],
         "confirm": True}
    )  # fmt: skip
    repoint()

    assert exit_code() == 1

    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["nora:", "capture_unknown"],
        ["rosa:", "captured"],
    ]
    with tenant_context(other_salon):
        assert LedgerEntry.objects.count() == 0
