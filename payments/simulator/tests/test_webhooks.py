import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

SECRET = "whsec_test"


class Inbox:
    """A shop's webhook endpoint that records what arrives and answers as told."""

    def __init__(self):
        self.received = []
        self.answers = []
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                inbox.received.append((body, self.headers["Stripe-Signature"]))
                self.send_response(inbox.answers.pop(0) if inbox.answers else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def wait(self, count, secret=SECRET):
        deadline = time.monotonic() + 20
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.events(secret)

    def events(self, secret=SECRET):
        return [stripe.Webhook.construct_event(body, signature, secret) for body, signature in self.received]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def inbox():
    inbox = Inbox()
    yield inbox
    inbox.close()


def listen(simulator, inbox, connect=True):
    simulator.control("/webhooks", url=inbox.url, secret=SECRET, connect=connect)


def settle(simulator):
    deadline = time.monotonic() + 20
    while simulator.look("/webhooks")["pending"] and time.monotonic() < deadline:
        time.sleep(0.01)


def test_connect_events_are_signed_and_name_their_account(simulator, salon, inbox):
    listen(simulator, inbox)
    customer = salon.stripe.customers.create({"email": "client@example.test"})

    [event] = inbox.wait(1)

    assert (event.type, event.account, event.data.object.id) == ("customer.created", salon.account, customer.id)
    assert event.api_version == stripe.api_version
    assert salon.stripe.events.retrieve(event.id).type == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        inbox.events(secret="whsec_wrong")


def test_platform_endpoint_hears_the_platform_only(simulator, salon, inbox):
    listen(simulator, inbox, connect=False)
    intent = salon.paid(10_000, application_fee_amount=100)
    salon.stripe.refunds.create({"payment_intent": intent.id, "refund_application_fee": True})

    events = inbox.wait(2)
    settle(simulator)

    assert [event.type for event in events] == ["application_fee.created", "application_fee.refunded"]
    assert "account" not in events[0]
    assert len(inbox.received) == 2


def test_a_payments_life_is_told_in_order(simulator, salon):
    salon.paid(5_000)

    assert simulator.event_types(salon.account)[1:] == [
        "customer.created",
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.captured",
        "payment_intent.succeeded",
    ]


def test_refused_delivery_comes_again(simulator, salon, inbox):
    inbox.answers = [500, 404]
    listen(simulator, inbox)
    simulator.control("/webhooks/mode", retry_after=[0.05, 0.05])
    salon.stripe.customers.create({})

    events = inbox.wait(3)
    settle(simulator)

    assert len({event.id for event in events}) == 1
    assert [(sent["attempt"], sent["status"]) for sent in simulator.look("/webhooks")["sent"]] == [
        (1, 500),
        (2, 404),
        (3, 200),
    ]


def test_duplicates_are_the_same_event(simulator, salon, inbox):
    listen(simulator, inbox)
    simulator.control("/webhooks/mode", duplicate=1)
    salon.stripe.customers.create({})

    assert len({event.id for event in inbox.wait(2)}) == 1
    settle(simulator)
    assert len(inbox.received) == 2


def test_held_events_come_when_released(simulator, salon, inbox):
    listen(simulator, inbox)
    simulator.control("/webhooks/mode", hold=True)
    names = [salon.stripe.customers.create({"name": str(number)}).name for number in range(8)]
    held = (simulator.look("/webhooks")["held"], len(inbox.received))

    released = simulator.control("/webhooks/release", shuffle=True)
    events = inbox.wait(8)

    assert (held, released) == ((8, 0), {"released": 8})
    assert sorted(event.data.object.name for event in events) == names


def test_dropped_event_is_still_listed(simulator, salon, inbox):
    listen(simulator, inbox)
    simulator.control("/webhooks/mode", drop=1)
    lost = salon.stripe.customers.create({})
    salon.stripe.customers.create({})

    [event] = inbox.wait(1)

    assert event.data.object.id != lost.id
    assert [found.data.object.id for found in salon.stripe.events.list({"type": "customer.created"})][-1] == lost.id


def test_everything_is_dropped_until_the_mode_ends(simulator, salon, inbox):
    listen(simulator, inbox)
    simulator.control("/webhooks/mode", drop=True)
    for _ in range(3):
        salon.stripe.customers.create({})
    simulator.control("/webhooks/mode")
    last = salon.stripe.customers.create({})

    [event] = inbox.wait(1)

    assert event.data.object.id == last.id


def test_registered_endpoint_gets_what_it_asked_for(simulator, salon, inbox):
    platform = simulator.client()
    endpoint = platform.webhook_endpoints.create(
        {"url": inbox.url, "enabled_events": ["customer.deleted"], "connect": True}
    )
    customer = salon.stripe.customers.create({})
    salon.stripe.customers.delete(customer.id)

    events = inbox.wait(1, endpoint.secret)
    settle(simulator)

    assert [event.type for event in events] == ["customer.deleted"]
    assert len(inbox.received) == 1
    assert "secret" not in platform.webhook_endpoints.retrieve(endpoint.id)
    assert platform.webhook_endpoints.delete(endpoint.id).deleted is True
