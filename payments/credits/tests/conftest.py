import itertools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import schema_context

from payments.credits import services
from payments.tests.conftest import local_stripe, repoint, stripe_server
from payments.webhooks import services as inbox
from payments.webhooks.models import StripeEvent
from tenants.models import User
from tenants.tests.api import cheap_passwords, signed_in

URLS = {"success_url": "https://tithi.example/credits/{PURCHASE_ID}/", "cancel_url": "https://tithi.example/credits/"}
CARD = {"number": "4242 4242 4242 4242", "expiry": "12 / 39", "cvc": "123", "name": "Paula Ames"}

__all__ = ["cheap_passwords", "local_stripe", "stripe_server"]


@pytest.fixture
def person(db):
    return User.objects.create_user("paula@example.com", first_name="Paula", last_name="Ames")


@pytest.fixture
def profile(person):
    return services.get_or_create_profile(user=person, full_name="", now=timezone.now())[0]


@pytest.fixture
def program(person):
    """Paula's program, on the platform's host."""
    return signed_in(None, person)


@pytest.fixture
def no_answer(settings, local_stripe):
    """Nobody answers at Stripe's address."""
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    repoint()


@pytest.fixture
def buy(person, profile, local_stripe):
    """`buy("small")`: a purchase and the address of its page."""
    return lambda pack="medium": services.start_purchase(user=person, pack=pack, **URLS)


def send(url, **card):
    """Fill Stripe's page in and send it."""
    return requests.post(url, data=CARD | card, timeout=20, allow_redirects=False)


def pay(url, **card):
    """The same, with a card that is good; where Stripe leads to afterwards."""
    answer = send(url, **card)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


@pytest.fixture
def delivered(local_stripe):
    """`delivered("invoice.paid", …)`: body and signature of the platform's events of these types, as Stripe sent them."""
    mailbox = Mailbox()
    local_stripe.control("/webhooks", url=mailbox.url, secret=settings.STRIPE_WEBHOOK_SECRET, connect=False)
    yield mailbox.of
    local_stripe.control("/webhooks/clear")
    mailbox.close()


@pytest.fixture
def receive(platform_client):
    """`receive(letter)`: an event as Stripe sent and signed it, through the door and the worker; what became of it."""

    def run(letter):
        body, headers = letter
        answer = platform_client.post("/stripe/webhook/", body, content_type="application/json", headers=headers)
        assert answer.status_code == 200
        with schema_context("public"):
            inbox.process(event_id=json.loads(body)["id"])
            return StripeEvent.objects.get(pk=json.loads(body)["id"]).status

    return run


class Mailbox:
    """An address that keeps what Stripe sends."""

    def __init__(self):
        self.kept = kept = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                kept.append((body, {"Stripe-Signature": self.headers["Stripe-Signature"]}))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def of(self, *kinds):
        deadline = time.monotonic() + 20
        while True:
            found = [
                [letter for letter in self.kept if f'"type":"{kind}"' in letter[0].replace(" ", "")] for kind in kinds
            ]
            if all(found):
                return list(itertools.chain(*found))
            assert time.monotonic() < deadline, f"Stripe did not send all of {kinds}"
            time.sleep(0.01)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
