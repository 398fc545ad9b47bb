"""The local Stripe as a process, and what tests do to it."""

import subprocess
import sys
from pathlib import Path

import requests
import stripe

ROOT = Path(__file__).parents[2]
GOOD_CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 39", "cvc": "123", "name": "Anna Berg"}


class LocalStripe:
    """A running simulator. `salon()` makes a connected account that may charge."""

    def __init__(self):
        command = [sys.executable, "-m", "payments.simulator", "--port", "0"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().split()[-1]

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def control(self, path, **data):
        answer = requests.post(f"{self.base}/_simulator{path}", json=data, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def look(self, path, **query):
        answer = requests.get(f"{self.base}/_simulator{path}", params=query, timeout=20)
        answer.raise_for_status()
        return answer.json()

    def fault(self, kind, path="", *, method="POST", times=1, **more):
        """The next `times` calls to `path` (a regular expression) go wrong: lost_answer, 500, 429 or hang."""
        self.control("/faults", kind=kind, times=times, match={"method": method, "path_regex": path}, **more)

    def calls(self, path):
        """How many POSTs a path has seen."""
        return sum(row["method"] == "POST" and path in row["path"] for row in self.look("/requests"))

    def client(self, account):
        return stripe.StripeClient("sk_test_local", stripe_account=account, base_addresses={"api": self.base}).v1

    def new_account(self):
        made = self.client(None).accounts.create({"type": "express", "country": "US"})
        self.control("/accounts", account=made.id, charges_enabled=True, payouts_enabled=True, details_submitted=True)
        return Account(self, made.id)


def pay_on_stripes_page(url):
    """What a buyer does on a page of Stripe's."""
    answer = requests.post(url, data=GOOD_CARD, timeout=20, allow_redirects=False)
    answer.raise_for_status()


class Account:
    """A salon's account, seen from outside the product."""

    def __init__(self, local, account_id):
        self.local, self.id = local, account_id
        self.stripe = local.client(account_id)

    def save_card(self, setup_intent_id, card="pm_card_visa"):
        """What Stripe's script does in the customer's browser, the bank's questions answered."""
        intent = self.stripe.setup_intents.confirm(setup_intent_id, {"payment_method": card})
        if intent.status == "requires_action":
            self.local.control("/authentications", intent=setup_intent_id, outcome="complete")

    def confirm_at_the_bank(self, payment_intent_id, payment_method_id):
        """What the card's owner does on the pay page: confirm on-session, and answer the bank's questions."""
        intent = self.stripe.payment_intents.confirm(payment_intent_id, {"payment_method": payment_method_id})
        if intent.status == "requires_action":
            self.local.control("/authentications", intent=payment_intent_id, outcome="complete")

    def ledger(self):
        """(kind, amount, application fee) of every movement of money."""
        return [(row["kind"], row["amount"], row["application_fee"]) for row in self.rows()]

    def rows(self):
        return self.local.look("/ledger", account=self.id)

    def intents(self):
        return list(self.stripe.payment_intents.list({"limit": 100}).auto_paging_iter())
