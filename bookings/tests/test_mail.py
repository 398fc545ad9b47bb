"""What customers are told about when they come: the time on the salon's wall, wherever the mail is written."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import ics, services
from bookings.tests.factories import at, make_booking
from messaging.models import Message


@pytest.mark.parametrize("server", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_mail_says_the_time_on_the_salons_wall(salon, cut, ann, server):
    with timezone.override(server):
        booking = make_booking(salon, cut, at(salon, "16:00"))

    mail = Message.objects.get(kind="booking_confirmed")
    said = f"{booking.local_start:%A} {booking.local_start.day} {booking.local_start:%B %Y}, 16:00"
    assert f"When:  {said} (America/New_York)" in mail.text
    assert f"<td>{said} (America/New_York)</td>" in mail.html


def test_a_visit_that_is_off_needs_no_preparing(salon, cut, ann):
    cut.instructions = "Come with dry hair."
    cut.save()
    booking = make_booking(salon, cut, at(salon))

    off = services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert [cut.instructions in ics.description(each) for each in (booking, off)] == [True, False]
    said = {mail.kind: (cut.instructions in mail.text, cut.instructions in mail.html) for mail in Message.objects.all()}
    assert (said["booking_confirmed"], said["booking_cancelled"]) == ((True, True), (False, False))
