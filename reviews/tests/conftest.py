import pytest
from django.utils import timezone

from audit import actors
from bookings.models import Booking, Status
from bookings.tests.conftest import ann, cut
from bookings.tests.factories import at, make_booking, make_past_visit
from reviews import services

__all__ = ["ann", "cut"]

GUEST = actors.customer("Anna Berg")


def completed(business, service, clock="10:00", *, days=1, **how):
    """A visit of Anna Berg that took place some days ago."""
    booking = make_past_visit(make_booking(business, service, at(business, clock), **how), days=days)
    Booking.objects.filter(pk=booking.pk).update(status=Status.COMPLETED)
    booking.refresh_from_db()
    return booking


def rate(booking, stars=5, text="", *, is_named=True, now=None):
    return services.write(
        booking=booking, stars=stars, text=text, is_named=is_named, by=GUEST, now=now or timezone.now()
    )


def publish(review, by=actors.SYSTEM):
    return services.publish(review=review, seen=review.version, by=by, now=timezone.now())


@pytest.fixture
def booking(salon, cut, ann):
    """A completed visit of yesterday in rosa."""
    return completed(salon, cut)


@pytest.fixture
def by(owner):
    return actors.user(owner, "203.0.113.9")
