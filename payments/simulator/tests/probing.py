"""Whom the probes question: the local Stripe always, the real one when the environment holds a test key of it.

    STRIPE_PROBE_SECRET_KEY=sk_test_…   the platform's test key
    STRIPE_PROBE_ACCOUNT=acct_…         optional: a connected account of it that may take cards

No target exists for what is not there, so that nothing is skipped.
"""

import os
import time

import stripe

LOCAL, REAL = "local", "stripe"


def targets():
    """(name, connected): who is asked, as the platform itself or in a connected account."""
    found = [(LOCAL, False), (LOCAL, True)]
    key = os.environ.get("STRIPE_PROBE_SECRET_KEY", "")
    if key:
        if not key.startswith(("sk_test_", "rk_test_")):
            raise ValueError("STRIPE_PROBE_SECRET_KEY must be a test key: probes move money")
        found.append((REAL, False))
        if os.environ.get("STRIPE_PROBE_ACCOUNT"):
            found.append((REAL, True))
    return found


def name_of(target):
    name, connected = target
    return f"{name}-connected" if connected else name


class Target:
    """One Stripe and one account in it, with what a probe needs to begin."""

    def __init__(self, stripe_client, *, connected):
        self.stripe = stripe_client
        self.connected = connected

    def share(self, amount):
        """The parameter of the platform's share, where there is a platform."""
        return {"application_fee_amount": amount} if self.connected else {}

    def saved_card(self, card="pm_card_visa"):
        """(customer, payment method) after a set-up in which the bank wanted nothing."""
        customer = self.stripe.customers.create({"metadata": {"probe": "yes"}}).id
        intent = self.stripe.setup_intents.create({"customer": customer, "payment_method_types": ["card"]})
        intent = self.stripe.setup_intents.confirm(intent.id, {"payment_method": card})
        return customer, intent.payment_method

    def intent(self, amount=2_000, *, saved=None, card="pm_card_visa", **more):
        """A payment intent with a saved card, to be captured by hand, not yet confirmed."""
        customer, method = saved or self.saved_card(card)
        params = {
            "amount": amount,
            "currency": "usd",
            "customer": customer,
            "payment_method": method,
            "payment_method_types": ["card"],
            "capture_method": "manual",
            "metadata": {"probe": "yes"},
        }
        return self.stripe.payment_intents.create(params | more)

    def held(self, amount=2_000, **more):
        intent = self.intent(amount, **more)
        return self.stripe.payment_intents.confirm(intent.id, {"off_session": True, "expand": ["latest_charge"]})

    def price(self):
        return self.stripe.prices.create(
            {
                "currency": "usd",
                "unit_amount": 1_199,
                "recurring": {"interval": "month"},
                "product_data": {"name": "Probe"},
            }
        ).id

    def subscribe(self, *, card="pm_card_visa", **more):
        customer = self.stripe.customers.create({"metadata": {"probe": "yes"}}).id
        if card:
            method = self.stripe.payment_methods.attach(card, {"customer": customer}).id
            self.stripe.customers.update(customer, {"invoice_settings": {"default_payment_method": method}})
        return self.stripe.subscriptions.create({"customer": customer, "items": [{"price": self.price()}]} | more)

    def event(self, kind, object_id):
        """The event of a kind about an object; Stripe needs a moment to list it."""
        deadline = time.monotonic() + 20
        while True:
            for event in self.stripe.events.list({"type": kind, "limit": 100}).data:
                if event.data.object.id == object_id:
                    return event
            if time.monotonic() > deadline:
                raise AssertionError(f"no {kind} about {object_id}")
            time.sleep(0.5)


def target_for(wanted, simulator):
    """The target of that name; `simulator` is the running local Stripe."""
    name, connected = wanted
    if name == LOCAL:
        account = simulator.new_salon().account if connected else None
        return Target(simulator.client(account), connected=connected)
    client = stripe.StripeClient(
        os.environ["STRIPE_PROBE_SECRET_KEY"],
        stripe_account=os.environ["STRIPE_PROBE_ACCOUNT"] if connected else None,
        max_network_retries=2,
    )
    return Target(client.v1, connected=connected)
