"""Families and single guests who want the same times at one moment: nobody is booked twice, no family is torn apart."""

import threading
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import services
from bookings.families import Order
from bookings.models import Booking, Family, Occupancy
from bookings.services import locks, storing
from bookings.tests.factories import at, hold, make_member, make_resource, make_service, visit
from bookings.tests.racing import at_once, overlaps
from tenants.clock import database_now

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 50


@pytest.fixture
def world(rosa):
    """Two services, five people who do one or both, four chairs."""
    with tenant_context(rosa):
        cut, colour = make_service(buffer_after_min=10), make_service("Colour", minutes=45)
        make_resource(quantity=4, needed_by=[cut, colour])
        for number, performs in enumerate(([cut], [cut, colour], [cut, colour], [colour], [cut])):
            make_member(f"P{number}", performs=performs)
        yield cut, colour


def press(rosa, number, cut, colour):
    """Every third is a single guest; the families come in every shape, in either order."""
    now = timezone.now()
    start = at(rosa, ("10:00", "10:00", "10:30")[number % 3])
    if number % 3 == 2:
        return [hold(rosa, (cut, colour)[number % 2], start)]
    shapes = ([cut, cut, colour], [colour, cut], [cut, colour, colour, cut], [colour, cut, cut])
    return services.hold_family(
        business=rosa,
        baskets=[visit(service) for service in shapes[number % 4]],
        start=start,
        order=(Order.TOGETHER, Order.AFTER)[number % 5 == 0],
        now=now,
    )


def nobody_is_booked_twice():
    """No person has two at a time, no chair either, and there are four chairs."""
    people = Occupancy.objects.exclude(team_member=None)
    chairs = [Occupancy.objects.filter(lane=lane).exclude(resource=None) for lane in range(4)]
    return not any(overlaps(rows) for rows in (people, *chairs)) and not Occupancy.objects.filter(lane__gt=3).exists()


@pytest.fixture
def no_guards():
    """No constraint keeps two visits apart."""
    guards = [rule for rule in Occupancy._meta.constraints if rule.name.startswith("no_overlap")]
    with connection.schema_editor() as editor:
        for guard in guards:
            editor.remove_constraint(Occupancy, guard)
    yield
    Occupancy.objects.all().delete()
    with connection.schema_editor() as editor:
        for guard in guards:
            editor.add_constraint(Occupancy, guard)


def test_without_the_guards_families_are_sold_the_same_times(rosa, world, no_guards, monkeypatch):
    """No locks, no constraints: four families of two look, all find it free, all write."""
    everybody_has_looked = threading.Barrier(4)
    write = storing.write

    def wait_and_write(**kwargs):
        everybody_has_looked.wait(timeout=20)
        return write(**kwargs)

    monkeypatch.setattr(locks, "lock", lambda **kwargs: database_now())
    monkeypatch.setattr(storing, "write", wait_and_write)

    def racer(number):
        with tenant_context(rosa):
            return len(press(rosa, 1, *world))

    answers = at_once(4, racer)

    assert answers == [2] * 4
    assert len(overlaps(Occupancy.objects.exclude(team_member=None))) == 2 * 6


def test_families_and_singles_at_one_moment(rosa, world):
    def racer(number):
        with tenant_context(rosa):
            try:
                return len(press(rosa, number, *world))
            except services.SlotTaken:
                return 0

    answers = at_once(RACERS, racer)

    assert all(isinstance(answer, int) for answer in answers)
    assert nobody_is_booked_twice()
    assert Booking.objects.count() == sum(answers)
    numbers = Counter(Booking.objects.exclude(family=None).values_list("family", flat=True))
    families = [many for many in answers if many > 1]
    assert sorted(numbers.values()) == sorted(families)
    assert Family.objects.count() == len(families)
    assert families
    assert Occupancy.objects.filter(item__booking__status="hold").count() == Occupancy.objects.count()


def test_two_families_whose_people_are_the_same_in_another_order_do_not_wait_for_each_other(rosa, world):
    cut, colour = world
    shapes = ([cut, colour], [colour, cut])

    def racer(number):
        with tenant_context(rosa):
            baskets = [visit(service) for service in shapes[number % 2]]
            try:
                return services.hold_family(
                    business=rosa, baskets=baskets, start=at(rosa), order=Order.TOGETHER, now=timezone.now()
                )
            except services.SlotTaken:
                return []

    answers = at_once(8, racer)

    assert sorted(map(len, answers)) == [0] * 6 + [2] * 2  # four chairs
    assert nobody_is_booked_twice()
