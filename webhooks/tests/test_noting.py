"""What happens is written down with what made it happen, for whoever asked, in this salon."""

import json

import pytest
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.models import Booking, BookingItem, Customer
from bookings.tests.factories import at, make_booking, make_member, make_service
from payments import services as payments
from payments.tests.conftest import account, local_stripe, stripe_server
from payments.tests.making import book
from webhooks import services
from webhooks.models import EventType, WebhookDelivery, WebhookEvent

__all__ = ["account", "local_stripe", "stripe_server"]
URL = "https://hooks.example/in"


def told():
    return list(WebhookEvent.objects.order_by("position").values_list("type", flat=True))


def cancel(salon, booking):
    return bookings.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


def test_a_booking_is_told_of_from_its_first_day_to_its_last(salon, cut, ann, subscribe):
    subscribe(salon, URL)

    booking = make_booking(salon, cut, at(salon))
    bookings.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "12:00"), by=SYSTEM, now=timezone.now()
    )
    bookings.check_in(booking=booking, by=SYSTEM, now=timezone.now())
    other = make_booking(salon, cut, at(salon, "15:00"))
    cancel(salon, other)

    assert told() == [
        "customer.created",
        "booking.created",
        "booking.confirmed",
        "booking.rescheduled",
        "booking.checked_in",
        "booking.created",
        "booking.confirmed",
        "booking.canceled",
    ]
    moved = WebhookEvent.objects.get(type="booking.rescheduled").payload["booking"]
    assert moved["starts_at"] == at(salon, "12:00").isoformat().replace("+00:00", "Z")
    assert (moved["status"], moved["zone"]) == ("confirmed", "America/New_York")


@pytest.mark.parametrize("ending", ["completed", "no_show"])
def test_how_a_visit_ended_is_told(salon, cut, ann, subscribe, ending):
    make_booking(salon, cut, at(salon))
    subscribe(salon, URL)
    verb = {"completed": bookings.complete_booking, "no_show": bookings.miss_booking}[ending]

    with transaction.atomic():
        verb(booking=Booking.objects.select_for_update(of=("self",)).get(), by=SYSTEM, now=timezone.now())

    assert told() == [f"booking.{ending}"]


def test_money_is_told_of_once_a_movement(salon, cut, ann, account, admin, subscribe):
    booking, by = book(salon, cut, at(salon), account), actors.user(admin)
    subscribe(salon, URL, ["payment.captured", "payment.refunded"])

    for _ in range(2):
        action = payments.complete(business=salon, booking=booking, key="press-1", by=by, now=timezone.now())
    payments.refund(
        business=salon, booking=booking, amount_cents=2000, reason="x", key="back-1", by=by, now=timezone.now()
    )

    assert told() == ["payment.captured", "payment.refunded"]
    captured, refunded = (event.payload["payment"] for event in WebhookEvent.objects.order_by("position"))
    assert captured["amount"] == {"amount_cents": 5000, "currency_code": "USD"}
    assert (refunded["amount"]["amount_cents"], refunded["refunded"]["amount_cents"]) == (2000, 2000)
    assert {event.booking_id for event in WebhookEvent.objects.all()} == {booking.pk}
    assert action.booking_id == booking.pk


def test_an_endpoint_hears_what_it_asked_for(salon, cut, ann, subscribe):
    few, _ = subscribe(salon, URL, ["booking.confirmed"])
    every, _ = subscribe(salon, URL)

    make_booking(salon, cut, at(salon))

    heard = {
        endpoint: list(endpoint.deliveries.order_by("event__position").values_list("event__type", flat=True))
        for endpoint in (few, every)
    }
    assert heard == {few: ["booking.confirmed"], every: ["customer.created", "booking.created", "booking.confirmed"]}


def test_another_salons_endpoint_hears_nothing(salon, other_salon, cut, ann, subscribe):
    subscribe(other_salon, URL)

    make_booking(salon, cut, at(salon))

    assert told() == []
    with tenant_context(other_salon):
        assert told() == []
        make_member(performs=[make_service()])
        make_booking(other_salon, BookingItem._meta.get_field("service").related_model.objects.get(), at(other_salon))
        assert told() == ["customer.created", "booking.created", "booking.confirmed"]
    assert told() == []


def test_nobody_is_told_of_what_was_rolled_back(salon, cut, ann, subscribe):
    booking = make_booking(salon, cut, at(salon))
    subscribe(salon, URL)

    with pytest.raises(RuntimeError), transaction.atomic():
        cancel(salon, booking)
        assert told() == ["booking.canceled"]
        raise RuntimeError

    assert (told(), WebhookDelivery.objects.count()) == ([], 0)


def test_a_worker_is_woken_after_the_commit(salon, cut, ann, subscribe, django_capture_on_commit_callbacks, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    booking = make_booking(salon, cut, at(salon))
    subscribe(salon, URL)

    with django_capture_on_commit_callbacks() as queued:
        cancel(salon, booking)

    assert any(
        "webhooks.tasks.deliver" in str(each.__closure__ and each.__closure__[-1].cell_contents) for each in queued
    )


@pytest.mark.parametrize("how", [services.pause, services.delete_endpoint])
def test_who_does_not_listen_is_not_written_for(salon, cut, ann, subscribe, how):
    endpoint, _ = subscribe(salon, URL)
    how(endpoint=endpoint, by=SYSTEM, now=timezone.now())

    make_booking(salon, cut, at(salon))

    assert (told(), WebhookDelivery.objects.count()) == ([], 0)


def test_a_payload_says_no_secret(salon, cut, ann, subscribe):
    subscribe(salon, URL)
    booking = make_booking(salon, cut, at(salon))
    Customer.objects.update(notes="staff only")
    Booking.objects.update(browser_key="abrowser", client_address="203.0.113.9")
    cancel(salon, Booking.objects.get())

    text = json.dumps([event.payload for event in WebhookEvent.objects.all()])

    for secret in ("staff only", "abrowser", "203.0.113.9", "/b/", "http", "card", "pm_", "seti_"):
        assert secret not in text
    payload = WebhookEvent.objects.get(type="booking.canceled").payload["booking"]
    assert payload["id"] == str(booking.pk)
    assert payload["price"] == {"amount_cents": 5000, "currency_code": "USD"}
    assert [service["name"] for service in payload["services"]] == ["Cut"]


def test_the_events_are_those_that_were_promised():
    assert EventType.values == [
        "booking.created",
        "booking.confirmed",
        "booking.rescheduled",
        "booking.canceled",
        "booking.checked_in",
        "booking.completed",
        "booking.no_show",
        "payment.captured",
        "payment.refunded",
        "customer.created",
    ]
