"""Going back: a move is undone by the rules of any move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import services
from bookings.models import Booking, Occupancy
from bookings.tests.factories import at, make_booking, make_member
from messaging.models import Message


@pytest.fixture
def booking(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def move(salon, booking, start, **how):
    return services.reschedule_booking(
        business=salon, booking=booking, start=start, by=SYSTEM, now=timezone.now(), **how
    )


def undo(salon, booking):
    return services.undo_move(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


def test_a_move_remembers_where_the_visit_was(salon, booking, ann):
    moved = move(salon, booking, at(salon, "14:00"))

    assert moved.moved_from["start_at"] == at(salon).isoformat()
    assert moved.moved_from["people"] == [{"position": 0, "team_member": str(ann.pk), "name": "Ann"}]


def test_an_undone_move_is_as_if_it_had_not_been(salon, booking, ann, cut):
    bob = make_member("Bob", performs=[cut])
    before = Booking.objects.filter(pk=booking.pk).values("start_at", "end_at", "team_member", "consent").get()
    move(salon, booking, at(salon, "14:00"), team_member=bob)

    undone = undo(salon, booking)

    assert Booking.objects.filter(pk=booking.pk).values("start_at", "end_at", "team_member", "consent").get() == before
    assert (undone.sequence, undone.moved_from) == (2, None)
    assert [(row.team_member, row.starts_at) for row in Occupancy.objects.all()] == [(ann, at(salon))]
    assert AuditEntry.objects.filter(action="booking.rescheduled").count() == 2
    assert Message.objects.filter(kind="booking_rescheduled").count() == 2


def test_a_move_is_undone_once(salon, booking):
    move(salon, booking, at(salon, "14:00"))
    undo(salon, booking)

    with pytest.raises(services.NotAllowed, match="no move to undo"):
        undo(salon, booking)


def test_a_time_taken_since_is_not_taken_back(salon, booking, cut):
    move(salon, booking, at(salon, "14:00"))
    make_booking(salon, cut, at(salon), details=services.Details("Eva Lind", "eva@example.com", "+12125550188"))
    before = Booking.objects.filter(pk=booking.pk).values().get()

    with pytest.raises(services.SlotTaken):
        undo(salon, booking)

    assert Booking.objects.filter(pk=booking.pk).values().get() == before


def test_a_short_notice_is_no_reason_not_to_go_back(salon, booking):
    move(salon, booking, at(salon, "14:00"))
    salon.min_notice_min = 60 * 24 * 30

    assert undo(salon, booking).start_at == at(salon)


def test_a_person_who_left_is_not_brought_back(salon, booking, cut, ann):
    bob = make_member("Bob", performs=[cut])
    move(salon, booking, at(salon, "14:00"), team_member=bob)
    ann.is_active = False
    ann.save()

    with pytest.raises(services.NotAllowed, match="no longer performs"):
        undo(salon, booking)


def test_a_move_to_where_it_is_changes_nothing(salon, booking):
    before = Booking.objects.filter(pk=booking.pk).values().get()

    move(salon, booking, at(salon))

    assert Booking.objects.filter(pk=booking.pk).values().get() == before
    assert AuditEntry.objects.filter(action="booking.rescheduled").count() == 0


def test_a_change_of_person_is_a_move_in_place(salon, booking, cut, ann):
    bob = make_member("Bob", performs=[cut])
    turn = booking.items.get().assigned_at

    moved = move(salon, booking, at(salon), team_member=bob)

    item = moved.items.get()
    assert (moved.start_at, moved.team_member, item.team_member) == (at(salon), bob, bob)
    assert item.assigned_at > turn
    assert [(row.team_member, row.starts_at) for row in Occupancy.objects.all()] == [(bob, at(salon))]


def test_somebody_elses_length_comes_with_them(salon, booking, cut):
    bob = make_member("Bob", performs=[cut])
    bob.assignments.update(duration_min=90, price_cents=9900)

    moved = move(salon, booking, at(salon), team_member=bob)

    item = moved.items.get()
    assert (moved.end_at - moved.start_at, item.snapshot["duration_min"]) == (timedelta(minutes=90), 90)
    assert (moved.price_cents, item.price_cents) == (5000, 5000)
