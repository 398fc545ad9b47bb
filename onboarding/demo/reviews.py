"""What guests of a demo salon say of their visits, told through the services that real ones come through."""

from datetime import timedelta

from audit import actors
from audit.actors import SYSTEM
from bookings.models import Booking, Status
from reviews import services

#: Stars, words, whether they are signed, and the salon's answer; the latest visit comes first.
SAID = (
    (5, "Exactly what I had asked for, and I was out on time.", True, ""),
    (4, "", True, ""),
    (5, "Third visit, and still the best cut I have had in years.", True, "Thank you. See you in six weeks!"),
    (3, "Lovely people, but I waited a quarter of an hour.", False, "You are right, and we are sorry. We plan more time now."),
    (5, "Booked at night from my sofa, sat in the chair the next morning.", True, ""),
    (5, "", True, ""),
    (4, "Quiet, friendly, and somebody explained what the colour would do.", True, ""),
)  # fmt: skip
#: So many of the latest nobody has looked at yet.
WAITING = 2
LATER = timedelta(hours=2)


def write(*, now):
    """The latest completed visits of the current salon, each of another guest, are rated; most of it is published."""
    for number, (booking, said) in enumerate(zip(_visits(now), SAID, strict=False)):
        stars, text, is_named, answer = said
        at = booking.end_at + LATER
        by = actors.customer(booking.contact_name)
        review = services.write(booking=booking, stars=stars, text=text, is_named=is_named, by=by, now=at)
        if number < WAITING:
            continue
        review = services.publish(review=review, seen=review.version, by=SYSTEM, now=at + LATER)
        if answer:
            services.answer(review=review, text=answer, seen=review.version, by=SYSTEM, now=at + 2 * LATER)


def _visits(now):
    latest = {}
    done = Booking.objects.filter(status=Status.COMPLETED, end_at__lt=now - 3 * LATER).order_by("-end_at", "pk")
    for booking in done:
        latest.setdefault(booking.customer_id, booking)
    return latest.values()
