"""A month of many salons on a moving clock, while everything is delivered three times and workers are killed.

Visits are booked, moved, cancelled and completed by the real services; real workers send to a real mail server, which
counts. `judge` compares what arrived with what the product wrote down and with what was done.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as wall
from pathlib import Path

import redis
import stripe
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.basket import Basket
from bookings.models import Booking
from config.bench import data, server
from config.bench.results import Result
from config.celery import app
from config.chaos import clockwork, killing, sink
from config.chaos import world as worlds
from config.local import ports, processes
from messaging.dispatch.models import Dispatch
from messaging.models import Message, MessageStatus
from messaging.tasks import sweep_outbox
from operators.models import FailedTask
from payments import gateway
from payments import services as payments
from payments.models import CardSetup, CardSetupStatus, Payment
from tenants import publishing
from tenants.models import ConnectStatus, TenantBilling

DAYS = 30
STEP = timedelta(hours=6)
TIMES = 3
WORKERS = ("worker-1", "worker-2")
HOURS = range(9, 16)
#: One visit in so many is completed with a card, whose receipt may never leave twice.
CARDS = 3
QUIET = 60
#: How many of a thousand may have left twice where a worker died.
RATE = "… of 1,000 delivered"
KIND = {
    "confirm": "booking_confirmed",
    "move": "booking_rescheduled",
    "cancel": "booking_cancelled",
    "charge": "receipt",
}


@dataclass
class Month:
    world: worlds.World
    folder: Path
    broker: redis.Redis
    lots: random.Random
    #: (slug, address, kind) → how many messages there have to be.
    expected: Counter = field(default_factory=Counter)
    acts: Counter = field(default_factory=Counter)
    queued: int = 0
    killed: int = 0

    @property
    def log(self):
        return self.folder / "taken"


@dataclass
class Visit:
    number: int
    book_at: datetime
    starts: list
    cancels: bool
    booking: object = None


def run(*, salons, visits, kills, seed, control=False):
    """Yield the results; with `control` the sender is a wrong one."""
    began = time.monotonic()
    with _standing(seed, control) as month:
        shops = [_salon(month, number) for number in range(salons)]
        made = time.monotonic() - began
        _live(month, shops, visits, kills)
        yield Result("salons", salons, "salons")
        yield Result("making them took", made, "s")
        yield from _judge(month, shops, kills, control)
    yield Result("all of it took", time.monotonic() - began, "s")


# The month ---------------------------------------------------------------------------------------


def _live(month, shops, visits, kills):
    start = timezone.now()
    plan = _planned(month, shops, visits, start)
    every = max(sum(len(acts) for acts in plan.values()) // max(kills, 1), 1)
    done = 0
    for tick in sorted(plan):
        clockwork.move(tick)
        _sweep(month)
        for act, shop, visit in plan[tick]:
            _act(month, act, shop, visit, tick)
            done += 1
            if done % every == 0 and month.killed < kills:
                _kill(month)
        _sweep(month)
        _wait(month)
    for _ in range(20):  # what the killed left
        if not _waiting():
            return
        tick += STEP
        clockwork.move(tick)
        _sweep(month)
        _wait(month)


def _planned(month, shops, visits, start):
    """Tick → [(act, shop, visit)], the whole month through; each visit at a time of its own."""
    plan = {start + STEP * number: [] for number in range(DAYS * 24 // 6 + 8)}
    ticks = sorted(plan)
    for shop in shops:
        slots = [(day, hour) for day in range(3, DAYS) for hour in HOURS]
        for number in range(visits):
            first, second = (slots.pop(month.lots.randrange(len(slots))) for _ in range(2))
            visit = Visit(
                number, None, [_at(shop, start, *first), _at(shop, start, *second)], month.lots.random() < 0.15
            )
            moves = month.lots.random() < 0.2
            soonest = min(visit.starts)
            booked = max(soonest - timedelta(hours=month.lots.choice((4, 20, 30, 72, 240))), ticks[0])
            at = max(index for index, tick in enumerate(ticks) if tick <= booked)
            plan[ticks[at]].append(("book", shop, visit))
            if moves:
                plan[ticks[at]].append(("move", shop, visit))
            end = visit.starts[1 if moves else 0] + timedelta(hours=2)
            last = next(index for index, tick in enumerate(ticks) if tick >= end)
            plan[ticks[at] if visit.cancels else ticks[last]].append(
                ("cancel" if visit.cancels else "close", shop, visit)
            )
    return plan


def _at(shop, start, day, hour):
    date = start.astimezone(shop.business.zone).date() + timedelta(days=day)
    return datetime.combine(date, wall(hour), shop.business.zone)


def _act(month, act, shop, visit, now):
    address = f"v{visit.number}@{shop.business.slug}.example"
    with tenant_context(shop.business):
        told = ACTS[act](month, shop, visit, address, now)
    month.acts[act] += 1
    for what in told:
        month.expected[shop.business.slug, address, KIND[what]] += 1


def _book(month, shop, visit, address, now):
    details = bookings.Details(name=f"Visitor {visit.number}", email=address, phone="")
    basket = Basket.of(shop.made.service, None)
    held = bookings.hold_slot(business=shop.business, basket=basket, start=visit.starts[0], now=now)
    sent = bookings.submit_details(business=shop.business, booking=held, details=details, address=None, now=now)
    visit.booking = bookings.confirm_booking(business=shop.business, booking=sent, now=now, card_on_file=True)
    return ["confirm"]


def _move(month, shop, visit, address, now):
    visit.booking = bookings.reschedule_booking(
        business=shop.business, booking=visit.booking, start=visit.starts[1], by=SYSTEM, now=now
    )
    return ["move"]


def _cancel(month, shop, visit, address, now):
    bookings.cancel_booking(business=shop.business, booking=visit.booking, by=SYSTEM, now=now)
    return ["cancel"]


def _close(month, shop, visit, address, now):
    if visit.number % CARDS:
        with transaction.atomic():
            booking = Booking.objects.select_for_update(of=("self",), no_key=True).get(pk=visit.booking.pk)
            bookings.complete_booking(booking=booking, by=SYSTEM, now=now)
        return []
    _card_on_file(shop, visit.booking, now)
    action = payments.complete(business=shop.business, booking=visit.booking, key=address, by=SYSTEM, now=now)
    return ["charge"] if action.state == "succeeded" else []


ACTS = {"book": _book, "move": _move, "cancel": _cancel, "close": _close}


def _card_on_file(shop, booking, now):
    customer, method = shop.card
    type(booking).objects.filter(pk=booking.pk).update(consent=worlds._agreed(booking, now))
    booking.refresh_from_db()
    CardSetup.objects.create(
        booking=booking,
        stripe_account_id=shop.account,
        stripe_customer_id=customer,
        payment_method_id=method,
        status=CardSetupStatus.SUCCEEDED,
        succeeded_at=now,
    )
    Payment.objects.get_or_create(
        booking=booking,
        is_current=True,
        defaults={
            "customer_id": booking.customer_id,
            "amount_cents": booking.price_cents,
            "currency_code": booking.currency_code,
            "provider_account_id": shop.account,
        },
    )


# Whoever sends, and whoever kills ----------------------------------------------------------------


def _sweep(month):
    for _ in range(TIMES):
        sweep_outbox.apply_async()
    month.queued += TIMES


def _wait(month):
    """Until the workers have nothing in hand: the clock never jumps under somebody who is sending."""
    until = time.monotonic() + QUIET
    while time.monotonic() < until:
        for name in WORKERS:
            worlds.restart_if_dead(month.world, name)
        if not month.broker.llen("celery") and not month.broker.hlen("unacked"):
            return
        time.sleep(0.05)
    left = f"{month.broker.llen('celery')} wait, {month.broker.hlen('unacked')} in hand"
    raise RuntimeError(f"The workers did not come to rest: {left}.\n{(month.folder / 'log').read_text()[-3000:]}")


def _waiting():
    with schema_context("public"):
        return Dispatch.objects.filter(gave_up_at=None).exclude(schema_name="public").count()


def _kill(month):
    """SIGKILL for a child of a worker; now and then for a whole one. Only processes of this run."""
    name = month.lots.choice(WORKERS)
    worlds.restart_if_dead(month.world, name)
    parent = month.world.processes[name].pid
    children = killing._children(parent)
    if month.lots.random() < 0.9 and children:
        killing._end(month.lots.choice(children))
    else:
        os.kill(parent, signal.SIGKILL)
        for child in children:
            killing._end(child)
        month.world.processes[name].wait()
        worlds.restart_if_dead(month.world, name)
    month.killed += 1


# The verdict -------------------------------------------------------------------------------------


def _judge(month, shops, kills, control):
    taken = sink.taken(month.log)
    deliveries = Counter(line["id"] for line in taken)
    to = {line["id"]: line["to"] for line in taken}
    names = {line["id"]: {line["name"]} for line in taken}
    for line in taken:
        names[line["id"]].add(line["name"])
    rows, of = {}, {}
    for shop in shops:
        with tenant_context(shop.business):
            for message in Message.objects.defer("text", "html", "attachments"):
                rows[str(message.pk)], of[str(message.pk)] = message, shop.business.slug
    arrived = Counter((of[key], rows[key].recipient, rows[key].kind) for key in deliveries if key in rows)
    held_back = Counter(
        (of[key], row.recipient, row.kind) for key, row in rows.items() if row.status == MessageStatus.UNCONFIRMED
    )
    twice = [key for key, count in deliveries.items() if count > 1]
    status = Counter(row.status for row in rows.values())
    missing = {
        key: count for key, count in month.expected.items() if not count - held_back[key] <= arrived[key] <= count
    }
    yield Result("visits booked", month.acts["book"], "visits")
    yield Result("visits moved", month.acts["move"], "visits")
    yield Result("visits cancelled", month.acts["cancel"], "visits")
    yield Result("visits completed", month.acts["close"], "visits")
    yield Result("tasks put into the queue", month.queued, "tasks")
    yield Result("processes killed", month.killed, "processes", at_least=None if control else kills)
    yield Result("messages written", len(rows), "messages")
    yield Result("messages sent", status[MessageStatus.SENT], "messages")
    yield Result("messages withdrawn or skipped, with a reason", _with_reason(rows), "messages")
    yield Result("deliveries counted by the mail server", sum(deliveries.values()), "deliveries")
    yield Result("messages delivered more than once", len(twice), "messages")
    yield Result(RATE, 1000 * len(twice) / max(len(deliveries), 1), "messages", at_most=1)
    unsaid = sum(deliveries[key] - 1 > (rows[key].repeats if key in rows else 0) for key in twice)
    yield Result("… without `repeats` saying so", unsaid, "messages", at_most=0)
    changed = sum(len(names[key]) > 1 for key in twice)
    yield Result("… under another Message-ID", changed, "messages", at_most=0)
    yield Result(
        "messages that say they may have left once more", sum(row.repeats > 0 for row in rows.values()), "messages"
    )
    receipts = [key for key, row in rows.items() if row.is_once]
    yield Result("receipts", len(receipts), "messages", at_least=1)
    yield Result(
        "receipts delivered more than once", sum(deliveries[key] > 1 for key in receipts), "messages", at_most=0
    )
    yield Result("receipts unconfirmed, waiting for staff", status[MessageStatus.UNCONFIRMED], "messages")
    yield Result("messages still waiting", status["queued"] + status["sending"], "messages", at_most=0)
    yield Result("messages given up", status["dead"], "messages", at_most=0)
    ghosts = sum(row.status == MessageStatus.SENT and not deliveries[key] for key, row in rows.items())
    yield Result("messages marked sent that never arrived", ghosts, "messages", at_most=0)
    yield Result("what was done and what arrived differ", len(missing), "addresses", at_most=0)
    strangers = sum(key not in rows or to[key] != [rows[key].recipient] for key in deliveries)
    yield Result("deliveries to whom the message is not", strangers, "messages", at_most=0)
    foreign = sum(key in rows and row_is_foreign(rows[key].recipient, of[key]) for key in deliveries)
    yield Result("messages to another salon's customers", foreign, "messages", at_most=0)
    with schema_context("public"):
        yield Result("failed tasks", FailedTask.objects.count(), "tasks", at_most=0)


def row_is_foreign(recipient, slug):
    """Customers' addresses end in their salon's name."""
    return recipient.startswith("v") and not recipient.endswith(f"@{slug}.example")


def _with_reason(rows):
    return sum(
        row.status in (MessageStatus.WITHDRAWN, MessageStatus.SKIPPED) and bool(row.reason) for row in rows.values()
    )


# What stands around it ---------------------------------------------------------------------------


@dataclass
class Shop:
    made: data.Salon
    account: str
    card: tuple

    @property
    def business(self):
        return self.made.business


@contextmanager
def _standing(seed, control):
    """The local Stripe, a mail server, two workers, a clock; all ended at the end, with the clock put right."""
    world = worlds.World(stripe_port=ports.free(), port=ports.free())
    real, real_publish = timezone.now, publishing.publish
    broker = redis.Redis.from_url(server._redis_url())
    broker.flushdb()
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("w") as log:
        month = Month(world, Path(folder), broker, random.Random(seed))  # noqa: S311 -- repeatable, no secret
        try:
            clockwork.install(month.folder / "clock")
            clockwork.move(real())
            _queue_into(month, server._redis_url(), real_publish)
            worlds._start_stripe(world, log)
            worlds._point_at(world)
            _start_sending(month, log, control)
            yield month
        finally:
            timezone.now, publishing.publish = real, real_publish
            for process in world.processes.values():
                processes.kill_group(process.pid)
                process.wait()
            broker.flushdb()
            broker.close()


def _queue_into(month, url, publish):
    """Whatever this process queues goes to the workers of this run, three times."""
    app.conf.broker_url = app.conf.broker_read_url = app.conf.broker_write_url = url

    def thrice(*told):
        for _ in range(TIMES):
            publish(*told)
        month.queued += TIMES

    publishing.publish = thrice


def _start_sending(month, log, control):
    port = ports.free()
    command = [sys.executable, "-m", "config.chaos.sink", str(port), str(month.log)]
    worlds._start(month.world, "sink", command, dict(os.environ), log)
    env = server.environment(
        CHAOS_CLOCK=str(month.folder / "clock"),
        CHAOS_WRONG="1" if control else "",
        EMAIL_URL=f"smtp://127.0.0.1:{port}",
        TITHI_VAR=str(month.folder),
        **worlds._stripe_env(month.world),
    )
    for name in WORKERS:
        command = [sys.executable, "-m", "celery", "-A", "config.chaos.clockwork", "worker", "--concurrency", "1"]
        command += ["--loglevel", "WARNING", "-n", f"{name}@%h", "--without-gossip", "--without-mingle"]
        worlds._start(month.world, name, command, env, log)


def _salon(month, number):
    made = data.open_salon(f"month-{number}", now=timezone.now(), people=2, bookings=0)
    account = gateway.create_account(email="", country="FR", metadata={}, key=None).id
    month.world.control(
        "/accounts", account=account, charges_enabled=True, payouts_enabled=True, details_submitted=True
    )
    TenantBilling.objects.filter(business=made.business).update(
        stripe_account_id=account, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    made.business.billing.refresh_from_db()
    base = {"api": month.world.stripe_base}
    client = stripe.StripeClient(worlds.KEY, stripe_account=account, base_addresses=base).v1
    return Shop(made, account, worlds._card(client))
