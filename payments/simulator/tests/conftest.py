import subprocess
import sys
from pathlib import Path

import pytest
import requests
import stripe

ROOT = Path(__file__).parents[3]


class Simulator:
    """A running simulator and the ways into it."""

    def __init__(self, *options):
        command = [sys.executable, "-m", "payments.simulator", "--port", "0", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().split()[-1]

    def client(self, account=None, key="sk_test_local", retries=0):
        return stripe.StripeClient(
            key, stripe_account=account, base_addresses={"api": self.base}, max_network_retries=retries
        ).v1

    def control(self, path, **data):
        answer = requests.post(f"{self.base}/_simulator{path}", json=data, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def look(self, path, **query):
        answer = requests.get(f"{self.base}/_simulator{path}", params=query, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def ledger(self, account=None):
        """(kind, amount, application fee) of every movement."""
        return [
            (row["kind"], row["amount"], row["application_fee"])
            for row in self.look("/ledger", **({"account": account} if account else {}))
        ]

    def event_types(self, account):
        return [event["type"] for event in self.look("/events", account=account)]

    def new_salon(self):
        account = self.client().accounts.create({"type": "express", "country": "US", "email": "owner@salon.test"})
        self.control(
            "/accounts", account=account.id, charges_enabled=True, payouts_enabled=True, details_submitted=True
        )
        return Salon(self, account.id)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()


class Salon:
    """A connected account that may take cards."""

    def __init__(self, simulator, account):
        self.account = account
        self.stripe = simulator.client(account)

    def saved_card(self, card="pm_card_visa"):
        """(customer id, payment method id) of a card saved for later."""
        customer = self.stripe.customers.create({"email": "client@example.test"})
        intent = self.stripe.setup_intents.create({"customer": customer.id, "payment_method_types": ["card"]})
        intent = self.stripe.setup_intents.confirm(intent.id, {"payment_method": card})
        return customer.id, intent.payment_method

    def hold(self, amount=10_000, card="pm_card_visa", **more):
        """A confirmed off-session payment intent that waits for capture."""
        customer, method = self.saved_card(card)
        intent = self.stripe.payment_intents.create(
            {
                "amount": amount,
                "currency": "usd",
                "customer": customer,
                "payment_method": method,
                "payment_method_types": ["card"],
                "capture_method": "manual",
                **more,
            }
        )
        return self.stripe.payment_intents.confirm(intent.id, {"off_session": True})

    def paid(self, amount=10_000, **more):
        return self.stripe.payment_intents.capture(self.hold(amount, **more).id)


@pytest.fixture(autouse=True)
def _clean_process():
    """Instead of the project's fixture of that name: nothing here runs inside Django, its cache or its database."""


@pytest.fixture(scope="session")
def running():
    simulator = Simulator()
    yield simulator
    simulator.stop()


@pytest.fixture
def simulator(running):
    running.control("/webhooks/clear")
    running.control("/reset")
    return running


@pytest.fixture
def salon(simulator):
    return simulator.new_salon()


class Platform:
    """The platform's own account, which sells a monthly plan."""

    def __init__(self, simulator):
        self.simulator = simulator
        self.account = simulator.look("/health")["platform"]
        self.stripe = simulator.client()
        self.price = self.new_price()

    def new_price(self, unit_amount=1_199, interval="month", **more):
        recurring = {"interval": interval}
        product = {"name": "Plan"}
        params = {"currency": "usd", "unit_amount": unit_amount, "recurring": recurring, "product_data": product}
        return self.stripe.prices.create(params | more).id

    def customer(self, card="pm_card_visa"):
        """A customer with a default card, or without any."""
        customer = self.stripe.customers.create({"email": "owner@salon.test"})
        if card:
            method = self.stripe.payment_methods.attach(card, {"customer": customer.id})
            self.give_card(customer.id, method.id)
        return customer.id

    def give_card(self, customer, method):
        if method.startswith("pm_card_"):
            method = self.stripe.payment_methods.attach(method, {"customer": customer}).id
        self.stripe.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
        return method

    def subscribe(self, card="pm_card_visa", **more):
        params = {"customer": self.customer(card), "items": [{"price": self.price}]}
        return self.stripe.subscriptions.create(params | more)

    def wait(self, *, days=0, hours=0):
        self.simulator.control("/clock", advance_seconds=int((days * 24 + hours) * 3600))

    def invoices(self, subscription):
        """(reason, status, amount due, amount paid) of a subscription's invoices, oldest first."""
        found = self.stripe.invoices.list({"subscription": subscription, "limit": 100}).data
        return [(each.billing_reason, each.status, each.amount_due, each.amount_paid) for each in reversed(found)]

    def events(self, *words):
        """The types of the platform's events that begin with one of these words."""
        return [kind for kind in self.simulator.event_types(self.account) if kind.startswith(words)]


@pytest.fixture
def platform(simulator):
    return Platform(simulator)
