"""Several visits that one press calls off: each customer is told once, whatever breaks off in between."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import links, services
from bookings.services import Details
from bookings.tests.factories import at, make_booking
from bookings.tests.racing import at_once
from messaging import services as messaging
from messaging.models import Message

pytestmark = pytest.mark.django_db
CY = Details(name="Cy Dunn", email="cy@example.com", phone="+12125550189")


@pytest.fixture
def visits(salon, cut, ann):
    """Three of Bea's, at 10, 12 and 14."""
    return [make_booking(salon, cut, at(salon, clock)) for clock in ("10:00", "12:00", "14:00")]


def call_off(salon, visits, now):
    for booking in visits:
        services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=now, waits=True)


def told():
    found = Message.objects.filter(kind="booking_cancelled").order_by("created_at", "due_at")
    return [(each.status, each.subject) for each in found if each.status != "withdrawn"]


def cancellations(mails):
    return sum(each.subject.startswith("Cancelled") for each in mails)


def test_one_mail_tells_of_all_with_each_ones_link(salon, visits):
    now = timezone.now()
    call_off(salon, visits, now)

    services.tell_of_all(business=salon, bookings=visits, now=now)

    assert told() == [("queued", "Cancelled: 3 visits at Rosa Studio")]
    message = Message.objects.get(kind="booking_cancelled", status="queued")
    assert all(links.manage_token(each) in message.text for each in visits)
    assert message.due_at == now


def test_asked_again_nothing_changes(salon, visits):
    now = timezone.now()
    call_off(salon, visits, now)

    for _ in range(2):
        services.tell_of_all(business=salon, bookings=visits, now=now)

    assert told() == [("queued", "Cancelled: 3 visits at Rosa Studio")]


def test_where_the_press_breaks_off_each_is_told_of_by_itself(salon, visits, mailoutbox):
    now = timezone.now()
    call_off(salon, visits, now)

    messaging.send_due(now=now)
    before = cancellations(mailoutbox)
    messaging.send_due(now=now + timedelta(minutes=3))

    assert (before, cancellations(mailoutbox)) == (0, 3)


def test_what_has_left_by_itself_is_not_told_of_again(salon, visits):
    now = timezone.now()
    call_off(salon, visits, now)
    Message.objects.filter(kind="booking_cancelled", about_id=visits[0].pk).update(status="sent")

    services.tell_of_all(business=salon, bookings=visits, now=now)

    assert [subject for _, subject in told()][-1] == "Cancelled: 2 visits at Rosa Studio"
    assert links.manage_token(visits[0]) not in Message.objects.get(status="queued", kind="booking_cancelled").text


def test_each_customer_hears_of_their_own_alone(salon, visits, cut, ann):
    other, now = make_booking(salon, cut, at(salon, "16:00"), details=CY), timezone.now()
    call_off(salon, [*visits, other], now)

    services.tell_of_all(business=salon, bookings=[*visits, other], now=now)

    found = Message.objects.filter(kind="booking_cancelled", status="queued")
    assert {each.recipient: each.subject[:19] for each in found} == {
        visits[0].contact_email: "Cancelled: 3 visits",
        "cy@example.com": f"Cancelled: {other.local_start:%a} {other.local_start.day} {other.local_start:%b},"[:19],
    }
    assert {each.due_at for each in found} == {now}


@pytest.mark.django_db(transaction=True)
def test_asked_by_many_at_one_moment_it_is_one_mail(salon, visits):
    now = timezone.now()
    call_off(salon, visits, now)

    def attempt(number):
        with tenant_context(salon):
            services.tell_of_all(business=salon, bookings=visits, now=now)

    at_once(6, attempt)

    assert told() == [("queued", "Cancelled: 3 visits at Rosa Studio")]
