"""What it costs that a thousand salons have something to say, and what it costs when they have not."""

import json
import threading
import time
from datetime import timedelta
from statistics import median

from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import services as diary
from config.bench import database
from config.bench.results import Result
from messaging import services
from messaging.dispatch import services as dispatch
from messaging.dispatch.models import Dispatch
from messaging.models import Message
from messaging.services.sending import BATCH
from payments import tasks as money
from tenants import sweeping
from tenants.models import Business, BusinessStatus
from tenants.services import open_business
from webhooks import queries as webhooks

SALONS, QUICK_SALONS = 1_000, 30
MESSAGES, QUICK_MESSAGES = 10_000, 300
ROUNDS, QUICK_ROUNDS = 9, 3


def run(*, quick=False):
    salons, count = (QUICK_SALONS, QUICK_MESSAGES) if quick else (SALONS, MESSAGES)
    rounds = QUICK_ROUNDS if quick else ROUNDS
    businesses = [
        open_business(slug=f"salon-{number}", name=f"Salon {number}", status=BusinessStatus.ACTIVE)
        for number in range(salons)
    ]
    database.settle()
    yield from _idle(rounds, salons)
    yield from _who_has_work(rounds, salons)
    now = timezone.now()
    _write(businesses, count, now)
    database.settle()
    yield from _plan(now)
    for workers in (1, 2):
        yield from _claiming(workers, count)
    yield from _sending(count)


def _idle(rounds, salons):
    """The sweep of the outbox where nothing is due: one statement, whatever the number of salons."""
    taken = _timed(rounds, lambda: services.send_due_of_all(now=timezone.now()))
    yield Result(f"messages: idle sweep of the outbox over {salons} salons", taken * 1000, "ms", at_most=20)


def _who_has_work(rounds, salons):
    """The sweeps that ask every salon's tables, where none has anything, and what a task for each salon would be."""
    now = timezone.now()
    asked = {
        "holds": ([diary.run_out(now=now)], None),
        "webhooks": ([webhooks.due(now=now)], None),
        "money actions": (money.unfinished(now=now), money.maybe_unfinished(now=now)),
    }
    for name, (work, likely) in asked.items():

        def look(work=work, likely=likely):
            plain = likely and (lambda salon: likely)
            return sweeping.salons_with_work(lambda salon: work, likely=plain)

        connection.close()
        connection.close_pool()
        first, taken, found = _timed(1, look), _timed(rounds, look), len(look())
        yield Result(f"messages: asking {salons} salons for {name}, a fresh connection", first * 1000, "ms")
        yield Result(f"messages: asking {salons} salons for {name}", taken * 1000, "ms", at_most=1_000)
        yield Result(f"messages: tasks queued for {name} where there are none", found, "tasks", at_most=0)


def _write(businesses, count, now):
    each = count // len(businesses)
    for business in businesses:
        with tenant_context(business):
            rows = [
                Message(
                    dedupe_key=f"bench:{number}",
                    kind="booking_confirmed",
                    recipient=f"customer{number}@example.com",
                    subject="Confirmed",
                    text="Your visit is confirmed.",
                    html="<p>Your visit is <b>confirmed</b>.</p>",
                    due_at=now,
                )
                for number in range(each)
            ]
            Message.objects.bulk_create(rows)
            Dispatch.objects.bulk_create(
                Dispatch(schema_name=business.schema_name, message_id=row.pk, kind=row.kind, due_at=now) for row in rows
            )


def _plan(now):
    """Whether the claim reads its index, among as many planned for later as are due."""
    due = Dispatch.objects.filter(due_at__lte=now, gave_up_at=None).exclude(schema_name="public")
    with transaction.atomic():
        text = due.select_for_update(skip_locked=True).order_by("due_at")[:BATCH].explain(format="json")
    yield Result(
        "messages: the claim reads the index `dispatch_due`", "dispatch_due" in json.dumps(text), "", at_least=1
    )


def _claiming(workers, count):
    """Everything that is due is claimed, by so many at once; nothing is sent, and the claims are let go again."""
    taken, left = [], []

    def work():
        try:
            while batch := dispatch.claim(now=timezone.now(), size=BATCH):
                left.append([each.pk for each in batch])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - began
    claimed = [pk for batch in left for pk in batch]
    Dispatch.objects.update(claim=None, due_at=timezone.now() - timedelta(seconds=1))
    yield Result(f"messages: claiming {len(claimed)} by {workers}", taken, "s", at_most=30)
    yield Result(f"messages: claims a second by {workers}", len(claimed) / taken, "messages/s", at_least=500)
    yield Result(f"messages: claimed twice by {workers}", len(claimed) - len(set(claimed)), "messages", at_most=0)


def _sending(count):
    """One worker sends everything to a mail server that costs nothing: what the product itself takes."""
    began = time.perf_counter()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        sent = 0
        while here := services.send_due_of_all(now=timezone.now()):
            sent += here
    taken = time.perf_counter() - began
    yield Result(f"messages: sending {sent} of {Business.objects.count()} salons to nowhere, one worker", taken, "s")
    yield Result("messages: sent a second by one worker", sent / taken, "messages/s")
    yield Result("messages: left over", Dispatch.objects.count(), "messages", at_most=0)


def _timed(rounds, act):
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return median(times)
