"""Background tasks: each one run in a salon, with ids of another, does nothing to either, and fails at nothing."""

import inspect
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

import pytest
from celery import Celery
from django.db import connection
from django_tenants.utils import schema_context

from bookings.models import Customer
from config.celery import app
from config.tests.walls.walk import RolledBack, checksum
from payments.gateway import GatewayError
from payments.tests.conftest import local_stripe, stripe_server
from tenants.tasks import HEADER, SalonTask
from tenants.tests.api import NO_STATIC

__all__ = ["local_stripe", "stripe_server"]
pytestmark = [NO_STATIC, pytest.mark.usefixtures("local_stripe")]

#: A salon's task → what its ids are of.
OF_A_SALON = {
    "accounts.tasks.forget_sessions": {},
    "bookings.tasks.expire_holds": {},
    "bookings.tasks.replan_reminders": {},
    "feeds.tasks.read": {"calendar_id": "feeds.BusyCalendar"},
    "feeds.tasks.wake": {},
    "giftcards.tasks.look_after_gift_cards": {},
    "memberships.tasks.look_after_memberships": {},
    "messaging.tasks.forget_old_notices": {},
    "messaging.tasks.send_due": {},
    "payments.tasks.compare_ledger": {},
    "payments.tasks.finish_actions": {},
    "payments.tasks.finish_orders": {},
    "payments.tasks.forget_removed_cards": {},
    "payments.tasks.hold_near_visits": {},
    "payments.tasks.release_holds": {},
    "waitlist.tasks.forget_ended": {},
    "waitlist.tasks.look_at_new_dates": {},
    "waitlist.tasks.offer_free_time": {},
    "webhooks.tasks.deliver": {"endpoint_id": "webhooks.WebhookEndpoint"},
    "webhooks.tasks.forget_old": {},
    "webhooks.tasks.wake": {},
}
#: The platform's own, which enter a salon where they are given something of it.
OF_THE_PLATFORM = {
    "onboarding.domains.tasks.look_after_domain": {"domain_id": "tenants.CustomDomain"},
    "onboarding.leaving.tasks.look_after_departure": {"departure_id": "tenants.Departure"},
    "onboarding.tasks.provision_salon": {"progress_id": "onboarding.OnboardingProgress"},
    "payments.subscriptions.tasks.look_after": {"business_id": "tenants.Business"},
    "payments.webhooks.tasks.process_event": {"event_id": "stripe_inbox.StripeEvent"},
}
#: They look for what is due themselves, and queue a task for each.
SWEEPS = {
    "accounts.tasks.forget_ended_sign_ins",
    "accounts.tasks.forget_old_mail",
    "accounts.tasks.send_account_mail",
    "bookings.tasks.sweep_holds",
    "bookings.tasks.sweep_reminders",
    "feeds.tasks.sweep_calendars",
    "giftcards.tasks.sweep_gift_cards",
    "memberships.tasks.sweep_memberships",
    "messaging.tasks.sweep_old_notices",
    "messaging.tasks.sweep_outbox",
    "onboarding.domains.tasks.sweep_domains",
    "onboarding.leaving.tasks.erase_departed",
    "onboarding.leaving.tasks.sweep_departures",
    "onboarding.tasks.provision_left_behind",
    "operators.tasks.forget_old_failures",
    "operators.tasks.pulse",
    "payments.subscriptions.tasks.sweep_plans",
    "payments.tasks.sweep_actions",
    "payments.tasks.sweep_ledgers",
    "payments.tasks.sweep_near_visits",
    "payments.tasks.sweep_orders",
    "payments.webhooks.tasks.sweep_events",
    "tenants.tasks.drop_old_addresses",
    "tenants.tasks.forget_ended_tokens",
    "waitlist.tasks.sweep_ended_wishes",
    "waitlist.tasks.sweep_new_dates",
    "waitlist.tasks.sweep_waitlist",
    "webhooks.tasks.sweep_old_events",
    "webhooks.tasks.sweep_webhooks",
}
#: It enters every salon that has something to send, and says there what is said there: `test_outboxes`.
OF_ALL = "messaging.tasks.sweep_outbox"

#: What a task may fail with here: Stripe knows neither account nor plan of these salons, and both are asked for again.
FAILS = {"payments.tasks.compare_ledger": GatewayError, "payments.subscriptions.tasks.look_after": GatewayError}


