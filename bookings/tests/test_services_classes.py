"""Classes: sessions with numbered seats, opened by a guest or put up by the salon."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit import actors
from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import queries, services
from bookings.basket import Basket
from bookings.models import Booking, GroupSession, Occupancy, Seat
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, submit


@pytest.fixture
def yoga(salon):
    """An hour for up to four guests, 20.00 each; Ann gives it."""
    return make_service("Yoga", cents=2000, allow_group_booking=True, max_group_size=4, shared_session=True)


@pytest.fixture
def ann(yoga, cut):
    return make_member(performs=[yoga, cut])


def open_class(salon, yoga, ann, clock="10:00"):
    return services.open_session(
        business=salon, service=yoga, team_member=ann, start=at(salon, clock), by=SYSTEM, now=timezone.now()
    )


def labels(salon, service, **how):
    day = at(salon).astimezone(salon.zone).date()
    basket = Basket.of(service, **how)
    [found] = queries.calendar(business=salon, basket=basket, first=day, last=day, now=timezone.now())
    return [slot.label for slot in found.slots]


def taken_seats():
    return list(Seat.objects.filter(item__isnull=False).order_by("number").values_list("number", flat=True))


def test_the_first_guest_opens_a_session_and_the_next_ones_join_it(salon, yoga, ann):
    first = hold(salon, yoga, at(salon), party_size=2)
    second = hold(salon, yoga, at(salon))

    session = GroupSession.objects.get()
    assert (session.start_at, session.end_at, session.team_member, session.scheduled) == (
        at(salon),
        at(salon, "11:00"),
        ann,
        False,
    )
    assert (first.price_cents, second.price_cents) == (4000, 2000)
    assert {first.items.get().session, second.items.get().session} == {session}
    assert (Occupancy.objects.count(), taken_seats()) == (1, [1, 2, 3])


def test_a_session_is_never_oversold(salon, yoga, ann):
    hold(salon, yoga, at(salon), party_size=3)

    with pytest.raises(services.SlotTaken):
        hold(salon, yoga, at(salon), party_size=2)

    assert (taken_seats(), Booking.objects.count()) == ([1, 2, 3], 1)


def test_the_database_has_no_fifth_seat(salon, yoga, ann):
    hold(salon, yoga, at(salon))
    session = GroupSession.objects.get()

    assert session.seats.count() == 4
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(session=session, number=4)


def test_a_session_takes_its_person_for_everything_else(salon, yoga, cut, ann):
    hold(salon, yoga, at(salon))

    with pytest.raises(services.SlotTaken):
        hold(salon, cut, at(salon, "10:30"))


def test_seats_left_decide_what_is_offered(salon, yoga, ann):
    hold(salon, yoga, at(salon), party_size=3)

    assert "10:00" in labels(salon, yoga)
    assert "10:00" not in labels(salon, yoga, party_size=2)
    assert "10:30" not in labels(salon, yoga)


def test_a_freed_seat_can_be_taken_again(salon, yoga, ann):
    full = make_booking(salon, yoga, at(salon), party_size=4)
    services.cancel_booking(business=salon, booking=full, by=SYSTEM, now=timezone.now())

    again = hold(salon, yoga, at(salon), party_size=4)

    assert again.items.get().seats.count() == 4


def test_a_session_guests_have_opened_ends_with_its_last_seat(salon, yoga, cut, ann):
    one, two = make_booking(salon, yoga, at(salon)), hold(salon, yoga, at(salon))

    services.cancel_booking(business=salon, booking=one, by=SYSTEM, now=timezone.now())
    assert GroupSession.objects.count() == 1
    services.release_hold(booking=two)

    assert (GroupSession.objects.count(), Occupancy.objects.count(), Seat.objects.count()) == (0, 0, 0)
    assert hold(salon, cut, at(salon)).team_member == ann


def test_a_session_of_held_seats_stands_as_long_as_the_longest_hold(salon, yoga, ann):
    first = hold(salon, yoga, at(salon))
    row = Occupancy.objects.get()
    assert row.expires_at == first.hold_expires_at

    services.confirm_booking(business=salon, booking=submit(salon, first), now=timezone.now(), card_on_file=True)

    row.refresh_from_db()
    assert (row.expires_at, Seat.objects.filter(expires_at__isnull=False).count()) == (None, 0)


def test_a_held_session_that_ran_out_is_in_nobodys_way(salon, yoga, cut, ann):
    held = hold(salon, yoga, at(salon))
    past = timezone.now() - timedelta(seconds=1)
    Booking.objects.filter(pk=held.pk).update(hold_expires_at=past)
    Seat.objects.filter(item__booking=held).update(expires_at=past)
    Occupancy.objects.update(expires_at=past)

    booking = hold(salon, cut, at(salon, "10:30"))

    assert (booking.team_member, GroupSession.objects.count()) == (ann, 0)


def test_a_session_put_up_by_the_salon_waits_for_guests(salon, yoga, ann):
    session = open_class(salon, yoga, ann)
    yoga.scheduled_only = True
    yoga.save()

    assert labels(salon, yoga) == ["10:00"]
    booking = hold(salon, yoga, at(salon))
    services.release_hold(booking=booking)

    session.refresh_from_db()
    assert (session.scheduled, session.seats.filter(item=None).count(), Occupancy.objects.count()) == (True, 4, 1)
    assert AuditEntry.objects.filter(action="session.opened").count() == 1


def test_what_is_only_scheduled_cannot_be_opened_by_guests(salon, yoga, ann):
    yoga.scheduled_only = True
    yoga.save()

    with pytest.raises((services.RuleBroken, services.SlotTaken)):
        hold(salon, yoga, at(salon))

    assert GroupSession.objects.count() == 0


def test_a_session_at_short_notice_says_who_set_the_notice_aside(salon, yoga, ann):
    salon.min_notice_min = 30 * 24 * 60
    asked = {"business": salon, "service": yoga, "team_member": ann, "start": at(salon), "now": timezone.now()}
    by = actors.customer("Who it was", None)

    with pytest.raises(services.RuleBroken):
        services.open_session(**asked, by=by)
    services.open_session(**asked, by=by, override=frozenset({"notice"}))

    trail = AuditEntry.objects.get(action="session.opened")
    assert (trail.actor_label, trail.after["overrides"]) == (by.label, ["notice"])


def test_a_session_is_put_up_by_the_rules(salon, yoga, cut, ann):
    make_booking(salon, cut, at(salon))

    with pytest.raises(services.SlotTaken):
        open_class(salon, yoga, ann, "10:30")
    with pytest.raises(services.RuleBroken):
        open_class(salon, yoga, ann, "07:00")
    with pytest.raises(services.NotBookable, match="Only a class"):
        open_class(salon, cut, ann, "14:00")

    assert GroupSession.objects.count() == 0


def test_two_sessions_of_one_person_do_not_overlap(salon, yoga, ann):
    open_class(salon, yoga, ann)

    with pytest.raises(services.SlotTaken):
        open_class(salon, yoga, ann)

    assert GroupSession.objects.count() == 1


def test_a_session_with_guests_cannot_be_closed(salon, yoga, ann):
    session = open_class(salon, yoga, ann)
    booking = hold(salon, yoga, at(salon))

    with pytest.raises(services.NotAllowed, match="guests in this session"):
        services.close_session(session=session, by=SYSTEM, now=timezone.now())
    services.release_hold(booking=booking)
    services.close_session(session=session, by=SYSTEM, now=timezone.now())

    assert (GroupSession.objects.count(), Occupancy.objects.count()) == (0, 0)


def test_a_guest_moves_to_another_session(salon, yoga, ann):
    open_class(salon, yoga, ann, "10:00")
    later = open_class(salon, yoga, ann, "14:00")
    booking = make_booking(salon, yoga, at(salon), party_size=2)

    moved = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=timezone.now()
    )

    assert moved.items.get().session == later
    assert (later.seats.filter(item__isnull=False).count(), Occupancy.objects.count()) == (2, 2)


def test_the_only_guest_moves_their_session_along(salon, yoga, ann):
    booking = make_booking(salon, yoga, at(salon))

    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "10:15"), by=SYSTEM, now=timezone.now()
    )

    assert [session.start_at for session in GroupSession.objects.all()] == [at(salon, "10:15")]
    assert [row.starts_at for row in Occupancy.objects.all()] == [at(salon, "10:15")]


def test_seats_of_holds_that_ran_out_count_as_free(salon, yoga, ann):
    session = open_class(salon, yoga, ann)
    held = hold(salon, yoga, at(salon), party_size=2)
    kept = make_booking(salon, yoga, at(salon))
    Seat.objects.filter(item__booking=held).update(expires_at=timezone.now() - timedelta(seconds=1))

    [found] = queries.sessions(first=session.start_at, last=session.end_at)

    assert (found.taken, found.free) == (kept.attendee_count, 3)
