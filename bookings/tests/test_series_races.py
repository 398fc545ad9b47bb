"""Series that are booked at one moment: the same press twice, and two people who want the same weeks."""

from collections import Counter
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import queries, recurring, services
from bookings.models import Booking, Occupancy, Series
from bookings.services import Details
from bookings.tests.factories import at, make_booking, make_member, make_service
from bookings.tests.racing import at_once, overlaps

pytestmark = pytest.mark.django_db(transaction=True)
BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")
MANY = 4


@pytest.fixture
def cut(rosa):
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        yield service


def repeat(rosa, booking, key, wall):
    days = recurring.days(booking.local_date, every_weeks=1, count=MANY)
    starts = [recurring.start_on(day, wall, booking.zone) for day in days]
    return services.repeat_visit(
        business=rosa,
        booking=booking,
        key=key,
        every_weeks=1,
        chosen=dict(enumerate(starts, 2)),
        basket=queries.same_again(booking),
        by=SYSTEM,
        now=timezone.now(),
    )


def test_the_same_press_twice_at_once_books_every_date_once(rosa, cut):
    booking, key = make_booking(rosa, cut, at(rosa)), uuid4()

    def press(number):
        with tenant_context(rosa):
            repeat(rosa, booking, key, booking.local_time)

    at_once(2, press)

    numbers = Booking.objects.filter(status="confirmed").values_list("series_number", flat=True)
    assert sorted(numbers) == list(range(1, MANY + 2))
    assert Series.objects.count() == 1
    assert overlaps(Occupancy.objects.all()) == []


def test_two_people_who_want_the_same_weeks_get_each_date_once(rosa, cut):
    """Each of them hears of every date that the other one has."""
    bookings = [make_booking(rosa, cut, at(rosa)), make_booking(rosa, cut, at(rosa, "12:00"), details=BEA)]
    wall = at(rosa, "14:00").astimezone(rosa.zone).time()

    def press(number):
        with tenant_context(rosa):
            outcome = repeat(rosa, bookings[number], uuid4(), wall)
            return len(outcome.done), {type(why) for why in outcome.refused.values()} - {services.SlotTaken}

    answers = at_once(2, press)

    assert sum(done for done, _ in answers) == MANY
    assert [others for _, others in answers] == [set(), set()]
    booked = Booking.objects.filter(status="confirmed", local_time=wall).values_list("start_at", flat=True)
    assert set(Counter(booked).values()) == {1}
    assert overlaps(Occupancy.objects.all()) == []
