"""On the way: signed, numbered, tried again, given up on; nobody waits for somebody else's endpoint."""

import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.tests.factories import at, make_booking, make_member, make_service
from config.testing_racing import at_once
from messaging.models import Message
from webhooks import gateway, queries, schedule, services
from webhooks.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookEvent
from webhooks.services import delivering

DAY = timedelta(days=1)


@pytest.fixture
def clock():
    """A clock that a test turns."""

    class Clock:
        now = timezone.now()

        def __call__(self):
            return self.now

        def turn(self, **by):
            self.now += timedelta(**by)

    return Clock()


@pytest.fixture
def tell(clock):
    return lambda endpoint: services.send_test(endpoint=endpoint, now=clock())


def deliver(business, endpoint, clock=timezone.now):
    return services.deliver(endpoint_id=endpoint.pk, business=business, now=clock)


def ask(listener):
    return [json.loads(heard.body) for heard in listener.heard]


# Arriving --------------------------------------------------------------------------------------


def test_a_booking_arrives_signed_and_numbered(salon, cut, ann, listen, subscribe):
    listener = listen()
    endpoint, secret = subscribe(salon, listener.url)
    booking = make_booking(salon, cut, at(salon))

    assert deliver(salon, endpoint) == 3

    customer, created, confirmed = ask(listener)
    assert [customer["type"], created["type"], confirmed["type"]] == [
        "customer.created",
        "booking.created",
        "booking.confirmed",
    ]
    assert [customer["sequence"], created["sequence"], confirmed["sequence"]] == [None, 1, 2]
    assert created["booking_id"] == created["data"]["booking"]["id"] == str(booking.pk)
    assert created["salon"] == {"id": str(salon.pk), "zone": "America/New_York"}
    assert abs(datetime.fromisoformat(created["occurred_at"]) - datetime.now(UTC)) < DAY
    heard = listener.heard[1]
    signed = f"{created['id']}.{heard.headers['Tithi-Webhook-Timestamp']}.".encode() + heard.body
    assert heard.headers["Tithi-Webhook-Id"] == created["id"]
    assert (
        heard.headers["Tithi-Webhook-Signature"]
        == f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
    )
    assert set(WebhookDelivery.objects.values_list("status", "response_code", "response_text")) == {
        (DeliveryStatus.DELIVERED, 200, "ok")
    }
    assert deliver(salon, endpoint) == 0


def test_two_endpoints_are_told_the_same_number(salon, cut, ann, listen, subscribe):
    one, two = listen(), listen()
    (first, _), (second, _) = subscribe(salon, one.url), subscribe(salon, two.url, ["booking.confirmed"])
    make_booking(salon, cut, at(salon))

    deliver(salon, second)
    deliver(salon, first)

    assert [(each["type"], each["sequence"]) for each in ask(two)] == [("booking.confirmed", 2)]
    assert ask(one)[2] == ask(two)[0]


def test_each_salon_sends_its_own(rosa, nora, listen, subscribe):
    listeners = {business: listen() for business in (rosa, nora)}
    endpoints = {business: subscribe(business, listeners[business].url)[0] for business in (rosa, nora)}
    for business in (rosa, nora):
        with tenant_context(business):
            service = make_service()
            make_member(performs=[service])
            make_booking(business, service, at(business))

    with tenant_context(rosa):
        assert deliver(rosa, endpoints[nora]) == 0
        assert deliver(rosa, endpoints[rosa]) == 3

    assert {each["salon"]["id"] for each in ask(listeners[rosa])} == {str(rosa.pk)}
    assert ask(listeners[nora]) == []
    with tenant_context(nora):
        assert deliver(nora, endpoints[nora]) == 3


# Failing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [500, 404, 301, 302, 199])
def test_what_was_not_taken_is_tried_again(salon, listen, subscribe, clock, tell, answer):
    listener = listen(answers=[(answer, {"Location": "http://127.0.0.1/"}, b"no"), 204])
    endpoint, _ = subscribe(salon, listener.url)
    tell(endpoint)

    assert deliver(salon, endpoint, clock) == 0
    failed = WebhookDelivery.objects.get()
    early = deliver(salon, endpoint, clock)
    clock.turn(seconds=6)
    late = deliver(salon, endpoint, clock)

    assert (failed.status, failed.response_code, failed.reason) == (
        DeliveryStatus.PENDING,
        answer,
        f"Answered with {answer}.",
    )
    assert 4.7 < (failed.due_at - clock.now).total_seconds() + 6 < 5.3
    assert (early, late, len(listener.heard)) == (0, 1, 2)
    assert listener.heard[0].headers["Tithi-Webhook-Id"] == listener.heard[1].headers["Tithi-Webhook-Id"]
    done = WebhookDelivery.objects.get()
    assert [(each["code"], each["reason"]) for each in done.tries] == [
        (answer, f"Answered with {answer}."),
        (204, ""),
    ]


