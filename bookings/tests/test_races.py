"""Many at one visit of two people, and at one class. First shown: without the guards it is sold twice."""

import threading
from collections import Counter

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import services
from bookings.models import Booking, GroupSession, Occupancy, Resource, Seat
from bookings.services import locks, storing
from bookings.tests.factories import at, hold, make_booking, make_member, make_resource, make_service, visit
from bookings.tests.racing import at_once, overlaps
from tenants.clock import database_now

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pair(rosa):
    """A cut by Ann and a colour by Bea, one after the other, on the salon's only chair."""
    with tenant_context(rosa):
        cut, colour = make_service("Cut"), make_service("Colour", cents=8000)
        make_member("Ann", performs=[cut])
        make_member("Bea", performs=[colour])
        make_resource("Chair", needed_by=[cut, colour])
        yield visit(cut, colour)


def holding(business, basket, start):
    """An attempt for `at_once`: what it came to, by name."""

    def attempt(number):
        with tenant_context(business):
            try:
                hold(business, basket, start)
            except services.SlotTaken:
                return "taken"
            return "booked"

    return attempt


def test_without_the_guards_a_visit_of_two_people_is_sold_twice(rosa, pair, monkeypatch):
    """No locks, no constraints: everybody looks, everybody finds it free, everybody writes."""
    everybody_has_looked = threading.Barrier(4)
    write = storing.write

    def wait_and_write(**kwargs):
        everybody_has_looked.wait(timeout=20)
        return write(**kwargs)

    monkeypatch.setattr(locks, "lock", lambda **kwargs: database_now())
    monkeypatch.setattr(storing, "write", wait_and_write)
    guards = [rule for rule in Occupancy._meta.constraints if rule.name.startswith("no_overlap")]
    with connection.schema_editor() as editor:
        for guard in guards:
            editor.remove_constraint(Occupancy, guard)
    try:
        answers = at_once(4, holding(rosa, pair, at(rosa)))

        assert answers == ["booked"] * 4
        assert len(overlaps(Occupancy.objects.all())) == 3 * 6
    finally:
        Occupancy.objects.all().delete()
        with connection.schema_editor() as editor:
            for guard in guards:
                editor.add_constraint(Occupancy, guard)


def test_one_of_twenty_gets_a_visit_of_two_people(rosa, pair):
    answers = at_once(20, holding(rosa, pair, at(rosa)))

    assert Counter(answers) == {"booked": 1, "taken": 19}
    assert Booking.objects.count() == 1
    assert sorted(row.team_member_id is None for row in Occupancy.objects.all()) == [False, False, True]


def test_visits_of_the_same_people_in_either_order_do_not_deadlock(rosa, pair):
    cut, colour = pair.services
    for member in cut.team.all():
        colour.assignments.create(team_member=member)
    for member in colour.team.all():
        cut.assignments.get_or_create(team_member=member)
    baskets = [visit(cut, colour), visit(colour, cut)]

    def attempt(number):
        return holding(rosa, baskets[number % 2], at(rosa))(number)

    assert Counter(at_once(20, attempt)) == {"booked": 1, "taken": 19}
    assert overlaps(Occupancy.objects.all()) == []


def test_twelve_guests_at_once_get_the_four_seats_of_a_class(rosa):
    with tenant_context(rosa):
        yoga = make_service("Yoga", allow_group_booking=True, max_group_size=4, shared_session=True)
        make_member(performs=[yoga])

        answers = at_once(12, holding(rosa, visit(yoga), at(rosa)))

        assert Counter(answers) == {"booked": 4, "taken": 8}
        assert (GroupSession.objects.count(), Seat.objects.filter(item__isnull=False).count()) == (1, 4)
        assert Occupancy.objects.count() == 1


def test_two_own_visits_moved_to_one_time_at_once_do_not_meet(rosa):
    """With different people, so that no lock of theirs keeps the two moves apart: the customer's own row does."""
    with tenant_context(rosa):
        bookings = []
        for name, clock in (("Cut", "10:00"), ("Colour", "14:00")):
            service = make_service(name)
            make_member(f"Who does the {name}", performs=[service])
            bookings.append(make_booking(rosa, service, at(rosa, clock)))

        def move(number):
            with tenant_context(rosa):
                how = {"business": rosa, "by": SYSTEM, "now": timezone.now()}
                try:
                    services.reschedule_booking(booking=bookings[number], start=at(rosa, "12:00"), **how)
                except services.OwnTimesOverlap:
                    return "own"
                return "moved"

        assert Counter(at_once(2, move)) == {"moved": 1, "own": 1}
        assert Booking.objects.filter(start_at=at(rosa, "12:00")).count() == 1


def test_who_is_sacrificed_in_a_deadlock_is_told_taken(rosa):
    """Two guests with a row each who want the other's: one gets it, one is asked to choose again."""
    with tenant_context(rosa):
        rows = [make_resource("One").pk, make_resource("Two").pk]
        both_hold_one = threading.Barrier(2)

        def swap(number):
            with tenant_context(rosa):
                try:
                    with locks.deadlocks_lose(), transaction.atomic():
                        Resource.objects.select_for_update().get(pk=rows[number])
                        both_hold_one.wait(timeout=20)
                        Resource.objects.select_for_update().get(pk=rows[1 - number])
                except services.SlotTaken:
                    return "taken"
                return "swapped"

        assert Counter(at_once(2, swap)) == {"swapped": 1, "taken": 1}
