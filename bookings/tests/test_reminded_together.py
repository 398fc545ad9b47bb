"""Who comes together is reminded once: the first reminder that leaves tells of all, and nobody is forgotten over it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import links, services
from bookings.models import Booking, Family
from bookings.reminded_together import TOLD
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once
from messaging import services as messaging
from messaging.dispatch import services as dispatch
from messaging.models import Message, MessageStatus

pytestmark = pytest.mark.django_db
DAY, TWO_HOURS = "b1440", "b120"


@pytest.fixture
def family(salon, cut, ann):
    """Bea at 10 with Ann, and Lena after her with Ben."""
    kids = make_service("Kids cut", minutes=30, cents=3000)
    make_member("Ben", performs=[kids])
    visits = [make_booking(salon, cut, at(salon, "10:00")), make_booking(salon, kids, at(salon, "11:00"))]
    row = Family.objects.create(order="after")
    for number, booking in enumerate(visits, 1):
        Booking.objects.filter(pk=booking.pk).update(family=row, family_number=number)
        booking.refresh_from_db()
    Booking.objects.filter(pk=visits[1].pk).update(for_name="Lena")
    return visits


def leave(booking, before):
    """Everything that is due so long before the visit, and shortly after, leaves."""
    for minutes in (1, 62):
        messaging.send_due(now=booking.start_at - before + timedelta(minutes=minutes))


def reminders(part=DAY, **about):
    found = [each for each in Message.objects.filter(kind="reminder", **about) if each.part == part]
    return sorted(found, key=lambda each: (each.due_at, each.created_at))


def states(part=DAY):
    return [each.status for each in reminders(part)]


def cancel(salon, booking):
    services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


@pytest.mark.parametrize(("part", "hours"), [(DAY, 24), (TWO_HOURS, 2)], ids=("a day before", "two hours before"))
def test_one_reminder_tells_of_both(family, part, hours):
    leave(family[0], timedelta(hours=hours))

    first, second = reminders(part)
    assert (first.status, second.status, second.reason) == ("sent", "withdrawn", TOLD)
    for form in (first.text, first.html):
        assert "Lena: Kids cut with Ben, " in form
        assert all(links.manage_token(each) in form for each in family)
    assert first.attachments[0]["body"].count("BEGIN:VEVENT") == 2


def test_due_at_one_moment_it_is_one_all_the_same(family):
    Message.objects.filter(kind="reminder").update(due_at=family[0].start_at - timedelta(hours=24))

    leave(family[0], timedelta(hours=24))
    messaging.send_due(now=family[0].start_at - timedelta(hours=22))

    assert sorted(states()) == ["sent", "withdrawn"]


def test_one_that_was_cancelled_before_is_not_told_of(salon, family):
    cancel(salon, family[1])

    leave(family[0], timedelta(hours=24))

    first, second = reminders()
    assert (first.status, second.status, second.reason) == ("sent", "withdrawn", "The visit was cancelled.")
    assert "Kids cut" not in first.text


def test_where_the_first_is_cancelled_the_other_is_reminded_of_by_its_own(salon, family):
    cancel(salon, family[0])

    leave(family[0], timedelta(hours=24))

    assert [(each.status, each.about_id) for each in reminders()][1] == ("sent", family[1].pk)


def test_one_that_moved_after_it_was_told_of_is_told_of_again(salon, family):
    leave(family[0], timedelta(hours=24))
    services.reschedule_booking(
        business=salon, booking=family[1], start=at(salon, "15:00"), by=SYSTEM, now=timezone.now()
    )

    messaging.send_due(now=at(salon, "15:00") - timedelta(hours=24) + timedelta(minutes=1))

    [again] = [each for each in reminders(about_id=family[1].pk) if each.version == 1]
    assert again.status == "sent"
    assert links.manage_token(family[0]) not in again.text


def test_one_that_comes_on_another_day_is_reminded_of_on_its_own(salon, family):
    elsewhere = at(salon, "11:00") + timedelta(days=1)
    services.reschedule_booking(business=salon, booking=family[1], start=elsewhere, by=SYSTEM, now=timezone.now())

    leave(family[0], timedelta(hours=24))
    messaging.send_due(now=elsewhere - timedelta(hours=24) + timedelta(minutes=1))

    left = [each for each in reminders() if each.status == "sent"]
    assert [(each.about_id, "These visits too" in each.text) for each in left] == [
        (family[0].pk, False),
        (family[1].pk, False),
    ]


def test_where_the_first_was_given_up_the_other_tells_of_both(family):
    Message.objects.filter(pk=reminders()[0].pk).update(status=MessageStatus.DEAD)

    leave(family[0], timedelta(hours=24))

    first, second = reminders()
    assert (first.status, second.status) == ("dead", "sent")
    assert links.manage_token(family[0]) in second.text


def test_while_the_first_is_being_sent_the_other_waits(family):
    first, second = reminders()
    Message.objects.filter(pk=first.pk).update(status=MessageStatus.SENDING, due_at=timezone.now())
    dispatch.forget([first.pk])  # another worker has it

    leave(family[0], timedelta(hours=24))

    second.refresh_from_db()
    assert second.status == "queued"


def test_who_comes_along_to_another_address_is_written_to_there(salon, family):
    Booking.objects.filter(pk=family[1].pk).update(contact_email="lena@example.com")
    Message.objects.filter(kind="reminder", about_id=family[1].pk).update(recipient="lena@example.com")

    leave(family[0], timedelta(hours=24))

    assert states() == ["sent", "sent"]
    assert ["These visits too" in each.text for each in reminders()] == [False, False]


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_one_moment_send_one(salon, family):
    due = family[0].start_at - timedelta(hours=24)
    Message.objects.filter(kind="reminder").update(due_at=due)

    def attempt(number):
        with tenant_context(salon):
            messaging.send_due(now=due + timedelta(minutes=62))

    at_once(6, attempt)
    messaging.send_due(now=due + timedelta(minutes=64))

    assert sorted(states()) == ["sent", "withdrawn"]
