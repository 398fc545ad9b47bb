"""No call to Stripe is ever made while a transaction is open: watched where the SDK sends its requests.

A transaction that waits for Stripe keeps rows locked for as long as Stripe likes, and one that is rolled back after the
answer forgets money that has moved.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import schema_context

from audit import actors
from audit.actors import SYSTEM
from bookings import services as diary
from bookings.basket import Basket
from bookings.tests.factories import DETAILS, at
from payments import gateway, services
from payments.connect import services as connect
from payments.credits import services as credits
from payments.gateway import calling
from payments.models import CardHold, CardSetup, Dispute, MoneyAction, Payment, SavedCard
from payments.services import events, holding, orders, reconciling
from payments.tests.local_stripe import pay_on_stripes_page
from payments.tests.making import book, order
from payments.webhooks import platform
from payments.webhooks import services as inbox
from tenants.models import Business, TenantBilling

URLS = {"success_url": "https://salon.example/done/", "cancel_url": "https://salon.example/"}
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 39", "cvc": "123", "name": "Paula Ames"}
LATE_FEES = {
    "no_show_fee_type": "percent",
    "no_show_fee_percent": 50,
    "cancellation_fee_type": "percent",
    "cancellation_fee_percent": 50,
    "cancellation_window_hours": 24 * 14,
    "hold_near_visits": True,
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request to Stripe, ids left out of its path; `inside` an open transaction of ours or not."""

    method: str
    path: str
    inside: bool


@pytest.fixture
def calls(monkeypatch):
    """Every request the SDK has sent in this test."""
    sent, send = [], requests.Session.send

    def watched(self, request, **how):
        _, versioned, path = request.path_url.partition("?")[0].partition("/v1/")
        if versioned:
            blocks = [block for block in connection.atomic_blocks if not block._from_testcase]
            sent.append(Call(request.method, re.sub(r"\b[a-z]+_\w*[A-Z0-9]\w*", "·", path), bool(blocks)))
        return send(self, request, **how)

    monkeypatch.setattr(requests.Session, "send", watched)
    return sent


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def press(salon, by):
    """`press(services.complete, booking)`; every press has a key of its own."""

    def run(verb, booking, **how):
        key = f"key-{MoneyAction.objects.count()}"
        return verb(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)

    return run


@pytest.fixture
def visit(salon, cut, ann, account):
    """`visit(clock, card=…, days=…)`: a confirmed visit whose late fees are half its price."""
    Business.objects.filter(pk=salon.pk).update(**LATE_FEES)
    salon.refresh_from_db()

    def make(clock="10:00", *, card="pm_card_visa", days=7):
        return book(salon, cut, at(salon, clock, days=days), account, card)

    return make


def saving_a_card(world):
    salon, account = world.salon, world.account
    booking, setup_intent_id = order(salon, world.cut, at(salon))
    services.prepare_card(business=salon, booking=booking)
    services.hosted_card_page(business=salon, booking=booking, **URLS)
    account.save_card(setup_intent_id)
    services.accept_card(booking=booking, setup_intent_id=setup_intent_id)
    services.place_booking(business=salon, booking=booking, now=timezone.now())
    world.happened()


def booking_for_a_family(world):
    """Two, one after the other: one card."""
    salon, now = world.salon, timezone.now()
    asked = {"baskets": [Basket.of(world.cut)] * 2, "start": at(salon), "order": "after"}
    first, _ = diary.hold_family(business=salon, now=now, **asked)
    how = {"details": DETAILS, "names": ["", "Lena"], "address": None, "seen": ["", ""]}
    services.submit_family(business=salon, family=first.family, now=now, **how)
    _, intent = services.prepare_card(business=salon, booking=services.card_visit(booking=first))
    world.account.save_card(intent.id)
    services.place_family(business=salon, family=first.family, now=now)
    assert CardSetup.objects.filter(status="succeeded").count() == 2
    world.happened()


def keeping_a_card(world):
    """Kept at the first visit, chosen for the second, removed, forgotten."""
    first, second = (order(world.salon, world.cut, at(world.salon, clock))[0] for clock in ("09:00", "11:00"))
    _, intent = services.prepare_card(business=world.salon, booking=first, keep=True)
    world.account.save_card(intent.id)
    services.place_booking(business=world.salon, booking=first, now=timezone.now())
    card = SavedCard.objects.get()
    services.choose_kept_card(booking=second, card=card)
    services.remove_kept_card(card=card, by=SYSTEM, now=timezone.now())
    CardSetup.objects.update(saved_card=None)
    assert services.forget_removed_cards() == 1


def exchanging_a_card(world):
    """For a visit to come whose price is held, and for one whose card was refused."""
    near, refused = world.visit("09:00", days=2), world.visit("11:00", card="pm_card_chargeCustomerFail")
    assert holding.place_due(business=world.salon, now=timezone.now()) == 1
    world.press(services.complete, refused)
    for booking in (near, refused):
        services.hosted_replacement_page(booking=booking, **URLS)
        _, intent = services.prepare_replacement(booking=booking)
        world.account.save_card(intent.id)
        services.accept_replacement(booking=booking, setup_intent_id=intent.id)
    assert sorted(hold.state for hold in world.holds()) == ["held", "released"]
    assert MoneyAction.objects.get().state == "succeeded"
    world.happened()


