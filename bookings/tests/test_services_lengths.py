"""A visit takes longer, or less long, than was agreed: by the rules of any move, and undone like one."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import availability, services
from bookings.models import Booking, BookingItem, Occupancy, Status
from bookings.services import Details, lasting
from bookings.tests.factories import at, make_booking, make_member, make_past_visit, make_service, visit
from bookings.tests.racing import at_once, overlaps
from messaging.models import Message
from tenants.models import Business

BO = Details(name="Bo", email="bo@example.com", phone="+12125550188")


@pytest.fixture
def booking(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def lasts(salon, booking, minutes, now=None, **how):
    return services.change_length(
        business=salon, booking=booking, minutes=minutes, by=SYSTEM, now=now or timezone.now(), **how
    )


def undo(salon, booking):
    return services.undo_move(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Booking, BookingItem, Occupancy, AuditEntry)]


def spans():
    return sorted(Occupancy.objects.values_list("starts_at", "ends_at"))


@pytest.mark.parametrize("minutes", [30, 90])
def test_a_visit_takes_and_keeps_as_long_as_asked(salon, booking, minutes):
    changed = lasts(salon, booking, minutes)

    end = at(salon) + timedelta(minutes=minutes)
    assert (changed.start_at, changed.end_at, changed.price_cents) == (at(salon), end, 5000)
    assert spans() == [(at(salon), end)]
    assert changed.items.get().snapshot["duration_min"] == minutes


def test_the_customer_is_not_written_to_and_the_trail_says_what_happened(salon, booking):
    mails = Message.objects.exclude(kind="reminder").count()

    lasts(salon, booking, 90)

    entry = AuditEntry.objects.get(action="booking.rescheduled")
    assert Message.objects.exclude(kind="reminder").count() == mails
    assert (entry.before["end_at"], entry.after["end_at"]) == (
        at(salon, "11:00").isoformat(),
        at(salon, "11:30").isoformat(),
    )


def test_the_length_of_before_comes_back(salon, booking):
    before = spans()

    back = undo(salon, lasts(salon, booking, 90))

    assert (spans(), back.end_at, back.moved_from) == (before, at(salon, "11:00"), None)


def test_a_move_to_somebody_else_that_is_undone_brings_the_length_back_too(salon, cut, booking):
    bea = make_member("Bea", performs=[cut])
    lasts(salon, booking, 90)
    before = spans()
    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon), team_member=bea, by=SYSTEM, now=timezone.now()
    )
    mails = Message.objects.exclude(kind="reminder").count()

    back = undo(salon, booking)

    assert (spans(), back.duration_min, back.service_snapshot["duration_min"]) == (before, 90, 90)
    assert (
        Message.objects.exclude(kind="reminder").count() == mails + 1
    )  # it is somebody else again: the customer is told


def test_a_visit_that_was_made_longer_moves_with_its_length(salon, booking):
    lasts(salon, booking, 90)

    moved = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "13:00"), by=SYSTEM, now=timezone.now()
    )

    assert moved.end_at == at(salon, "14:30")


def test_what_follows_moves_along(salon, cut, ann):
    colour = make_service("Colour", minutes=30)
    colour.assignments.create(team_member=ann)
    booking = make_booking(salon, visit(cut, colour), at(salon))

    lasts(salon, booking, 75)

    assert list(booking.items.values_list("start_at", "end_at")) == [
        (at(salon, "10:00"), at(salon, "11:15")),
        (at(salon, "11:15"), at(salon, "11:45")),
    ]


@pytest.mark.parametrize(
    ("minutes", "refusal", "sentence"),
    [
        (75, services.SlotTaken, "There is not that much time: something else follows."),
        (480, services.RuleBroken, "The visit lasts 480 minutes and would run past the end."),
        (4, services.NotAllowed, "A service takes from 5 minutes to 12 hours."),
        (721, services.NotAllowed, "A service takes from 5 minutes to 12 hours."),
    ],
)
def test_a_refused_length_changes_nothing(salon, cut, booking, minutes, refusal, sentence):
    if refusal is services.SlotTaken:
        make_booking(salon, cut, at(salon, "11:00"), details=BO)
    before = rows()

    with pytest.raises(refusal) as refused:
        lasts(salon, booking, minutes)

    assert str(refused.value) == sentence
    assert rows() == before


def test_the_person_stays_whoever_else_would_be_free(salon, cut, ann, booking):
    make_booking(salon, cut, at(salon, "11:00"), details=BO)
    make_member("Bea", performs=[cut])

    with pytest.raises(services.SlotTaken):
        lasts(salon, booking, 90)


def test_a_visit_that_goes_on_may_take_longer(salon, ann, cut, booking):
    Business.objects.filter(pk=salon.pk).update(min_notice_min=120)
    now = at(salon, "10:30")
    Booking.objects.update(status=Status.CHECKED_IN)

    changed = lasts(salon, booking, 90, now=now)

    assert (changed.end_at, changed.overrides) == (at(salon, "11:30"), [])


def test_a_visit_that_somebody_has_moved_meanwhile_stays_where_it_is_now(salon, cut, booking):
    """Two at two desks: one drags the visit away, the other still sees it at ten and makes it longer."""
    bea = make_member("Bea", performs=[cut])
    seen = Booking.objects.get(pk=booking.pk)
    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "13:00"), team_member=bea, by=SYSTEM, now=timezone.now()
    )
    mails = Message.objects.exclude(kind="reminder").count()

    changed = lasts(salon, seen, 90)

    assert (changed.start_at, changed.end_at) == (at(salon, "13:00"), at(salon, "14:30"))
    assert (changed.team_member, Message.objects.exclude(kind="reminder").count()) == (bea, mails)


def test_a_start_that_stays_may_be_one_that_is_no_longer_offered(salon, ann, booking):
    """Shifts start at ten past by now; the visit at ten was agreed before."""
    ann.availability.update(start_min=9 * 60 + 10)

    longer = lasts(salon, booking, 90)
    back = undo(salon, longer)

    assert (longer.end_at, back.end_at) == (at(salon, "11:30"), at(salon, "11:00"))


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.NO_SHOW, Status.CANCELED])
def test_a_visit_that_is_closed_keeps_its_length(salon, booking, status):
    Booking.objects.update(status=status)
    before = rows()

    with pytest.raises(services.NotAllowed):
        lasts(salon, booking, 90)
    assert rows() == before


def test_a_visit_that_is_over_keeps_its_length(salon, booking):
    with pytest.raises(services.NotAllowed):
        lasts(salon, make_past_visit(booking), 90)


def test_a_class_keeps_its_length(salon):
    yoga = make_service("Yoga", allow_group_booking=True, max_group_size=4, shared_session=True)
    make_member("Cleo", performs=[yoga])
    booking = make_booking(salon, yoga, at(salon))

    with pytest.raises(services.NotAllowed) as refused:
        lasts(salon, booking, 90)
    assert str(refused.value) == "A class takes as long as it was put up for."


def test_a_part_that_is_not_there_is_refused(salon, booking):
    with pytest.raises(services.NotAllowed):
        lasts(salon, booking, 90, position=1)


def test_the_person_takes_the_difference_and_colour_develops_as_before():
    active, processing = availability.ACTIVE, availability.PROCESSING
    before = tuple(
        availability.Phase(*each) for each in ((active, 30), (processing, 40), (active, 20), (processing, 5))
    )

    assert [phase.minutes for phase in lasting.phases(before, 110)] == [30, 40, 35, 5]
    with pytest.raises(services.NotAllowed) as refused:
        lasting.phases(before, 79)
    assert str(refused.value) == "This service takes at least 80 minutes."


@pytest.mark.django_db(transaction=True)
def test_of_a_longer_visit_and_a_new_one_at_once_one_gets_the_time(rosa):
    with tenant_context(rosa):
        cut = make_service()
        make_member(performs=[cut])
        booking = make_booking(rosa, cut, at(rosa))

        def attempt(number):
            with tenant_context(rosa):
                try:
                    if number == 0:
                        lasts(rosa, booking, 120)
                    else:
                        make_booking(rosa, cut, at(rosa, "11:00"), details=BO)
                except services.SlotTaken:
                    return "taken"
                return "has it"

        answers = Counter(at_once(6, attempt))

        assert answers == {"has it": 1, "taken": 5}
        assert overlaps(Occupancy.objects.all()) == []