def test_after_three_days_it_is_given_up_on(salon, listen, subscribe, clock, tell):
    listener = listen(answers=[500])
    endpoint, _ = subscribe(salon, listener.url)
    tell(endpoint)
    began = clock.now

    while (row := WebhookDelivery.objects.get()).status == DeliveryStatus.PENDING:
        clock.now = max(clock.now, row.due_at)
        deliver(salon, endpoint, clock)

    assert (row.status, row.attempts, row.reason) == (DeliveryStatus.DEAD, 10, "Answered with 500.")
    assert timedelta(days=2.5) < clock.now - began <= timedelta(days=3)


@pytest.mark.parametrize(("luck", "hours"), [(0, 65.9), (0.5, 68.6), (0.999, 71.3)])
def test_tries_go_on_for_three_days(luck, hours):
    began = at_time = datetime(2027, 1, 1, tzinfo=UTC)
    attempts = 1
    while (after := schedule.next_try(attempts=attempts, begun_at=began, now=at_time, luck=luck)) is not None:
        at_time, attempts = after, attempts + 1

    assert attempts == 10
    assert abs((at_time - began) / timedelta(hours=1) - hours) < 0.2


def test_an_endpoint_that_is_gone_is_told_no_more(salon, listen, subscribe, clock, tell, owner):
    endpoint, _ = subscribe(salon, listen(answers=[410]).url)
    tell(endpoint)

    deliver(salon, endpoint, clock)

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.disabled_reason) == (
        EndpointState.DISABLED,
        "It answered that it is gone (410).",
    )
    assert WebhookDelivery.objects.get().status == DeliveryStatus.DEAD
    mail = Message.objects.get()
    assert (mail.recipient, mail.kind) == (owner.email, "webhook_disabled")
    assert endpoint.url in mail.text
    with pytest.raises(services.NotActive):
        tell(endpoint)


def test_three_days_of_nothing_but_failures_switch_it_off(salon, listen, subscribe, clock, tell, owner):
    listener = listen(answers=[500])
    endpoint, _ = subscribe(salon, listener.url)
    for days in (0, 1, 1, 0.9):
        clock.turn(days=days)
        tell(endpoint)
        deliver(salon, endpoint, clock)
    still = WebhookEndpoint.objects.get().state
    clock.turn(days=0.2)
    tell(endpoint)
    deliver(salon, endpoint, clock)

    assert (still, WebhookEndpoint.objects.get().state) == (EndpointState.ACTIVE, EndpointState.DISABLED)
    assert [mail.recipient for mail in Message.objects.all()] == [owner.email]


def test_one_success_makes_its_patience_new(salon, listen, subscribe, clock, tell):
    endpoint, _ = subscribe(salon, listen(answers=[500, 200, 500]).url)
    for _ in range(3):
        tell(endpoint)
        deliver(salon, endpoint, clock)
        clock.turn(seconds=1)

    assert clock.now - WebhookEndpoint.objects.get().failing_since == timedelta(seconds=1)


def test_what_leads_into_a_private_network_is_dead_at_once(salon, name_server, subscribe, clock, tell):
    endpoint, _ = subscribe(salon, "https://hooks.example/in")
    name_server.set("hooks.example", "A", "169.254.169.254")
    tell(endpoint)

    deliver(salon, endpoint, clock)

    row = WebhookDelivery.objects.get()
    assert (row.status, row.reason) == (DeliveryStatus.DEAD, "The name leads into a private network.")


# Again -----------------------------------------------------------------------------------------


def test_the_dead_are_sent_again_one_or_all(salon, listen, subscribe, clock, tell):
    listener = listen(answers=[500])
    endpoint, _ = subscribe(salon, listener.url)
    rows = [tell(endpoint) for _ in range(3)]
    WebhookDelivery.objects.update(status=DeliveryStatus.DEAD, attempts=10)
    listener.answers = [200]

    services.replay(delivery=rows[0], now=clock())
    one = deliver(salon, endpoint, clock)
    count = services.replay_dead(endpoint=endpoint, now=clock())
    rest = deliver(salon, endpoint, clock)

    assert (one, count, rest) == (1, 2, 2)
    assert len({heard.headers["Tithi-Webhook-Id"] for heard in listener.heard}) == 3