def pressing_and_refunding(world):
    for clock, verb in (("09:00", services.cancel), ("11:00", services.no_show), ("13:00", services.complete)):
        booking = world.visit(clock)
        assert world.press(verb, booking).state == "succeeded"
        assert world.press(services.refund, booking, amount_cents=100).state == "succeeded"
        assert world.press(services.refund, booking).state == "succeeded"
    world.press(services.no_show, booking, correcting=True, reason="The wrong button")
    world.happened()


def trying_again(world):
    refused = world.press(services.complete, world.visit("09:00", card="pm_card_chargeCustomerFail"))
    assert services.retry(action=refused).state == "failed"
    assert services.try_again(booking=refused.booking, key="again", by=SYSTEM, now=timezone.now()).state == "failed"
    assert services.card_replaced(booking=refused.booking).state == "failed"
    assert world.press(services.take_cash, refused.booking).state == "succeeded"
    asked = world.press(services.complete, world.visit("11:00", card="pm_card_authenticationRequired"))
    assert services.customer_acted(action=asked).state == "needs_customer"
    assert services.intent_to_confirm(action=asked).status == "requires_payment_method"
    world.account.confirm_at_the_bank(asked.payment_intent_id, asked.booking.card_setup.payment_method_id)
    services.look_again(now=timezone.now() + timedelta(hours=2))
    asked.refresh_from_db()
    assert services.customer_acted(action=asked).state == "succeeded"
    world.happened()


def being_taken_over(world):
    """Answers get lost; sweeps look for what was made, and go on."""
    booking = world.visit()
    for lost in ("payment_intents$", "confirm$", "capture$"):
        world.account.local.fault("lost_answer", lost)
    world.press(services.complete, booking)
    for _ in range(3):
        world.sweep()
    world.account.local.fault("lost_answer", "refunds$")
    action = world.press(services.refund, booking)
    world.sweep()
    action.refresh_from_db()
    assert action.state == "succeeded"
    assert services.drive(action).state == "succeeded"


def holding_money(world):
    for clock in ("09:00", "11:00", "13:00"):
        world.visit(clock, days=2)
    world.account.local.fault("lost_answer", "confirm$")
    assert holding.place_due(business=world.salon, now=timezone.now()) == 3
    holds = list(world.holds())
    holds[0].booking.card_holds.update(updated_at=timezone.now() - timedelta(minutes=2))
    services.finish_open_holds(now=timezone.now())
    assert world.press(services.complete, holds[1].booking).state == "succeeded"
    assert world.press(services.complete, holds[2].booking, tip_cents=900).state == "succeeded"
    world.press(services.cancel, holds[0].booking, waive_fee=True)
    assert holding.release_open() == 1
    world.happened()


def disputing(world):
    booking = world.visit()
    world.press(services.complete, booking)
    charge = Payment.objects.get().provider_charge_id
    dispute = world.account.local.control("/disputes", charge=charge)
    world.happened()
    world.happened()
    services.answer_dispute(
        dispute=Dispute.objects.get(),
        texts={"uncategorized_text": "They came."},
        key="answer",
        by=SYSTEM,
        now=timezone.now(),
    )
    world.account.local.control(f"/disputes/{dispute['id']}/close", status="won")
    world.happened()
    reconciling.reconcile(business=world.salon, now=timezone.now())


def selling_a_gift_card(world):
    """Bought on Stripe's page, then given back."""
    Business.objects.filter(pk=world.salon.pk).update(sell_gift_cards=True)
    world.salon.refresh_from_db()
    wish = orders.Wish(amount_cents=5000, buyer_name="Ben", buyer_email="ben@example.com")
    sale = orders.place(business=world.salon, wish=wish, form_key="form")
    pay_on_stripes_page(orders.payment_page(order=sale, **URLS))
    sale.refresh_from_db()
    sale = orders.fulfil(order=sale, business=world.salon, now=timezone.now())
    services.refund_order(order=sale, key="sale", by=SYSTEM, now=timezone.now())
    world.happened()


def giving_up_orphans(world):
    booking = world.visit()
    world.account.stripe.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "customer": booking.card_setup.stripe_customer_id,
            "payment_method_types": ["card"],
            "metadata": {"tenant": world.salon.schema_name, "booking_id": str(booking.pk), "action_id": "gone"},
        }
    )
    later = timezone.now() + timedelta(minutes=11)
    assert len(reconciling.reconcile(business=world.salon, now=later).orphans) == 1


