"""What the waiting list does when the diary changes."""

from datetime import datetime, timedelta

from django.dispatch import receiver
from django.utils import timezone

from bookings.models import Closure, Service, SpecialDay, SpecialOpening, TeamMember, TimeBlock
from bookings.signals import (
    arranged,
    booking_canceled,
    booking_changed,
    booking_lapsed,
    busy_let_go,
    customer_erased,
    session_changed,
)
from tenants.models import Business
from waitlist import services

#: What decides on free time, of all that is arranged.
DECIDING = (Business, Closure, Service, SpecialDay, SpecialOpening, TeamMember, TimeBlock)

#: Around a date of UTC: in no zone is it another one than these.
ONE_DAY = timedelta(days=1)


@receiver(booking_lapsed)
def pass_on_what_lapsed(sender, booking, **kwargs):
    """A hold that ran out was an offer, perhaps; its time is free in any case."""
    now = timezone.now()
    services.note_lapsed(booking=booking, now=now)
    services.note_freed(first=booking.local_date, last=booking.local_date, at=now)


@receiver(booking_canceled)
def pass_on_what_was_canceled(sender, booking, at, **kwargs):
    services.note_freed(first=booking.local_date, last=booking.local_date, at=at)


@receiver(booking_changed)
def hear_of_a_visit(sender, booking, what, at, **kwargs):
    """A kept time has been booked; a visit that moved leaves its old time, or some of it."""
    if what == "created":
        services.note_booked(booking=booking, now=at)
    elif what == "rescheduled" and booking.moved_from:
        before = datetime.fromisoformat(booking.moved_from["start_at"]).astimezone(booking.zone).date()
        services.note_freed(first=before, last=before, at=at)


@receiver(arranged)
def look_at_new_hours(sender, at, **kwargs):
    """Hours, blocks, closures, people or services have changed: there may be time on any date."""
    if sender not in DECIDING:
        return
    services.note_freed(first=at.date() - ONE_DAY, at=at)


@receiver(busy_let_go)
def look_at_what_another_calendar_let_go(sender, spans, at, **kwargs):
    """One look from the first of them to the last: readings let go of many at once."""
    last = max(end for _, end in spans)
    services.note_freed(first=spans[0][0].date() - ONE_DAY, last=last.date() + ONE_DAY, at=at)


@receiver(session_changed)
def look_at_a_session(sender, session, at, **kwargs):
    day = session.start_at.date()
    services.note_freed(first=day - ONE_DAY, last=day + ONE_DAY, at=at)


@receiver(customer_erased)
def forget_the_customer(sender, person, at, **kwargs):
    services.forget(person=person)
