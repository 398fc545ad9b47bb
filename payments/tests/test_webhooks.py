"""Stripe's events: signed, stored once, and read again before anything is believed."""

import hashlib
import hmac
import json
import re
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context
from djstripe.models.api import get_api_key_details_by_prefix
from stripe import InvalidRequestError

from audit import actors
from bookings import services as bookings
from bookings.models import Booking, Status
from bookings.tests.factories import at
from messaging.models import Message
from payments import services
from payments.models import MoneyAction, Payment
from payments.tests.making import book, order
from payments.webhooks import services as inbox
from payments.webhooks import tasks
from payments.webhooks.models import StripeEvent
from tenants.models import TenantBilling
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PATH = "/stripe/webhook/"
PLATFORM, CONNECT = "whsec_local_platform", "whsec_local_connect"


def signed(body, secret=CONNECT, at=None):
    stamp = int(at or time.time())
    digest = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={stamp},v1={digest}"}


@pytest.fixture
def deliver(platform_client):
    """`deliver(event)`: post a signed event; the answer's status."""

    def post(event, headers=None):
        body = json.dumps(event)
        return platform_client.post(
            PATH, body, content_type="application/json", headers=signed(body) if headers is None else headers
        ).status_code

    return post


@pytest.fixture
def process():
    """`process(event)`: what a worker does with a stored event."""

    def run(event):
        with schema_context("public"):
            inbox.process(event_id=event["id"])
            return StripeEvent.objects.get(pk=event["id"]).status

    return run


@pytest.fixture
def happened(local_stripe, account):
    """`happened("charge.captured")`: the events of a type on rosa's account, oldest first."""
    return lambda kind: local_stripe.look("/events", account=account.id, type=kind)


@pytest.fixture
def by(admin):
    return actors.user(admin)


def complete(salon, booking, by):
    return services.complete(business=salon, booking=booking, key="k", by=by, now=timezone.now())


def made_up(account_id="acct_unknown", kind="charge.refunded", **data):
    return {
        "id": "evt_made_up",
        "object": "event",
        "api_version": "2024-01-01",
        "created": int(time.time()),
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        "account": account_id,
        "data": {"object": {"id": "ch_1", "object": "charge", **data}},
    }


@pytest.mark.parametrize("secret", [PLATFORM, CONNECT])
def test_a_signed_event_is_stored_once(deliver, platform_client, secret):
    event = made_up()
    body = json.dumps(event)

    answers = [deliver(event, signed(body, secret)) for _ in range(3)]

    assert answers == [200, 200, 200]
    assert list(StripeEvent.objects.values_list("event_id", "account", "status")) == [
        ("evt_made_up", "acct_unknown", "received")
    ]


@pytest.mark.parametrize("flaw", ["no signature", "another secret", "another body", "old", "rubbish"])
def test_what_stripe_did_not_sign_is_refused(deliver, flaw):
    event = made_up()
    body = json.dumps(event)
    headers = {
        "no signature": {},
        "another secret": signed(body, "whsec_guess"),
        "another body": signed(body + " "),
        "old": signed(body, at=time.time() - 3600),
        "rubbish": {"Stripe-Signature": "t=x,v1="},
    }[flaw]

    assert deliver(event, headers) == 400
    assert StripeEvent.objects.count() == 0


def test_the_webhook_is_on_the_platforms_host_only(salon_client):
    body = json.dumps(made_up())

    answer = salon_client.post(PATH, body, content_type="application/json", headers=signed(body))

    assert answer.status_code == 404


@pytest.mark.parametrize("body", ["", "{", "\x00"])
def test_a_signed_body_that_is_no_json_is_refused(platform_client, body):
    answer = platform_client.post(PATH, body, content_type="application/json", headers=signed(body))

    assert answer.status_code == 400
    assert StripeEvent.objects.count() == 0


def test_a_card_saved_before_the_browser_was_closed_books(salon, cut, ann, account, deliver, process, happened):
    booking, setup_intent_id = order(salon, cut, at(salon))
    account.save_card(setup_intent_id)
    [event] = happened("setup_intent.succeeded")

    deliver(event)

    assert process(event) == "processed"
    booking.refresh_from_db()
    assert booking.status == Status.CONFIRMED
    assert Message.objects.filter(kind="booking_confirmed").count() == 1


def test_a_card_saved_too_late_books_nothing(salon, cut, ann, account, deliver, process, happened):
    booking, setup_intent_id = order(salon, cut, at(salon))
    bookings.release_hold(booking=booking)
    account.save_card(setup_intent_id)
    [event] = happened("setup_intent.succeeded")

    deliver(event)

    assert process(event) == "processed"
    booking.refresh_from_db()
    assert booking.status == Status.FAILED


def test_a_refund_made_at_stripe_is_seen(salon, cut, ann, account, by, deliver, process, happened):
    complete(salon, book(salon, cut, at(salon), account), by)
    account.stripe.refunds.create({"payment_intent": Payment.objects.get().provider_payment_id, "amount": 2000})
    [event] = happened("charge.refunded")

    deliver(event)

    assert process(event) == "processed"
    payment = Payment.objects.get()
    assert (payment.refunded_cents, payment.status) == (2000, "partially_refunded")


