"""Two salons with booked visits and cards on file, and the processes that serve them, in a database of their own."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle

import requests
import stripe
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings.models import Booking
from config.bench import data, server
from config.local import paths, ports, processes
from giftcards import services as giftcards
from giftcards.codes import code_of
from payments import gateway
from payments.models import CardSetup, CardSetupStatus, Payment
from tenants.api import tokens
from tenants.models import ConnectStatus, Membership, Role, TenantBilling, User

CUSTOMERS = 20
KEY = "sk_test_" + "0" * 24
#: One visit in so many is paid with a gift card first.
GIFTED = 7
PATIENCE = 60


@dataclass
class Salon:
    """One salon of the run. `bookings` are ids of visits nobody has closed yet."""

    business: object
    account: str
    bookings: list
    token: str


@dataclass
class World:
    stripe_port: int
    port: int
    salons: list = field(default_factory=list)
    processes: dict = field(default_factory=dict)

    @property
    def stripe_base(self):
        return f"http://127.0.0.1:{self.stripe_port}"

    def control(self, path, **told):
        answer = requests.post(f"{self.stripe_base}/_simulator{path}", json=told, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def look(self, path, **query):
        answer = requests.get(f"{self.stripe_base}/_simulator{path}", params=query, timeout=30)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def standing(*, visits, settings_module):
    """The world with `visits` booked visits a salon; everything started here is ended at the end."""
    world = World(stripe_port=ports.free(), port=ports.free())
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as mail:
        try:
            _start_stripe(world, log)
            _point_at(world)
            world.salons = [_salon(world, slug, visits) for slug in ("chaos-one", "chaos-two")]
            env = server.environment(
                DJANGO_SETTINGS_MODULE=settings_module,
                PORT=str(world.port),
                TITHI_VAR=mail,  # what is sent is nobody's mail
                **_stripe_env(world),
            )
            _start(world, "web", _web(world.port), env, log)
            _start(world, "worker", _worker(), env, log)
            if not processes.wait_until(lambda: _answers(world), PATIENCE):
                log.seek(0)
                raise RuntimeError(f"The web server did not answer:\n{log.read()[-3000:].decode(errors='replace')}")
            yield world
        finally:
            for process in world.processes.values():
                processes.kill_group(process.pid)
                process.wait()


def restart_if_dead(world, name):
    """A whole server that died is started again, as a supervisor would."""
    process = world.processes[name]
    if process.poll() is not None:
        command, env, log = process.recipe
        _start(world, name, command, env, log)


def _start_stripe(world, log):
    webhook = f"http://{settings.PLATFORM_DOMAIN}:{world.port}/stripe/webhook/"
    command = [sys.executable, "-m", "payments.simulator", "--port", str(world.stripe_port)]
    command += ["--webhook", webhook, "--webhook-secret", settings.STRIPE_WEBHOOK_SECRET]
    command += ["--connect-webhook", webhook, "--connect-webhook-secret", settings.STRIPE_CONNECT_WEBHOOK_SECRET]
    _start(world, "stripe", command, dict(os.environ), log)
    if not processes.wait_until(lambda: _is_up(world), PATIENCE):
        raise RuntimeError("The local Stripe did not start.")


def _start(world, name, command, env, log):
    process = processes.launch(
        command,
        env=env,
        cwd=paths.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    process.recipe = (command, env, log)
    world.processes[name] = process


def _point_at(world):
    settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = world.stripe_base, KEY
    gateway.client.cache_clear()
    gateway.configure()


def _stripe_env(world):
    return {
        "STRIPE_API_BASE": world.stripe_base,
        "STRIPE_SECRET_KEY": KEY,
        "STRIPE_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRET,
        "STRIPE_CONNECT_WEBHOOK_SECRET": settings.STRIPE_CONNECT_WEBHOOK_SECRET,
        "SECRET_KEY": settings.SECRET_KEY,
    }


def _web(port):
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "8", "--no-ws", "--respawn-failed-workers"),
        "config.wsgi:application",
    ]


def _worker():
    return [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", "--loglevel", "WARNING"]


def _is_up(world):
    try:
        return world.look("/health")["ok"]
    except requests.RequestException:
        return False


def _answers(world):
    try:
        address = f"http://127.0.0.1:{world.port}/health/ready"
        return requests.get(address, headers={"Host": settings.PLATFORM_DOMAIN}, timeout=5).status_code == 200
    except requests.RequestException:
        return False


def _salon(world, slug, visits):
    made = data.open_salon(slug, now=timezone.now(), bookings=visits)
    account = gateway.create_account(email="", country="FR", metadata={}, key=None).id
    world.control("/accounts", account=account, charges_enabled=True, payouts_enabled=True, details_submitted=True)
    TenantBilling.objects.filter(business=made.business).update(
        stripe_account_id=account, charges_enabled=True, connect_status=ConnectStatus.ACTIVE
    )
    made.business.billing.refresh_from_db()
    owner = User.objects.create_user(f"owner@{slug}.example")
    Membership.objects.create(user=owner, business=made.business, role=Role.OWNER)
    with tenant_context(made.business):
        ids = _with_cards(made.business, account, world)
        token = tokens.issue(user=owner, business=made.business)["access"]
    return Salon(made.business, account, ids, token)


def _with_cards(business, account, world):
    """Every visit agreed to terms, has a card on file and a payment that is owed; some have a gift card put aside."""
    client = stripe.StripeClient(KEY, stripe_account=account, base_addresses={"api": world.stripe_base}).v1
    cards = [_card(client) for _ in range(CUSTOMERS)]
    bookings = list(Booking.objects.order_by("start_at"))
    now = timezone.now()
    for booking in bookings:
        booking.consent = _agreed(booking, now)
    Booking.objects.bulk_update(bookings, ["consent"], batch_size=500)
    CardSetup.objects.bulk_create(
        CardSetup(
            booking=booking,
            stripe_account_id=account,
            stripe_customer_id=customer,
            payment_method_id=method,
            brand="visa",
            last4="4242",
            status=CardSetupStatus.SUCCEEDED,
            succeeded_at=now,
        )
        for booking, (customer, method) in zip(bookings, cycle(cards), strict=False)
    )
    Payment.objects.bulk_create(
        Payment(
            booking=booking,
            customer_id=booking.customer_id,
            amount_cents=booking.price_cents,
            currency_code=booking.currency_code,
            provider_account_id=account,
        )
        for booking in bookings
    )
    for booking in bookings[::GIFTED]:
        _gift(business, booking, now)
    return [str(booking.pk) for booking in bookings]


def _card(client):
    customer = client.customers.create({}).id
    method = client.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    return customer, method


def _agreed(booking, now):
    """Half the price for cancelling, all of it for not coming; the time to cancel for free is over."""
    return {
        "price_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "free_until": (now - timedelta(days=1)).isoformat(),
        "cancellation_fee_cents": booking.price_cents // 2,
        "no_show_fee_cents": booking.price_cents,
    }


def _gift(business, booking, now):
    from audit.actors import SYSTEM

    card = giftcards.issue(amount_cents=2_000, currency_code=booking.currency_code, by=SYSTEM, now=now)
    giftcards.reserve(booking=booking, code=code_of(card.pk), business=business, now=now)
