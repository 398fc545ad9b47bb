"""What is asked after a visit: once, if the salon wants it and the customer has agreed to news."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import services
from bookings.models import Customer, Status
from bookings.reminders import Quiet
from bookings.services import reminders
from bookings.tests.factories import at, make_booking
from messaging import services as messaging
from messaging.models import Message

DAY = timedelta(days=1)


@pytest.fixture
def booking(salon, cut, ann):
    """Of a customer who agreed to news."""
    made = make_booking(salon, cut, at(salon, "10:00"))
    Customer.objects.update(marketing_opt_in=True, marketing_opt_in_at=timezone.now())
    return made


def after(salon, minutes=24 * 60, quiet=None):
    reminders.change_reminders(
        business=salon, rules=[], quiet=quiet, follow_up_min=minutes, by=SYSTEM, now=timezone.now()
    )


def complete(booking, now=None):
    booking.refresh_from_db()
    with transaction.atomic():
        services.complete_booking(booking=booking, by=SYSTEM, now=now or booking.end_at)


def correct(salon, booking, to):
    booking.refresh_from_db()
    with transaction.atomic():
        services.correct_booking(
            business=salon, booking=booking, to=to, by=SYSTEM, now=booking.end_at, reason="The wrong button"
        )


def asked():
    return [(row.status, row.reason) for row in Message.objects.filter(kind="follow_up")]


def leave(booking, after=DAY):
    mail.outbox.clear()
    messaging.send_due(now=booking.end_at + after)
    return [each for each in mail.outbox if "How was" in each.subject]


def test_a_salon_that_never_said_so_asks_nobody(booking):
    complete(booking)

    assert asked() == []


def test_who_agreed_to_news_is_asked_once_with_a_way_out(salon, booking):
    after(salon)
    complete(booking)

    assert leave(booking, DAY - timedelta(seconds=1)) == []
    [letter] = leave(booking)

    message = Message.objects.get(kind="follow_up")
    assert (message.recipient, letter.to) == ("anna@example.com", ["anna@example.com"])
    assert message.unsubscribe_url in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{message.unsubscribe_url}>"
    assert letter.attachments == []


def test_who_did_not_agree_is_not_asked(salon, booking):
    Customer.objects.update(marketing_opt_in=False)
    after(salon)
    complete(booking)

    assert asked() == [("skipped", "The customer has not agreed to news.")]
    assert leave(booking) == []


def test_who_changes_their_mind_before_it_leaves_is_not_asked(salon, booking):
    after(salon)
    complete(booking)
    Customer.objects.update(marketing_opt_in=False, marketing_opt_in_at=None)

    assert leave(booking) == []
    assert asked() == [("withdrawn", "The customer does not agree to news any more.")]


def test_who_has_unsubscribed_is_not_asked(salon, booking):
    after(salon)
    complete(booking)
    messaging.suppress(
        channel="email", address="anna@example.com", scope="advertising", cause="unsubscribed", now=timezone.now()
    )

    assert leave(booking) == []
    assert asked() == [("skipped", "Whoever reads this address has unsubscribed.")]


def test_a_salon_that_switches_it_off_asks_nobody_any_more(salon, booking):
    after(salon)
    complete(booking)
    after(salon, 0)

    assert leave(booking) == []
    assert asked() == [("withdrawn", "The salon has switched follow-ups off.")]


def test_a_visit_that_did_not_take_place_after_all_is_not_asked_about(salon, booking):
    after(salon)
    complete(booking)
    correct(salon, booking, Status.NO_SHOW)

    assert asked() == [("withdrawn", "The visit was over.")]
    assert leave(booking) == []


def test_a_visit_that_took_place_after_all_is_asked_about_once(salon, booking):
    after(salon)
    complete(booking)
    correct(salon, booking, Status.NO_SHOW)
    correct(salon, booking, Status.COMPLETED)

    assert len(leave(booking)) == 1
    correct(salon, booking, Status.COMPLETED)
    assert leave(booking) == []
    assert asked() == [("sent", "")]


def test_it_waits_for_the_morning(salon, booking):
    after(salon, 60, Quiet(time(10), time(13)))
    complete(booking)

    due_at = Message.objects.get(kind="follow_up").due_at
    assert f"{due_at.astimezone(booking.zone):%H:%M}" == "13:00"


def test_a_visit_called_off_or_missed_is_not_asked_about(salon, booking):
    after(salon)
    with transaction.atomic():
        services.miss_booking(booking=booking, by=SYSTEM, now=datetime(2027, 1, 1, tzinfo=UTC))

    assert asked() == []