def registered():
    app.autodiscover_tasks(force=True)
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_every_task_was_thought_of():
    """Fails for a new task, and for a new argument, until it stands above."""
    found = {name: (task.public, set(inspect.signature(task.run).parameters)) for name, task in registered().items()}

    assert found == (
        {name: (False, set(ids)) for name, ids in OF_A_SALON.items()}
        | {name: (True, set(ids)) for name, ids in OF_THE_PLATFORM.items()}
        | {name: (True, set()) for name in SWEEPS}
    )


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    """What would have gone to the broker: (task, salon)."""
    messages = []

    def keep(self, name, *args, **how):
        messages.append((name, how["headers"][HEADER]))

    monkeypatch.setattr(Celery, "send_task", keep)
    return messages


@dataclass
class Ran:
    """What a task did before it was undone: whose rows it changed, and each statement with the schema it was asked in."""

    changed: set
    asked: list

    def reached(self, salon):
        """The statements that went to a salon's schema."""
        schema = salon.business.schema_name
        return [sql for chosen, sql in self.asked if chosen == schema or schema in sql]


def run(task, ids, *, of, beside):
    """A worker's work on one message of a salon, watched, and undone again."""
    salons = {"own": of, "other": beside}
    before, asked = {name: checksum(salon.business) for name, salon in salons.items()}, []

    def watch(execute, sql, params, many, context):
        asked.append((connection.schema_name, str(sql)))
        return execute(sql, params, many, context)

    header = "public" if task.public else of.business.schema_name
    with RolledBack():
        with connection.execute_wrapper(watch), suppress(FAILS.get(task.name, ())):
            task.apply(kwargs=ids, headers={HEADER: header}, throw=True)
        changed = {name for name, salon in salons.items() if checksum(salon.business) != before[name]}
    return Ran(changed, asked)


def ids_of(salon, arguments):
    keys = salon.keys | {"stripe_inbox.StripeEvent": f"evt_{salon.public.word}"}
    return {argument: str(keys[label]) for argument, label in arguments.items()}


def test_a_salons_task_reaches_no_other_salon(here, there, queued):
    tasks = registered()
    for name, arguments in OF_A_SALON.items():
        ran = run(tasks[name], ids_of(there, arguments), of=here, beside=there)

        assert ran.reached(there) == [], name
        assert ran.changed <= (set() if arguments else {"own"}), name
    assert {salon for _, salon in queued} <= {here.business.schema_name}


def test_a_task_of_the_platform_stays_in_the_salon_it_was_given(here, there, queued):
    tasks = registered()
    for name, arguments in OF_THE_PLATFORM.items():
        ran = run(tasks[name], ids_of(there, arguments), of=here, beside=there)

        assert ran.reached(here) == [], name
        assert ran.changed <= {"other"}, name
    assert here.business.schema_name not in {salon for _, salon in queued}


def test_a_task_that_is_given_nobodys_ids_does_nothing(here, there, queued):
    tasks = registered()
    for name, arguments in (OF_A_SALON | OF_THE_PLATFORM).items():
        if arguments:
            ran = run(tasks[name], {argument: str(uuid4()) for argument in arguments}, of=here, beside=there)

            assert (ran.reached(there), ran.changed) == ([], set()), name
    assert queued == []


def test_a_sweep_queues_each_salon_its_own(here, there, queued):
    """It changes no salon's rows itself, but for the outbox's; what it queues says for whom."""
    tasks = registered()
    schemas = {here.business.schema_name, there.business.schema_name}
    for name in sorted(SWEEPS):
        queued.clear()
        ran = run(tasks[name], {}, of=here, beside=there)

        assert ran.changed == ({"own", "other"} if name == OF_ALL else set()), name
        assert {salon for task, salon in queued if not tasks[task].public} in (set(), schemas), name
        assert {salon for task, salon in queued if tasks[task].public} <= {"public"}, name


def test_a_task_that_reaches_another_salon_is_found(here, there):
    made = Celery("planted", task_cls=SalonTask, set_as_current=False)

    @made.task(name="planted", shared=False)
    def planted(*, customer_id):
        with schema_context(there.business.schema_name):
            Customer.objects.filter(pk=customer_id).update(notes="x")

    ran = run(planted, {"customer_id": str(there.keys["bookings.Customer"])}, of=here, beside=there)

    assert ran.changed == {"other"}
    assert any("UPDATE" in sql for sql in ran.reached(there))
