from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from audit import actors
from audit.models import AuditEntry
from bookings import services
from bookings.models import Booking, Occupancy, Status
from bookings.signals import booking_canceled
from bookings.tests.factories import at, hold, make_booking, make_member, make_past_visit
from messaging.models import Message


@pytest.fixture
def booking(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


@pytest.fixture
def by(staff):
    return actors.user(staff, "203.0.113.1")


def move(salon, booking, start, by, **how):
    return services.reschedule_booking(
        business=salon, booking=booking, start=start, by=by, now=how.pop("now", timezone.now()), **how
    )


def cancel(salon, booking, by, **how):
    return services.cancel_booking(business=salon, booking=booking, by=by, now=how.pop("now", timezone.now()), **how)


def untouched(booking):
    before = Booking.objects.filter(pk=booking.pk).values().get()
    return lambda: Booking.objects.filter(pk=booking.pk).values().get() == before


def test_a_move_takes_the_new_time_and_frees_the_old(salon, booking, by):
    moved = move(salon, booking, at(salon, "14:00"), by)

    row = Occupancy.objects.get()
    assert (moved.start_at, moved.end_at, str(moved.local_time)) == (at(salon, "14:00"), at(salon, "15:00"), "14:00:00")
    assert (row.starts_at, row.expires_at) == (at(salon, "14:00"), None)
    assert (moved.sequence, moved.items.get().start_at) == (1, at(salon, "14:00"))


def test_a_move_is_on_the_trail_and_in_the_mail(salon, booking, by):
    move(salon, booking, at(salon, "14:00"), by)

    entry = AuditEntry.objects.get(action="booking.rescheduled")
    assert (entry.actor_id, entry.address) == (by.id, "203.0.113.1")
    assert entry.before["start_at"] == at(salon).isoformat()
    assert entry.after["start_at"] == at(salon, "14:00").isoformat()
    assert Message.objects.filter(kind="booking_rescheduled").count() == 1


def test_a_visit_can_move_into_its_own_time(salon, booking, by):
    assert move(salon, booking, at(salon, "10:30"), by).start_at == at(salon, "10:30")


def test_the_person_stays_where_possible_and_changes_where_not(salon, cut, ann, booking, by):
    bob = make_member("Bob", performs=[cut])
    hold(salon, cut, at(salon, "14:00"), team_member=ann)

    assert move(salon, booking, at(salon, "12:00"), by).team_member == ann
    assert move(salon, booking, at(salon, "14:00"), by).team_member == bob


def test_a_named_person_is_taken_or_nobody(salon, cut, ann, booking, by):
    bob = make_member("Bob", performs=[cut])
    hold(salon, cut, at(salon, "14:00"), team_member=bob)
    same = untouched(booking)

    with pytest.raises(services.SlotTaken):
        move(salon, booking, at(salon, "14:00"), by, team_member=bob)

    assert same()
    assert move(salon, booking, at(salon, "12:00"), by, team_member=bob).team_member == bob


@pytest.mark.parametrize("clock", ["21:00", "16:30", "10:05"])
def test_a_move_against_the_rules_changes_nothing(salon, booking, by, clock):
    same = untouched(booking)

    with pytest.raises(services.RuleBroken):
        move(salon, booking, at(salon, clock), by)

    assert same()
    assert Occupancy.objects.get().starts_at == at(salon)


def test_staff_may_set_notice_aside_knowingly(salon, cut, ann, booking, by):
    salon.min_notice_min = 30 * 24 * 60

    with pytest.raises(services.RuleBroken):
        move(salon, booking, at(salon, "14:00"), by)

    moved = move(salon, booking, at(salon, "14:00"), by, override=frozenset({"notice"}))

    assert (moved.start_at, moved.overrides) == (at(salon, "14:00"), ["notice"])
    entry = AuditEntry.objects.get(action="booking.rescheduled")
    assert (entry.actor_id, entry.after["overrides"]) == (by.id, ["notice"])


def test_the_agreed_length_and_price_move_along(salon, cut, ann, booking, by):
    cut.duration_min, cut.price_cents = 90, 9000
    cut.save()

    moved = move(salon, booking, at(salon, "14:00"), by)

    assert (moved.end_at, moved.price_cents) == (at(salon, "15:00"), 5000)


@pytest.mark.parametrize("state", ["hold", "pending with expiry", "canceled", "past"])
def test_what_is_not_to_come_cannot_move(salon, cut, ann, by, state):
    status = {"hold": "hold", "pending with expiry": "pending"}.get(state, "confirmed")
    booking = make_booking(salon, cut, at(salon), status=status)
    if state == "canceled":
        cancel(salon, booking, by)
    if state == "past":
        make_past_visit(booking)
    same = untouched(booking)

    with pytest.raises(services.NotAllowed):
        move(salon, booking, at(salon, "14:00"), by)

    assert same()


def test_a_cancelled_visit_frees_its_time_at_once(salon, cut, booking, by):
    canceled = cancel(salon, booking, by, reason="Flu")

    assert (canceled.status, canceled.cancellation_reason, canceled.sequence) == (Status.CANCELED, "Flu", 1)
    assert Occupancy.objects.count() == 0
    assert hold(salon, cut, at(salon)).status == Status.HOLD
    assert Message.objects.filter(kind="booking_cancelled").count() == 1


def test_cancelling_twice_changes_nothing_more(salon, booking, by):
    heard = []
    booking_canceled.connect(listener := lambda sender, booking, **kwargs: heard.append(booking.pk))
    try:
        cancel(salon, booking, by)
        same = untouched(booking)
        cancel(salon, booking, by, now=timezone.now() + timedelta(days=6))
    finally:
        booking_canceled.disconnect(listener)

    assert same()
    assert heard == [booking.pk]
    assert AuditEntry.objects.filter(action="booking.canceled").count() == 1


@pytest.mark.parametrize(("seconds", "fee"), [(-1, 0), (0, 2000)], ids=["before the cutoff", "at the cutoff"])
def test_the_fee_follows_the_accepted_terms_not_todays(salon, cut, ann, by, seconds, fee):
    salon.cancellation_fee_type, salon.cancellation_fee_cents = "fixed", 2000
    booking = make_booking(salon, cut, at(salon))
    salon.cancellation_fee_cents = 9999
    cutoff = datetime.fromisoformat(booking.consent["free_until"])

    canceled = cancel(salon, booking, by, now=cutoff + timedelta(seconds=seconds))

    assert canceled.cancellation_fee_cents == fee


def test_moving_first_does_not_make_cancelling_free(salon, cut, ann, by):
    salon.cancellation_fee_type, salon.cancellation_fee_cents = "fixed", 2000
    booking = make_booking(salon, cut, at(salon, days=2))
    late = at(salon, days=2) - timedelta(hours=20)
    move(salon, booking, at(salon, days=9), by, now=late)

    assert cancel(salon, booking, by, now=late + timedelta(hours=1)).cancellation_fee_cents == 2000


def test_moving_in_time_moves_the_cutoff_along(salon, cut, ann, by):
    salon.cancellation_fee_type, salon.cancellation_fee_cents = "fixed", 2000
    booking = make_booking(salon, cut, at(salon, days=4))
    move(salon, booking, at(salon, days=9), by)

    assert cancel(salon, booking, by, now=at(salon, days=7)).cancellation_fee_cents == 0


def test_an_order_that_ran_out_and_is_called_off_stays_over(salon, cut, ann, by):
    booking = make_booking(salon, cut, at(salon), status="pending")
    services.release_hold(booking=booking)

    with pytest.raises(services.NotAllowed):
        cancel(salon, booking, by)


@pytest.mark.parametrize("status", ["checked_in", "canceled"])
def test_arriving_is_for_expected_guests(salon, booking, by, status):
    if status == "canceled":
        cancel(salon, booking, by)
    else:
        services.check_in(booking=booking, by=by, now=timezone.now())
    same = untouched(booking)

    with pytest.raises(services.NotAllowed):
        services.check_in(booking=booking, by=by, now=timezone.now())

    assert same()


def test_an_arrival_is_noted(salon, booking, by):
    now = timezone.now()

    arrived = services.check_in(booking=booking, by=by, now=now)

    assert (arrived.status, arrived.checked_in_at) == (Status.CHECKED_IN, now)
    assert AuditEntry.objects.get(action="booking.checked_in").actor_id == by.id
