"""A sound diary has no findings; each planted fault is found once, with its booking."""

import threading
from datetime import time, timedelta

import pytest
from django.db import close_old_connections, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import integrity, services, words
from bookings.integrity import Kind, Severity
from bookings.models import (
    Booking,
    BookingItem,
    Break,
    Closure,
    GroupSession,
    Occupancy,
    OpeningHours,
    Resource,
    Seat,
    ServiceHours,
    ServiceTeamAssignment,
    SpecialDay,
    Status,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.tests.factories import at, make_booking, make_member, make_past_visit, make_service, visit

#: Everybody has their own address: one customer's visits must not overlap.
ADDRESSES = (f"guest{number}@example.com" for number in range(100_000))
COLOUR = [
    {"kind": "active", "minutes": 30},
    {"kind": "processing", "minutes": 45},
    {"kind": "active", "minutes": 45},
]
LONG_AGO = timedelta(minutes=11)


def book(salon, what, start, **how):
    details = services.Details(name="Anna Berg", email=next(ADDRESSES), phone="+12125550187")
    return make_booking(salon, what, start, details=details, **how)


def report(salon):
    return integrity.verify(business=salon)


def found(salon):
    return [(finding.kind, finding.booking) for finding in report(salon).findings]


def rows_of(booking):
    return Occupancy.objects.filter(item__booking=booking)


def without_constraint(name):
    """Until the test's transaction ends, the database no longer judges."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE bookings_occupancy DROP CONSTRAINT {name}")


def shift(booking, **by):
    """Move a booking as no service would: all of it, with nobody asked."""
    by = timedelta(**by)
    start = (booking.start_at + by).astimezone(booking.zone)
    Booking.objects.filter(pk=booking.pk).update(
        start_at=F("start_at") + by, end_at=F("end_at") + by, local_date=start.date(), local_time=start.time()
    )
    booking.items.update(start_at=F("start_at") + by, end_at=F("end_at") + by)
    rows_of(booking).update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)


@pytest.fixture
def bob(cut):
    return make_member("Bob", performs=[cut])


@pytest.fixture
def booked(salon, cut, ann):
    """A visit with Ann at ten, and another of hers at one that is always sound."""
    cut.buffer_after_min = 15
    cut.save()
    first = book(salon, cut, at(salon))
    book(salon, cut, at(salon, "13:00"))
    return first


@pytest.fixture
def yoga(salon, ann):
    """A class of six with Ann."""
    service = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=6)
    ServiceTeamAssignment.objects.create(service=service, team_member=ann)
    return service


@pytest.fixture
def seated(salon, yoga):
    """Two guests in a class Ann gives at three."""
    return book(salon, yoga, at(salon, "15:00"), party_size=2)


@pytest.fixture
def coloured(salon):
    """Colour with processing time, then a cut by somebody else in the same chair."""
    chair = Resource.objects.create(name="Chair", quantity=2)
    colour = make_service("Colour", minutes=120, phases=COLOUR, buffer_before_min=5, buffer_after_min=10)
    trim = make_service("Trim", minutes=30, buffer_before_min=10, buffer_after_min=5)
    for service in (colour, trim):
        service.resources.add(chair)
    make_member("Cleo", performs=[colour])
    make_member("Dan", performs=[trim])
    return book(salon, visit(colour, trim), at(salon, "09:30"))


# Nothing is wrong ------------------------------------------------------------------------------


def test_an_empty_diary_is_sound(salon):
    assert found(salon) == []


def test_every_kind_of_booking_is_sound(salon, booked, seated, coloured, cut, ann, bob, yoga):
    Resource.objects.create(name="Unused")
    both = make_service("Wash", minutes=20, buffer_before_min=10, buffer_after_min=10)
    party = make_service("Make-up", allow_group_booking=True, max_group_size=4)
    for service in (both, party):
        ServiceTeamAssignment.objects.create(service=service, team_member=bob)
    book(salon, visit((both, bob), (cut, bob)), at(salon, "10:30"))
    book(salon, party, at(salon, "14:00"), party_size=3)
    book(salon, yoga, at(salon, "15:00"))
    book(salon, yoga, at(salon, "15:00"), status=Status.HOLD)
    book(salon, cut, at(salon, days=8), status=Status.HOLD)
    book(salon, cut, at(salon, days=9), status=Status.PENDING)
    services.open_session(
        business=salon, service=yoga, team_member=ann, start=at(salon, days=10), by=SYSTEM, now=timezone.now()
    )
    cancelled = book(salon, cut, at(salon, days=11))
    services.cancel_booking(business=salon, booking=cancelled, by=SYSTEM, now=timezone.now())
    make_past_visit(cancelled)
    seat = book(salon, yoga, at(salon, days=12))
    services.cancel_booking(business=salon, booking=seat, by=SYSTEM, now=timezone.now())
    services.release_hold(booking=book(salon, cut, at(salon, days=13), status=Status.HOLD))
    for days, act in ((14, services.complete_booking), (15, services.check_in)):
        past = make_past_visit(book(salon, cut, at(salon, days=days)), days=days - 10)
        act(booking=past, by=SYSTEM, now=timezone.now())
    moved = book(salon, cut, at(salon, days=16))
    services.reschedule_booking(
        business=salon, booking=moved, start=at(salon, days=17), by=SYSTEM, now=timezone.now(), team_member=bob
    )

    checked = report(salon)

    assert checked.findings == ()
    assert checked.looked_at == {
        "bookings": Booking.objects.count(),
        "coming": 11,
        "occupancy": Occupancy.objects.count(),
        "sessions": 2,
    }


def test_a_colleague_who_is_longer_and_needs_more_time_after_is_sound(salon, cut, ann):
    slow = make_member("Slow", performs=[cut], buffer_time_minutes=30)
    ServiceTeamAssignment.objects.filter(team_member=slow).update(duration_min=90)
    moved = book(salon, cut, at(salon), team_member=ann)

    services.reschedule_booking(
        business=salon, booking=moved, start=at(salon), by=SYSTEM, now=timezone.now(), team_member=slow
    )

    assert found(salon) == []


def test_two_visits_at_once_are_sound_where_the_person_takes_two(salon, cut):
    make_member(performs=[cut], max_concurrent_bookings=2)
    for _ in range(2):
        book(salon, cut, at(salon))

    assert found(salon) == []


def test_a_cut_while_the_colour_develops_is_sound(salon, cut):
    colour = make_service("Colour", minutes=120, phases=COLOUR)
    make_member(performs=[colour, cut])
    book(salon, colour, at(salon, "09:00"))
    short = make_service("Fringe", minutes=30)
    ServiceTeamAssignment.objects.create(service=short, team_member=TeamMember.objects.get())
    book(salon, short, at(salon, "09:30"))

    assert found(salon) == []


def test_a_changed_service_does_not_make_old_bookings_unsound(salon, booked, cut):
    cut.duration_min, cut.buffer_before_min, cut.buffer_after_min, cut.price_cents = 90, 20, 0, 9900
    cut.save()

    assert found(salon) == []


# Booked twice ----------------------------------------------------------------------------------


def test_two_rows_of_one_person_at_one_time_are_found(salon, booked, cut):
    without_constraint("no_overlap")
    second = book(salon, cut, at(salon, "15:00"))
    shift(second, hours=-4, minutes=-30)

    [finding] = report(salon).findings

    assert (finding.kind, finding.severity, finding.booking) == (Kind.OVERLAP, Severity.ERROR, second.ref)
    assert (finding.who, finding.when) == ("Ann", at(salon, "10:30"))
    assert booked.ref in finding.sentence


def test_two_rows_of_one_resource_at_one_time_are_found(salon, coloured):
    without_constraint("no_overlap_of_resources")
    chair = Occupancy.objects.get(resource__isnull=False)
    trim = coloured.items.get(position=1)
    Occupancy.objects.create(
        item=trim, resource=chair.resource, lane=chair.lane, starts_at=trim.start_at, ends_at=trim.end_at
    )

    assert found(salon) == [(Kind.OVERLAP, coloured.ref)]


def test_more_visits_at_once_than_the_person_takes_are_found_in_any_lane(salon, booked, cut):
    second = book(salon, cut, at(salon, "15:00"))
    rows_of(second).update(lane=3)
    shift(second, hours=-4, minutes=-30)

    [finding] = report(salon).findings

    assert (finding.kind, finding.severity, finding.booking) == (Kind.OVERLAP, Severity.ERROR, second.ref)


def test_a_person_who_takes_fewer_now_is_found_where_there_are_too_many(salon, cut):
    member = make_member(performs=[cut], max_concurrent_bookings=2)
    book(salon, cut, at(salon))
    second = book(salon, cut, at(salon, "10:30"))
    TeamMember.objects.filter(pk=member.pk).update(max_concurrent_bookings=1)

    assert found(salon) == [(Kind.OVERLAP, second.ref)]


def test_a_lane_that_is_gone_is_a_notice_while_visits_do_not_meet(salon, booked):
    rows_of(booked).update(lane=1)

    [finding] = report(salon).findings

    assert (finding.kind, finding.severity, finding.booking) == (Kind.OVERLAP, Severity.NOTICE, booked.ref)


def test_fewer_chairs_than_guests_are_found(salon, coloured):
    services_ = [item.service for item in coloured.items.all()]
    for service in services_:
        make_member(f"Second for {service}", performs=[service])
    again = book(salon, visit(*services_), at(salon, "10:00"))
    assert found(salon) == []
    Resource.objects.update(quantity=1)

    assert found(salon) == [(Kind.OVERLAP, again.ref)]


# Holds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.HOLD, Status.PENDING])
@pytest.mark.parametrize(("minutes", "orphaned"), [(9, False), (11, True)], ids=["the sweep may be late", "too late"])
def test_a_hold_that_never_ended_is_found(salon, booked, cut, status, minutes, orphaned):
    kept = book(salon, cut, at(salon, "15:00"), status=status)
    ended = timezone.now() - timedelta(minutes=minutes)
    Booking.objects.filter(pk=kept.pk).update(hold_expires_at=ended)
    rows_of(kept).update(expires_at=ended)

    assert found(salon) == ([(Kind.ORPHANED_HOLD, kept.ref)] if orphaned else [])


def test_a_hold_of_seats_that_never_ended_is_found(salon, yoga, ann):
    kept = book(salon, yoga, at(salon), status=Status.HOLD)
    ended = timezone.now() - LONG_AGO
    Booking.objects.update(hold_expires_at=ended)
    Seat.objects.filter(item__booking=kept).update(expires_at=ended)
    Occupancy.objects.update(expires_at=ended)

    assert found(salon) == [(Kind.ORPHANED_HOLD, kept.ref)]


def test_a_hold_that_keeps_nothing_is_found(salon, booked, cut):
    kept = book(salon, cut, at(salon, "15:00"), status=Status.HOLD)
    rows_of(kept).delete()

    assert found(salon) == [(Kind.ORPHANED_HOLD, kept.ref)]


def test_a_promise_on_a_hold_that_has_run_out_is_found(salon, booked):
    rows_of(booked).update(expires_at=timezone.now() - LONG_AGO)

    [finding] = report(salon).findings

    assert (finding.kind, finding.booking, finding.can_end) == (Kind.ORPHANED_HOLD, booked.ref, False)


def test_a_seat_on_a_hold_that_has_run_out_is_found(salon, seated):
    Seat.objects.filter(item__booking=seated).update(expires_at=timezone.now() - LONG_AGO)

    assert found(salon) == [(Kind.ORPHANED_HOLD, seated.ref)]


def test_a_class_on_a_hold_that_has_run_out_is_found(salon, seated):
    Occupancy.objects.update(expires_at=timezone.now() - LONG_AGO)

    assert found(salon) == [(Kind.ORPHANED_HOLD, seated.ref)]


def test_a_class_put_up_on_a_hold_that_has_run_out_is_found(salon, yoga, ann):
    services.open_session(business=salon, service=yoga, team_member=ann, start=at(salon), by=SYSTEM, now=timezone.now())
    Occupancy.objects.update(expires_at=timezone.now() - LONG_AGO)

    [finding] = report(salon).findings

    assert (finding.kind, finding.booking, finding.when) == (Kind.ORPHANED_HOLD, None, at(salon))


# Kept for nobody -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.CANCELED, Status.EXPIRED, Status.FAILED])
def test_time_of_a_booking_that_is_over_is_found(salon, booked, status):
    Booking.objects.filter(pk=booked.pk).update(status=status)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_seats_of_a_booking_that_is_over_are_found(salon, seated, yoga):
    book(salon, yoga, seated.start_at)
    Booking.objects.filter(pk=seated.pk).update(status=Status.CANCELED)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, seated.ref)]


def test_a_class_without_guests_is_found(salon, seated):
    Booking.objects.update(status=Status.CANCELED)
    Seat.objects.update(item=None)

    [finding] = report(salon).findings

    assert (finding.kind, finding.booking) == (Kind.OCCUPANCY_WITHOUT_BOOKING, None)
    assert (finding.who, finding.when) == ("Ann", seated.start_at)


def test_a_row_that_lies_elsewhere_is_found(salon, booked):
    rows_of(booked).update(starts_at=F("starts_at") + timedelta(days=1), ends_at=F("ends_at") + timedelta(days=1))

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_a_row_that_is_too_long_is_found(salon, booked):
    rows_of(booked).update(ends_at=F("ends_at") + timedelta(minutes=1))

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_a_row_without_the_clean_up_time_is_found(salon, booked):
    rows_of(booked).update(ends_at=booked.end_at)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_a_row_of_the_wrong_person_is_found(salon, booked, bob):
    rows_of(booked).update(team_member=bob)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_a_row_too_many_is_found(salon, booked, bob):
    item = booked.items.get()
    Occupancy.objects.create(item=item, team_member=bob, starts_at=item.start_at, ends_at=item.end_at)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, booked.ref)]


def test_a_chair_kept_at_another_time_is_found(salon, coloured):
    Occupancy.objects.filter(resource__isnull=False).update(
        starts_at=F("starts_at") + timedelta(hours=5), ends_at=F("ends_at") + timedelta(hours=5)
    )

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, coloured.ref)]


def test_a_seat_in_another_class_is_found(salon, seated, yoga):
    other = book(salon, yoga, at(salon, "15:00", days=8))
    free = Seat.objects.filter(session=other.items.get().session, item=None).first()
    Seat.objects.filter(pk=free.pk).update(item=seated.items.get())

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, seated.ref)]


def test_a_class_that_moved_away_from_its_guests_is_found(salon, seated):
    later = timedelta(hours=-1)
    GroupSession.objects.update(start_at=F("start_at") + later, end_at=F("end_at") + later)
    Occupancy.objects.update(starts_at=F("starts_at") + later, ends_at=F("ends_at") + later)

    assert found(salon) == [(Kind.OCCUPANCY_WITHOUT_BOOKING, seated.ref)]


# Not kept --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN])
def test_a_visit_that_keeps_no_time_is_found(salon, booked, status):
    Booking.objects.filter(pk=booked.pk).update(status=status)
    rows_of(booked).delete()

    [finding] = report(salon).findings

    assert (finding.kind, finding.severity, finding.booking) == (
        Kind.BOOKING_WITHOUT_OCCUPANCY,
        Severity.ERROR,
        booked.ref,
    )


@pytest.mark.parametrize("position", [0, 1])
def test_a_phase_or_a_service_that_is_not_kept_is_found(salon, coloured, position):
    rows_of(coloured).filter(item__position=position, resource=None).order_by("starts_at").last().delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, coloured.ref)]


def test_a_chair_that_is_not_kept_is_found(salon, coloured):
    rows_of(coloured).filter(resource__isnull=False).delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, coloured.ref)]


def test_the_room_of_a_class_that_is_not_kept_is_found(salon, yoga):
    yoga.resources.add(Resource.objects.create(name="Hall"))
    booking = book(salon, yoga, at(salon, "15:00"))
    Occupancy.objects.filter(resource__isnull=False).delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, booking.ref)]


def test_a_hold_that_keeps_half_of_its_visit_is_found(salon, coloured):
    again = book(salon, visit(*(item.service for item in coloured.items.all())), at(salon, days=8), status=Status.HOLD)
    rows_of(again).filter(item__position=1, resource=None).delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, again.ref)]


def test_a_guest_without_a_seat_is_found(salon, seated):
    Seat.objects.filter(item__booking=seated).order_by("number").first().delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, seated.ref)]


def test_a_class_that_keeps_no_time_is_found(salon, seated):
    Occupancy.objects.all().delete()

    assert found(salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, seated.ref)]


# Totals ----------------------------------------------------------------------------------------

WRONG = {
    "price": {"price_cents": F("price_cents") + 1},
    "guests": {"attendee_count": 2},
    "start": {"start_at": F("start_at") - timedelta(minutes=1)},
    "end": {"end_at": F("end_at") + timedelta(minutes=1)},
    "date": {"local_date": F("local_date") + timedelta(days=1)},
    "time": {"local_time": time(9)},
    "zone": {"booking_tz": "Europe/Paris"},
    "no zone": {"booking_tz": "Mars/Olympus"},
}


@pytest.mark.parametrize("fields", WRONG.values(), ids=WRONG)
def test_a_booking_that_differs_from_its_services_is_found(salon, booked, fields):
    Booking.objects.filter(pk=booked.pk).update(**fields)

    assert found(salon) == [(Kind.TOTALS, booked.ref)]


def test_a_booking_with_somebody_else_is_found(salon, booked, bob):
    Booking.objects.filter(pk=booked.pk).update(team_member=bob)

    assert found(salon) == [(Kind.TOTALS, booked.ref)]


def test_a_service_that_costs_something_else_is_found(salon, coloured):
    BookingItem.objects.filter(booking=coloured, position=1).update(price_cents=1)

    assert found(salon) == [(Kind.TOTALS, coloured.ref)]


def test_a_booking_without_services_is_found(salon, booked):
    booked.items.all().delete()

    assert found(salon) == [(Kind.TOTALS, booked.ref)]


# Need a move -----------------------------------------------------------------------------------


def closed(booking):
    day = booking.local_date
    Closure.objects.create(start_date=day, end_date=day)


def opens_late(booking):
    OpeningHours.objects.create(day_of_week=booking.local_date.isoweekday(), start_min=12 * 60, end_min=20 * 60)


def works_late(booking):
    TeamMemberAvailability.objects.filter(team_member=booking.team_member).update(start_min=12 * 60)


def off(booking):
    SpecialDay.objects.create(team_member=booking.team_member, date=booking.local_date, shifts=[])


def rests(booking):
    Break.objects.create(day_of_week=booking.local_date.isoweekday(), start_min=10 * 60 + 30, end_min=11 * 60)


def blocked(booking):
    TimeBlock.objects.create(
        team_member=booking.team_member, starts_at=booking.start_at, ends_at=booking.end_at, reason="Dentist"
    )


def has_left(booking):
    TeamMember.objects.filter(pk=booking.team_member_id).update(is_active=False)
    later_ones(booking).update(status=Status.COMPLETED)


def has_forgotten_how(booking):
    ServiceTeamAssignment.objects.filter(team_member=booking.team_member).delete()
    later_ones(booking).update(status=Status.COMPLETED)


def is_offered_late(booking):
    day = booking.local_date.isoweekday()
    ServiceHours.objects.create(service=booking.items.get().service, day_of_week=day, start_min=720, end_min=1080)


def needs_a_room_that_is_shut(booking):
    room = Resource.objects.create(name="Room")
    booking.items.get().service.resources.add(room)
    TimeBlock.objects.create(resource=room, starts_at=booking.start_at, ends_at=booking.end_at, reason="Painting")


def later_ones(booking):
    return Booking.objects.filter(start_at__gt=booking.start_at)


RULES = (
    opens_late,
    works_late,
    rests,
    blocked,
    has_left,
    has_forgotten_how,
    is_offered_late,
    needs_a_room_that_is_shut,
)


@pytest.mark.parametrize("plant", RULES, ids=lambda plant: plant.__name__)
def test_a_visit_that_nobody_could_book_today_needs_a_move(salon, booked, plant):
    plant(booked)

    [finding] = report(salon).findings

    assert (finding.kind, finding.severity, finding.booking) == (Kind.OUTSIDE_RULES, Severity.NOTICE, booked.ref)


@pytest.mark.parametrize("plant", [closed, off], ids=lambda plant: plant.__name__)
def test_all_visits_of_a_day_off_need_a_move(salon, booked, plant):
    plant(booked)

    assert found(salon) == [(Kind.OUTSIDE_RULES, booking.ref) for booking in Booking.objects.order_by("start_at")]


def test_the_sentence_says_which_rule(salon, booked):
    blocked(booked)

    [finding] = report(salon).findings

    assert finding.sentence == "This time is blocked."
    assert finding.place(salon.zone) == f"{booked.ref}, {words.when(booked.local_start)}, Ann"


def test_notice_furthest_date_and_grid_are_not_asked_again(salon, booked):
    salon.min_notice_min, salon.horizon_days, salon.slot_step_min = 60 * 24 * 30, 1, 240
    shift(booked, minutes=7)

    assert found(salon) == []


def test_a_class_stands_whatever_the_hours_say(salon, seated):
    works_late(seated)
    TeamMemberAvailability.objects.update(start_min=16 * 60)
    assert found(salon) == []

    closed(seated)

    assert found(salon) == [(Kind.OUTSIDE_RULES, seated.ref)]


def test_one_service_of_several_is_enough(salon, coloured):
    TimeBlock.objects.create(
        team_member=TeamMember.objects.get(first_name="Dan"), starts_at=coloured.start_at, ends_at=coloured.end_at
    )

    assert found(salon) == [(Kind.OUTSIDE_RULES, coloured.ref)]


def test_a_person_who_works_twice_in_a_visit_keeps_no_buffer_between(salon, bob):
    """A break between two services of one person would meet their buffers, and does not."""
    wash = make_service("Wash", minutes=30, buffer_after_min=15)
    dry = make_service("Dry", minutes=30, buffer_before_min=15)
    for service in (wash, dry):
        ServiceTeamAssignment.objects.create(service=service, team_member=bob)
    booking = book(salon, visit(wash, dry), at(salon))

    rows = rows_of(booking).order_by("starts_at").values_list("starts_at", "ends_at")

    assert list(rows) == [(at(salon), at(salon, "10:30")), (at(salon, "10:30"), at(salon, "11:00"))]
    assert found(salon) == []


# Whose, how much, and when ---------------------------------------------------------------------


def test_the_other_salons_faults_are_not_ours(salon, other_salon, booked):
    with tenant_context(other_salon):
        cut = make_service()
        make_member(performs=[cut])
        theirs = book(other_salon, cut, at(other_salon))
        rows_of(theirs).delete()

        assert found(other_salon) == [(Kind.BOOKING_WITHOUT_OCCUPANCY, theirs.ref)]

    assert found(salon) == []


@pytest.mark.parametrize("count", [1, 30])
def test_the_number_of_queries_does_not_grow(salon, cut, ann, count):
    make_member("Bob", performs=[cut])
    services_ = [cut, make_service("Shave", minutes=30)]
    ServiceTeamAssignment.objects.create(service=services_[1], team_member=ann)
    for number in range(count):
        book(salon, services_[number % 2], at(salon, days=number + 1))

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert found(salon) == []

    # A savepoint and its end; the diary; services, their people, their rules.
    assert len(queries) == 4


@pytest.mark.django_db(transaction=True)
def test_all_reads_are_of_one_moment_and_nothing_can_be_written(rosa):
    with tenant_context(rosa), integrity.one_moment():
        before = TeamMember.objects.count()
        writer = threading.Thread(target=_hire, args=(rosa,))
        writer.start()
        writer.join()
        during = TeamMember.objects.count()
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            [read_only] = cursor.fetchone()
    with tenant_context(rosa):
        after = TeamMember.objects.count()

    assert (before, during, after, read_only) == (0, 0, 1, "on")


def _hire(business):
    with tenant_context(business):
        TeamMember.objects.create(first_name="Eve")
    close_old_connections()
    connection.close()