def test_an_event_finishes_what_an_answer_did_not(
    salon, cut, ann, account, by, deliver, process, happened, local_stripe
):
    local_stripe.fault("lost_answer", "capture$")
    assert complete(salon, book(salon, cut, at(salon), account), by).state == "capturing"
    [event] = happened("payment_intent.succeeded")

    deliver(event)
    process(event)

    assert MoneyAction.objects.get().state == "succeeded"
    assert Payment.objects.get().captured_cents == 5000
    assert Message.objects.filter(kind="receipt").count() == 1
    assert account.ledger() == [("authorization", 5000, 0), ("capture", 5000, 50)]


def test_events_in_any_order_and_number_end_the_same(salon, cut, ann, account, by, deliver, process, local_stripe):
    booking = book(salon, cut, at(salon), account)
    complete(salon, booking, by)
    services.refund(business=salon, booking=booking, key="r", by=by, now=timezone.now(), amount_cents=1000)
    events = local_stripe.look("/events", account=account.id)
    before = list(Payment.objects.values()), list(Booking.objects.values())

    for event in [*reversed(events), *events]:
        deliver(event)
        process(event)

    assert (list(Payment.objects.values()), list(Booking.objects.values())) == before
    assert {row.status for row in StripeEvent.objects.all()} == {"processed"}
    assert Message.objects.filter(kind__in=["receipt", "refunded"]).count() == 2


def test_an_event_of_an_unknown_account_is_put_aside(deliver, process, local_stripe):
    event = made_up("acct_nobodys")

    assert deliver(event) == 200
    assert process(event) == "quarantined"


def test_an_account_cannot_speak_about_anothers_payment(
    salon, other_salon, cut, ann, account, by, deliver, process, happened, local_stripe
):
    """Nora's account sends an event that names rosa's payment: it is looked up in nora's salon, where there is none."""
    theirs = local_stripe.new_account()
    TenantBilling.objects.filter(business=other_salon).update(stripe_account_id=theirs.id)
    complete(salon, book(salon, cut, at(salon), account), by)
    account.stripe.refunds.create({"payment_intent": Payment.objects.get().provider_payment_id})
    [event] = happened("charge.refunded")
    forged = event | {"id": "evt_forged", "account": theirs.id}

    deliver(forged)
    with pytest.raises(InvalidRequestError, match="No such"):  # asked on nora's account, which has never seen it
        process(forged)

    assert Payment.objects.get().refunded_cents == 0
    with tenant_context(other_salon):
        assert Payment.objects.count() == 0


def test_an_account_that_may_charge_no_more_asks_for_no_card(salon, account, deliver, process, happened, local_stripe):
    local_stripe.control("/accounts", account=account.id, charges_enabled=False)
    event = happened("account.updated")[-1]

    deliver(event)

    assert process(event) == "processed"
    salon.billing.refresh_from_db()
    assert (salon.billing.charges_enabled, salon.asks_for_card) == (False, False)


def test_what_fails_is_kept_and_tried_again(salon, cut, ann, account, by, deliver, process, happened, monkeypatch):
    from payments import gateway

    complete(salon, book(salon, cut, at(salon), account), by)
    account.stripe.refunds.create({"payment_intent": Payment.objects.get().provider_payment_id})
    [event] = happened("charge.refunded")
    deliver(event)

    def away(**kwargs):
        raise gateway.GatewayUnavailable("nobody there")

    with monkeypatch.context() as patch:
        patch.setattr(gateway, "list_refunds", away)
        with pytest.raises(gateway.GatewayUnavailable):
            process(event)
    kept = StripeEvent.objects.get(pk=event["id"])
    assert (kept.status, kept.attempts, "nobody there" in kept.error) == ("received", 1, True)

    assert process(event) == "processed"
    assert Payment.objects.get().status == "refunded"


def test_what_a_dead_worker_left_is_queued_again(deliver, monkeypatch):
    deliver(made_up())
    queued = []
    monkeypatch.setattr(tasks.process_event, "delay", lambda event_id: queued.append(event_id))

    tasks.sweep_events()
    StripeEvent.objects.update(received_at=timezone.now() - timedelta(minutes=2))
    tasks.sweep_events()

    assert queued == ["evt_made_up"]


@pytest.mark.parametrize("name", ["STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY"])
def test_dj_stripe_takes_the_local_keys(name):
    """It refuses keys of another shape, and with them every event."""
    for path in ("config/settings.py", "config/local/run.py"):
        [key] = re.findall(rf'{name}".*?"([sp]k_test_\w+)"', (settings.BASE_DIR / path).read_text())
        kind, livemode = get_api_key_details_by_prefix(key)
        assert (kind, livemode) == ({"sk": "secret", "pk": "publishable"}[key[:2]], False)


def test_event_of_the_platforms_prices_is_kept_as_it_came(local_stripe, deliver, process, db):
    local_stripe.client(None).prices.create(
        {"currency": "usd", "unit_amount_decimal": "1199.5", "product_data": {"name": "Plan"}}
    )
    [event] = local_stripe.look("/events", type="price.created")

    assert deliver(event, headers=signed(json.dumps(event), PLATFORM)) == 200
    assert process(event) == "processed"
    with schema_context("public"):
        assert StripeEvent.objects.get(pk=event["id"]).payload == event
