"""A visit that moves at the very moment its reminder wants to leave: nobody is reminded of the old time."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import mail_later, services
from bookings.models import Booking
from bookings.queries.reminders import reminding
from bookings.reminders import Rule
from bookings.services import reminders
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once
from messaging import services as messaging
from messaging.dispatch.models import Dispatch
from messaging.models import Message, MessageStatus

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def booking(rosa):
    """At two in the afternoon, in a week; its confirmation has left."""
    with tenant_context(rosa):
        cut = make_service()
        make_member("Ann", performs=[cut])
        made = make_booking(rosa, cut, at(rosa, "14:00"))
        messaging.send_due(now=timezone.now())
        mail.outbox.clear()
        yield made


def move(rosa, booking, clock="15:00"):
    return services.reschedule_booking(
        business=rosa, booking=booking, start=at(rosa, clock), by=SYSTEM, now=timezone.now()
    )


def sweep(booking):
    """As a worker does whose clock says that the first reminder is due."""
    return messaging.send_due(now=booking.start_at - DAY)


def reminded():
    return [each.subject for each in mail.outbox if each.subject.startswith("See you")]


def states():
    rows = Message.objects.filter(kind="reminder").order_by("due_at")
    return sorted((row.version, row.part, row.status) for row in rows)


def test_a_reminder_waits_for_a_move_that_is_under_way(rosa, booking):
    """The worker has the message, the move has the visit: neither waits for the other for ever."""
    moving, done, found = threading.Event(), threading.Event(), []

    def mover():
        with tenant_context(rosa), transaction.atomic():
            Booking.objects.select_for_update().get(pk=booking.pk)
            moving.set()
            done.wait(timeout=20)
            move(rosa, booking)
        connection.close()

    thread = threading.Thread(target=mover)
    thread.start()
    moving.wait(timeout=20)
    found.append((sweep(booking), states()[1]))
    done.set()
    thread.join(timeout=20)

    assert found == [(0, (0, "b1440", "queued"))]
    assert (sweep(booking), reminded()) == (1, [])  # the mail that it has moved
    assert states() == [
        (0, "b120", "withdrawn"),
        (0, "b1440", "withdrawn"),
        (1, "b120", "queued"),
        (1, "b1440", "queued"),
    ]


def test_without_that_it_would_leave_with_the_old_time(rosa, booking, monkeypatch):
    """The same moment, and a worker that does not ask whether somebody is changing the visit."""
    monkeypatch.setattr(mail_later, "_locked", lambda message: Booking.objects.get(pk=message.about_id))
    moving, done = threading.Event(), threading.Event()

    def mover():
        with tenant_context(rosa), transaction.atomic():
            Booking.objects.select_for_update().get(pk=booking.pk)
            moving.set()
            done.wait(timeout=20)
            move(rosa, booking)
        connection.close()

    thread = threading.Thread(target=mover)
    thread.start()
    moving.wait(timeout=20)
    sweep(booking)
    done.set()
    thread.join(timeout=20)

    assert len(reminded()) == 1


@pytest.mark.parametrize("round_number", range(3))
def test_many_sweeps_and_moves_at_once_remind_of_where_the_visit_is(rosa, booking, round_number):
    """Half of them move the visit to and fro, half send what is due."""

    def attempt(number):
        with tenant_context(rosa):
            if number % 2:
                sweep(booking)
                return "swept"
            try:
                move(rosa, booking, f"{10 + number // 2}:00")
            except services.SlotTaken:
                return "taken"
            return "moved"

    answers = at_once(8, attempt)

    assert answers.count("swept") == 4
    booking.refresh_from_db()
    queued = Message.objects.filter(kind="reminder", status=MessageStatus.QUEUED)
    assert {row.version for row in queued} <= {booking.sequence}
    left = Message.objects.filter(kind="reminder", status=MessageStatus.SENT)
    assert len(reminded()) == left.count() == len({(row.version, row.part) for row in left})
    assert set(Dispatch.objects.filter(kind="reminder").values_list("message_id", flat=True)) == {
        row.pk for row in queued
    }


def test_rules_that_change_while_visits_move_leave_one_plan(rosa, booking):
    def attempt(number):
        with tenant_context(rosa):
            if number % 2:
                reminders.change_reminders(
                    business=rosa,
                    rules=[(Rule.before(hours=number + 2), True)],
                    quiet=None,
                    follow_up_min=0,
                    by=SYSTEM,
                    now=timezone.now(),
                )
                reminders.replan_reminders(now=timezone.now())
            else:
                try:
                    move(rosa, booking, f"{10 + number // 2}:00")
                except services.SlotTaken:
                    return "taken"
        return "done"

    at_once(6, attempt)
    reminders.replan_reminders(now=timezone.now() + timedelta(minutes=2))

    booking.refresh_from_db()
    [rule] = reminding().rules
    [row] = Message.objects.filter(kind="reminder", status=MessageStatus.QUEUED)
    assert (row.part, row.version, row.due_at) == (
        rule.key,
        booking.sequence,
        booking.start_at - timedelta(minutes=rule.minutes),
    )
