"""Rooms and chairs: a visit needs one, and there are only so many."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import queries, services
from bookings.models import Occupancy, TimeBlock
from bookings.tests.factories import at, hold, make_booking, make_member, make_resource, make_service, visit


@pytest.fixture
def room(cut):
    return make_resource("Room", needed_by=[cut])


@pytest.fixture
def two(cut):
    """Two people who perform the cut."""
    return make_member("Ann", performs=[cut]), make_member("Bob", performs=[cut])


def test_a_visit_takes_its_person_and_its_room(salon, cut, two, room):
    hold(salon, cut, at(salon))

    rows = Occupancy.objects.order_by("resource")
    assert [(row.team_member is None, row.resource, row.lane) for row in rows] == [(True, room, 0), (False, None, 0)]


def test_one_room_is_for_one_visit(salon, cut, two, room):
    hold(salon, cut, at(salon))

    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon, "10:30"))

    assert Occupancy.objects.count() == 2


def test_two_rooms_are_for_two_visits(salon, cut, two, room):
    room.quantity = 2
    room.save()
    make_member("Cleo", performs=[cut])

    hold(salon, cut, at(salon))
    hold(salon, cut, at(salon, "10:30"))
    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon, "10:45"))

    assert sorted(Occupancy.objects.filter(resource=room).values_list("lane", flat=True)) == [0, 1]


def test_the_room_is_taken_while_the_colour_works(salon, two, cut, room):
    phases = [{"kind": kind, "minutes": 30} for kind in ("active", "processing", "active")]
    colour = make_service("Colour", minutes=90, phases=phases)
    room.services.add(colour)
    for member in two:
        member.assignments.create(service=colour)

    hold(salon, colour, at(salon))

    [row] = Occupancy.objects.filter(resource=room)
    assert (row.starts_at, row.ends_at) == (at(salon), at(salon, "11:30"))
    assert Occupancy.objects.filter(team_member__isnull=False).count() == 2


def test_a_guest_keeps_the_room_for_the_whole_chain(salon, cut, two, room):
    dry = make_service("Dry", minutes=30, buffer_after_min=15)
    room.services.add(dry)
    make_member("Cleo", performs=[dry])

    hold(salon, visit(cut, dry), at(salon))

    [row] = Occupancy.objects.filter(resource=room)
    assert (row.starts_at, row.ends_at) == (at(salon), at(salon, "11:45"))


def test_a_room_under_repair_is_nobodys(salon, cut, two, room):
    TimeBlock.objects.create(resource=room, starts_at=at(salon, "10:30"), ends_at=at(salon, "11:30"), reason="Paint")

    found = queries.explain(business=salon, basket=visit(cut), start=at(salon), now=timezone.now())
    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon))

    assert {why.ref for why in found.reasons} == {"Paint"}
    assert all("Room" in why.text for why in found.reasons)


def test_a_reason_names_the_booking_that_has_the_room(salon, cut, two, room):
    booking = make_booking(salon, cut, at(salon))

    found = queries.explain(business=salon, basket=visit(cut), start=at(salon), now=timezone.now())

    assert {(why.code, why.ref) for why in found.reasons if why.code == "resource"} == {("resource", booking.ref)}


def test_a_moved_visit_takes_its_room_along(salon, cut, two, room):
    booking = make_booking(salon, cut, at(salon))

    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "10:30"), by=SYSTEM, now=timezone.now()
    )

    [row] = Occupancy.objects.filter(resource=room)
    assert (row.starts_at, row.expires_at) == (at(salon, "10:30"), None)


def test_the_database_keeps_two_visits_out_of_one_room(salon, cut, two, room):
    hold(salon, cut, at(salon))
    row = Occupancy.objects.get(resource=room)

    with pytest.raises(IntegrityError, match="no_overlap_of_resources"), transaction.atomic():
        Occupancy.objects.create(
            item=row.item, resource=room, lane=0, starts_at=at(salon, "10:30"), ends_at=at(salon, "12:00")
        )
