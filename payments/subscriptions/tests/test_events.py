"""Stripe's events about plans: in any order and number, through the inbox, at the same moment."""

import itertools
import random
import threading
from contextlib import nullcontext, suppress

import pytest
from django.db import connection
from djstripe.models import Customer, Invoice
from djstripe.models import Subscription as Copy

from messaging.models import Message
from payments.subscriptions import queries, services, tasks
from payments.subscriptions.events import handle
from payments.webhooks import services as inbox
from payments.webhooks.models import StripeEvent
from tenants.models import TenantBilling


def about(plan, *kinds):
    return [event for event in plan.happened() if event["type"].startswith(kinds)]


def test_events_alone_take_a_plan_from_trial_to_overdue(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    plan.wait(days=30, hours=2)
    assert plan.state == "trial"

    plan.tell()

    assert plan.state == "past_due"
    assert list(Message.objects.values_list("kind", flat=True)) == ["plan_past_due"]


def test_events_in_any_order_and_number_end_the_same(plan, clock_of):
    """A life of several months, told in twenty disorders."""
    clock_of(plan)
    plan.start_trial()
    plan.card()
    plan.activate()
    plan.pause()
    plan.resume()
    plan.wait(days=65)
    plan.cancel()
    plan.tell()
    ignored = {"subscription_read_at"}
    before = {name: value for name, value in vars(plan.billing).items() if name not in ignored | {"_state"}}
    events, chance = about(plan, "customer.", "invoice.", "checkout."), random.Random(7)

    for _ in range(20):
        shuffled = chance.choices(events, k=12)
        plan.tell(shuffled)

    after = {name: value for name, value in vars(plan.billing).items() if name not in ignored | {"_state"}}
    assert after == before
    assert (plan.state, plan.taken()) == ("active", [1199] * 3)


def test_every_order_of_the_last_three_ends_the_same(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    plan.card()
    plan.activate()
    plan.cancel(at_period_end=False, confirmed=True)
    last = about(plan, "customer.subscription.")[-3:]

    for order in itertools.permutations(last):
        plan.tell(order)
        assert (plan.state, plan.site) == ("canceled", "canceled")

    assert Message.objects.filter(kind="plan_ended").count() == 1


def test_a_card_left_before_the_browser_was_closed_pays(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    page = services.open_card_page(
        business=plan.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=True
    )
    plan.fill(page.id)
    completed = about(plan, "checkout.session.completed")

    plan.tell(completed * 3)

    assert (plan.state, plan.taken()) == ("active", [1199])


def test_a_card_that_is_declined_then_stops_no_event(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    page = services.open_card_page(
        business=plan.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=True
    )
    plan.fill(page.id, "pm_card_chargeCustomerFail")

    plan.tell(about(plan, "checkout.session.completed"))

    assert (plan.state, plan.taken()) == ("trial", [])


def test_an_event_while_somebody_works_on_the_plan_is_tried_again(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    plan.give_card()
    from payments.subscriptions.services.leases import working_on

    with working_on(plan.business), pytest.raises(services.PlanBusy):
        plan.tell(about(plan, "checkout.session.completed"))


def test_the_end_of_a_trial_is_told_once_and_in_time(plan, clock_of):
    clock_of(plan)
    plan.start_trial()
    plan.wait(days=27, hours=2)

    plan.tell()
    plan.tell()

    [mail] = Message.objects.all()
    assert (mail.kind, mail.recipient) == ("trial_ends", "owner@rosa.test")
    assert "Add a card by then" in mail.text


@pytest.mark.parametrize("data", [{}, {"customer": None}, {"customer": ""}, {"customer": "cus_nobodys"}])
def test_events_about_nobody_are_left_alone(plan, data):
    before = list(TenantBilling.objects.values())

    for kind in ("customer.subscription.updated", "invoice.paid", "checkout.session.completed"):
        handle(kind=kind, data={"id": "x", "object": "subscription"} | data)

    assert list(TenantBilling.objects.values()) == before


def test_a_reading_that_is_overtaken_changes_nothing(paying, monkeypatch):
    """Somebody reads “active”, is slow, and writes after a reader that saw the end."""
    from payments import gateway

    real = gateway.retrieve_subscription

    def slow(**which):
        seen = real(**which)
        monkeypatch.undo()
        paying.stripe.subscriptions.cancel(which["subscription_id"])
        paying.refresh()
        return seen

    monkeypatch.setattr(gateway, "retrieve_subscription", slow)
    paying.refresh()

    assert paying.state == "canceled"


# Through the inbox -------------------------------------------------------------------------------


def receive(plan, events):
    for event in events:
        inbox.receive(payload=event)
        inbox.process(event_id=event["id"])


def test_the_inbox_hands_them_on_and_dj_stripe_keeps_its_copies(paying):
    connection.set_schema_to_public()
    receive(paying, paying.happened())

    assert set(StripeEvent.objects.values_list("status", flat=True)) == {"processed"}
    billing = paying.billing
    assert Customer.objects.get(id=billing.stripe_customer_id).subscriber_id == paying.business.pk
    assert Copy.objects.get(id=billing.subscription_id).stripe_data["status"] == "active"
    assert Invoice.objects.filter(customer_id=billing.stripe_customer_id).count() == 2


def test_invoices_are_shown_from_dj_stripes_copies(paying):
    connection.set_schema_to_public()
    receive(paying, paying.happened())

    lines = queries.invoices_of(paying.billing)

    assert [(str(line.total), line.status) for line in lines] == [("$11.99", "paid")]
    assert lines[0].url.startswith(f"{paying.local.base}/i/")


# Sweeps ------------------------------------------------------------------------------------------


@pytest.fixture
def looked_after(monkeypatch):
    seen = []
    monkeypatch.setattr(tasks.look_after, "delay", lambda business_id: seen.append(business_id))
    return seen


def test_plans_are_looked_at_when_something_falls_due_or_nobody_has_for_a_day(plan, looked_after, clock_of):
    clock_of(plan)
    TenantBilling.objects.exclude(business=plan.business).update(subscription_status="canceled")
    plan.start_trial()
    rounds = []

    for days in (0, 0.9, 0.2, 28.7, 0.3):
        plan.wait(days=days)
        tasks.sweep_plans()
        rounds.append(len(looked_after))
        looked_after.clear()
        if rounds[-1]:
            # The database's clock does not move with Stripe's.
            TenantBilling.objects.filter(business=plan.business).update(subscription_read_at=plan.now())

    assert rounds == [0, 0, 1, 1, 1]


def test_a_live_salon_without_a_plan_gets_its_trial(plan, clock_of):
    clock_of(plan)

    tasks.look_after(business_id=str(plan.business.pk))

    assert (plan.state, plan.subscriptions()) == ("trial", ["trialing"])


def test_a_salon_that_is_not_live_waits(plan, looked_after):
    type(plan.business).objects.update(status="onboarding")

    tasks.sweep_plans()

    assert looked_after == []


def test_an_unknown_salon_is_left_alone(db):
    tasks.look_after(business_id="00000000-0000-0000-0000-000000000000")


# At the same moment ------------------------------------------------------------------------------


def race(times, act):
    barrier, outcomes = threading.Barrier(times), []

    def run(number):
        try:
            barrier.wait(timeout=20)
            act(number)
            outcomes.append("done")
        except services.PlanBusy:
            outcomes.append("busy")
        except Exception as exc:  # noqa: BLE001 -- judged by the test
            outcomes.append(repr(exc))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_two_browsers_beginning_anew_at_once_make_one_subscription(paying):
    paying.cancel(at_period_end=False, confirmed=True)

    outcomes = race(6, lambda number: paying.activate())

    assert set(outcomes) <= {"done", "busy"}
    assert "done" in outcomes
    assert (sorted(paying.subscriptions()), paying.taken()) == (["active", "canceled"], [1199, 1199])


@pytest.mark.django_db(transaction=True)
def test_two_browsers_ending_the_trial_at_once_pay_once(plan):
    plan.start_trial()
    plan.card()

    outcomes = race(6, lambda number: plan.activate())

    assert set(outcomes) <= {"done", "busy"}
    assert (plan.state, plan.subscriptions(), plan.taken()) == ("active", ["active"], [1199])


@pytest.mark.django_db(transaction=True)
def test_without_the_lease_the_key_alone_keeps_it_at_one(paying, monkeypatch):
    from payments import gateway
    from payments.subscriptions.services import verbs

    paying.cancel(at_period_end=False, confirmed=True)
    monkeypatch.setattr(verbs, "working_on", nullcontext)

    def act(number):
        # Refused where the other one is under way at Stripe with the very same key.
        with suppress(gateway.GatewayUnavailable):
            paying.activate()

    race(6, act)

    assert sorted(paying.subscriptions()) == ["active", "canceled"]


@pytest.mark.django_db(transaction=True)
def test_a_page_and_its_events_at_once_pay_once(plan):
    plan.start_trial()
    page = services.open_card_page(
        business=plan.business, success_url="https://t.example/", cancel_url="https://t.example/", activate=True
    )
    plan.fill(page.id)
    events = about(plan, "checkout.session.completed", "customer.subscription.")

    race(6, lambda number: plan.tell(events) if number else plan.accept_card(page_id=page.id))
    plan.tell(events)

    assert (plan.state, plan.taken()) == ("active", [1199])
