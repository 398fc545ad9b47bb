"""Going back: a move is undone by the rules of any move."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import availability, queries, services
from bookings.models import Booking, Occupancy
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_service, visit
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

    undone = undo(salon, booking)

    assert (undone.start_at, undone.overrides) == (at(salon), ["notice"])


def test_what_was_not_needed_is_not_recorded_as_set_aside(salon, booking):
    move(salon, booking, at(salon, "14:00"), override=availability.OVERRIDABLE)

    assert undo(salon, booking).overrides == []
    assert [entry.after.get("overrides") for entry in AuditEntry.objects.filter(action="booking.rescheduled")] == [
        None,
        None,
    ]


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


@pytest.mark.parametrize("minutes", [30, 90], ids=["shorter by now", "longer by now"])
def test_what_is_offered_to_a_visit_that_moves_is_what_it_can_have(salon, booking, cut, minutes):
    """Booked for an hour, it is an hour that has to fit, whatever the service takes by now."""
    cut.duration_min = minutes
    cut.save()
    asked = {"business": salon, "basket": queries.basket_of(booking), "now": timezone.now(), "without": booking}
    day = at(salon).date()

    [shown] = queries.calendar(**asked, first=day, last=day)

    offered = [slot.start_at for slot in shown.slots]
    every_quarter = [at(salon, "09:00") + timedelta(minutes=15 * number) for number in range(33)]
    assert offered == [start for start in every_quarter if start <= at(salon, "16:00")]
    assert offered == [start for start in every_quarter if queries.explain(**asked, start=start).bookable]
    assert move(salon, booking, offered[-1]).end_at == at(salon, "17:00")
    with pytest.raises(services.RuleBroken):
        move(salon, booking, at(salon, "16:15"))


def test_a_moving_visit_asked_for_with_another_service_has_that_ones_length(salon, booking, ann):
    long = make_service("Long", minutes=120)
    long.assignments.create(team_member=ann)

    asked = {"business": salon, "basket": visit(long), "now": timezone.now(), "without": booking}

    assert queries.explain(**asked, start=at(salon, "15:00")).bookable
    assert not queries.explain(**asked, start=at(salon, "15:15")).bookable


@pytest.fixture
def another(salon, booking, cut):
    """The same customer's visit to somebody else, later that day."""
    bob = make_member("Bob", performs=[cut])
    return make_booking(salon, cut, at(salon, "14:00"), team_member=bob)


@pytest.mark.parametrize("clock", ["13:15", "14:00", "14:45"])
def test_a_visit_is_not_moved_onto_the_customers_own_other_one(salon, booking, another, clock):
    before = Booking.objects.filter(pk=booking.pk).values().get()

    with pytest.raises(services.OwnTimesOverlap):
        move(salon, booking, at(salon, clock))

    assert Booking.objects.filter(pk=booking.pk).values().get() == before
    assert Occupancy.objects.filter(item__booking=booking, starts_at=at(salon)).count() == 1
    salon.allow_double_visits = True
    assert move(salon, booking, at(salon, clock)).start_at == at(salon, clock)


def test_an_own_visit_beside_it_and_somebody_elses_are_in_nobodys_way(salon, booking, another, cut):
    make_member("Cleo", performs=[cut])
    make_booking(salon, cut, at(salon, "09:00"), details=services.Details("Eva Lind", "eva@example.com", DETAILS.phone))

    assert move(salon, booking, at(salon, "13:00")).start_at == at(salon, "13:00")
    assert move(salon, booking, at(salon, "09:30")).start_at == at(salon, "09:30")


def test_two_own_visits_that_overlap_already_may_change_hands(salon, booking, cut):
    bob = make_member("Bob", performs=[cut])
    cleo = make_member("Cleo", performs=[cut])
    salon.allow_double_visits = True
    other = make_booking(salon, cut, at(salon), team_member=bob)
    salon.allow_double_visits = False

    assert move(salon, other, at(salon), team_member=cleo).team_member == cleo


def test_a_move_is_not_undone_onto_the_customers_own_other_visit(salon, booking, cut, ann):
    bob = make_member("Bob", performs=[cut])
    move(salon, booking, at(salon, "14:00"), team_member=ann)
    make_booking(salon, cut, at(salon), team_member=bob)

    with pytest.raises(services.OwnTimesOverlap):
        undo(salon, booking)