def connecting(world):
    connect.refresh_account(business=world.salon, now=timezone.now())
    TenantBilling.objects.filter(business=world.salon).update(stripe_account_id=None)
    connect.start_onboarding(
        business=world.salon, return_url="https://a.example", refresh_url="https://a.example", by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip


def buying_credits(world):
    credits.get_or_create_profile(user=world.person, full_name="Paula", now=timezone.now())
    local = world.account.local
    purchase, url = credits.start_purchase(user=world.person, pack="small", **URLS)
    requests.post(url, data=CARD, timeout=20, allow_redirects=False).raise_for_status()
    purchase = credits.settle(purchase_id=purchase.pk, now=timezone.now())
    credits.invoice_url(purchase=purchase)
    local.client(None).refunds.create({"payment_intent": purchase.payment_intent_id, "amount": 100})
    for event in local.look("/events", account=local.look("/health")["platform"]) * 2:
        platform.handle(kind=event["type"], data=event["data"]["object"])
    assert purchase.money_back.count() == 1


STORIES = (
    saving_a_card,
    booking_for_a_family,
    keeping_a_card,
    exchanging_a_card,
    pressing_and_refunding,
    trying_again,
    being_taken_over,
    holding_money,
    disputing,
    selling_a_gift_card,
    giving_up_orphans,
    connecting,
    buying_credits,
)
#: Verbs of `payments.services` that no story needs to tell: they never reach Stripe.
WITHOUT_STRIPE = {
    "abandon_card",
    "bound_of",
    "card_visit",
    "is_card_asked_for",
    "is_under_way",
    "may_retry",
    "platform_fee",
    "preview",
    "put_gift_card_aside",
    "repeat_visit",
    "send_link",
    "submit_checkout",
    "submit_family",
    "take_family",
    "take_gift_card_off",
    "take_visit",
    "unspent_cents",
    "version_of",
}


@dataclass
class World:
    salon: object
    cut: object
    account: object
    person: object
    visit: object
    press: object

    def happened(self):
        """Everything Stripe has to tell, once more, and twice: handlers read from Stripe again."""
        for event in self.account.local.look("/events", account=self.account.id) * 2:
            events.handle(business=self.salon, kind=event["type"], data=event["data"]["object"])

    def sweep(self):
        past = timezone.now() - timedelta(minutes=2)
        MoneyAction.objects.update(updated_at=past)
        return services.finish_open_actions(now=timezone.now())

    def holds(self):
        return CardHold.objects.order_by("booking__start_at").select_related("booking")


@pytest.fixture
def world(salon, cut, account, admin, visit, press):
    return World(salon, cut, account, admin, visit, press)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_stripe_is_never_called_inside_a_transaction(world, calls, story):
    story(world)

    assert len(calls) > 1
    assert [call for call in calls if call.inside] == []


def test_every_verb_of_money_is_told_by_a_story():
    told = set(re.findall(r"services\.(\w+)", Path(__file__).read_text()))
    verbs = {name for name in services.__all__ if name.islower()}

    assert verbs - told - WITHOUT_STRIPE == set()
    assert verbs >= WITHOUT_STRIPE


def test_a_call_inside_a_transaction_would_be_seen(account, calls, monkeypatch):
    """The control: with the gateway's own guard off, the watch sees what it is there to see."""
    monkeypatch.setattr(calling, "inside_transaction", lambda: False)

    with transaction.atomic():
        gateway.retrieve_account(account_id=account.id)

    assert [call for call in calls if call.inside] == [Call("GET", "accounts/·", inside=True)]


def test_the_gateway_refuses_to_call_inside_a_transaction(account, calls):
    before = len(calls)

    with transaction.atomic(), pytest.raises(gateway.CallInsideTransaction):
        gateway.retrieve_account(account_id=account.id)

    assert len(calls) == before


@pytest.mark.django_db(transaction=True)
def test_dj_stripe_keeps_its_copies_with_nothing_of_ours_in_its_hands(world, monkeypatch):
    """It asks Stripe inside transactions of its own, which nobody can take from it: they touch its tables alone."""
    world.press(services.complete, booking := world.visit())
    world.press(services.refund, booking, amount_cents=1000)
    touched = tables_written_while_asking(monkeypatch)

    for event in world.account.local.look("/events", account=world.account.id):
        with schema_context("public"):
            inbox.receive(payload=event)
            inbox.process(event_id=event["id"])

    assert any(touched)
    assert [table for tables in touched for table in tables if not table.startswith("djstripe_")] == []


def tables_written_while_asking(monkeypatch):
    """For every request of the SDK from now on: the tables that the open transaction, if any, has written to."""
    seen, send = [], requests.Session.send

    def watched(self, request, **how):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT DISTINCT relname FROM pg_locks JOIN pg_class ON pg_class.oid = relation"
                " WHERE pid = pg_backend_pid() AND relkind = 'r' AND mode IN ('RowExclusiveLock', 'RowShareLock')"
            )
            seen.append([table for (table,) in cursor.fetchall()])
        return send(self, request, **how)

    monkeypatch.setattr(requests.Session, "send", watched)
    return seen
