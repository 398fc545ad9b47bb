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
        answer = requests.post(f"{self.base}/_simulator{path}", json=data, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def look(self, path, **query):
        answer = requests.get(f"{self.base}/_simulator{path}", params=query, timeout=5)
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
        self.process.wait(timeout=10)
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