def test_after_a_month_only_the_line_stays(salon, cut, ann, listen, subscribe, clock):
    listener = listen()
    endpoint, _ = subscribe(salon, listener.url)
    booking = make_booking(salon, cut, at(salon))
    deliver(salon, endpoint)

    kept = services.forget_old(now=timezone.now() + 29 * DAY)
    gone = services.forget_old(now=timezone.now() + 31 * DAY)
    bookings.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())
    deliver(salon, endpoint)

    assert (kept, gone) == (0, 3)
    assert [each["sequence"] for each in ask(listener)] == [None, 1, 2, 3]
    assert WebhookDelivery.objects.filter(response_text="").count() == 3
    with pytest.raises(services.Forgotten):
        services.replay(delivery=WebhookDelivery.objects.filter(event__payload={}).first(), now=clock())


# Side by side ----------------------------------------------------------------------------------


def test_a_claimed_endpoint_is_left_to_whoever_claimed_it(salon, listen, subscribe, clock, tell):
    listener = listen()
    endpoint, _ = subscribe(salon, listener.url)
    tell(endpoint)
    WebhookEndpoint.objects.update(claimed_until=clock() + delivering.CLAIM)

    meanwhile = (deliver(salon, endpoint, clock), queries.endpoints_due(now=clock()))
    clock.turn(seconds=181)
    after = (queries.endpoints_due(now=clock()), deliver(salon, endpoint, clock))

    assert meanwhile == (0, [])
    assert after == ([endpoint.pk], 1)


def test_a_failure_ends_the_round_and_frees_the_endpoint(salon, listen, subscribe, clock, tell):
    listener = listen(answers=[500])
    endpoint, _ = subscribe(salon, listener.url)
    for _ in range(3):
        tell(endpoint)

    deliver(salon, endpoint, clock)

    assert len(listener.heard) == 1
    assert WebhookEndpoint.objects.get().claimed_until is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_a_transaction(salon, listen, subscribe, monkeypatch):
    listener, seen, post = listen(), [], gateway.post
    endpoint, _ = subscribe(salon, listener.url)
    services.send_test(endpoint=endpoint, now=timezone.now())
    monkeypatch.setattr(
        gateway, "post", lambda *args, **how: seen.append(connection.in_atomic_block) or post(*args, **how)
    )

    deliver(salon, endpoint)

    assert seen == [False]


@pytest.mark.django_db(transaction=True)
def test_a_slow_endpoint_holds_up_no_other(salon, listen, subscribe):
    slow, quick = listen(during=lambda: time.sleep(1.5)), listen()
    ends = [subscribe(salon, listener.url)[0] for listener in (slow, quick)]
    for endpoint in ends:
        services.send_test(endpoint=endpoint, now=timezone.now())

    def act(number):
        began = time.monotonic()
        with tenant_context(salon):
            return deliver(salon, ends[number]), time.monotonic() - began

    (slow_sent, slow_took), (quick_sent, quick_took) = at_once(2, act)

    assert (slow_sent, quick_sent) == (1, 1)
    assert quick_took < 1.2 < slow_took


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_everything_once(salon, listen, subscribe):
    listener = listen()
    endpoint, _ = subscribe(salon, listener.url)
    for _ in range(12):
        services.send_test(endpoint=endpoint, now=timezone.now())

    def act(number):
        with tenant_context(salon):
            return deliver(salon, endpoint)

    sent = at_once(4, act)

    assert (
        sum(sent) == len(listener.heard) == len({heard.headers["Tithi-Webhook-Id"] for heard in listener.heard}) == 12
    )


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_whoever_gives_them_at_once(salon, listen, subscribe):
    booking_id = "6f1b7c5e-0000-4000-8000-000000000001"
    ends = [subscribe(salon, listen().url)[0] for _ in range(4)]

    def act(number):
        with tenant_context(salon):
            for round_ in range(5):
                services.note(
                    type="booking.confirmed", at=timezone.now(), payload=lambda: {"x": 1}, booking_id=booking_id
                )
                deliver(salon, ends[(number + round_) % 4])

    at_once(4, act)
    for endpoint in ends:
        deliver(salon, endpoint)

    numbers = WebhookEvent.objects.filter(booking_id=booking_id).order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, 21))
