"""Several services in one visit: one or several people, at once or in turn, as one booking."""

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import queries, services
from bookings.models import Booking, BookingItem, Occupancy, Status
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, submit, visit


@pytest.fixture
def colour(salon):
    """An hour and a half of colour for 80.00."""
    return make_service("Colour", minutes=90, cents=8000)


@pytest.fixture
def bea(colour):
    """Works nine to five and performs the colour only."""
    return make_member("Bea", performs=[colour])


def parts(booking):
    return [
        (item.snapshot["name"], item.team_member.first_name, item.start_at, item.end_at, item.price_cents)
        for item in booking.items.select_related("team_member")
    ]


def everything():
    return list(Booking.objects.values()), list(BookingItem.objects.values()), list(Occupancy.objects.values())


def test_a_chain_is_one_booking_with_a_part_for_each_service(salon, cut, ann, colour, bea):
    booking = hold(salon, visit(cut, colour), at(salon))

    assert (booking.start_at, booking.end_at, booking.price_cents) == (at(salon), at(salon, "12:30"), 13000)
    assert (booking.team_member, booking.service_name) == (ann, "Cut + Colour")
    assert parts(booking) == [
        ("Cut", "Ann", at(salon), at(salon, "11:00"), 5000),
        ("Colour", "Bea", at(salon, "11:00"), at(salon, "12:30"), 8000),
    ]
    assert list(Occupancy.objects.order_by("starts_at").values_list("team_member", "starts_at", "ends_at")) == [
        (ann.pk, at(salon), at(salon, "11:00")),
        (bea.pk, at(salon, "11:00"), at(salon, "12:30")),
    ]


def test_one_person_for_everything_is_preferred(salon, cut, ann, colour, bea):
    both = make_member("Cleo", performs=[cut, colour])

    booking = hold(salon, visit(cut, colour), at(salon))

    assert {item.team_member for item in booking.items.all()} == {both}


def test_the_same_person_needs_no_time_between_their_services(salon, cut, colour):
    make_member(performs=[cut, colour], buffer_time_minutes=15)

    booking = hold(salon, visit(cut, colour), at(salon))

    assert booking.end_at == at(salon, "12:30")
    assert Occupancy.objects.order_by("starts_at").values_list("ends_at", flat=True)[0] == at(salon, "11:00")


def test_services_that_allow_it_run_together_with_different_people(salon, cut, ann, colour, bea):
    for service in (cut, colour):
        service.parallel_ok = True
        service.save()

    booking = hold(salon, visit(cut, colour, together=True), at(salon))

    assert (booking.start_at, booking.end_at) == (at(salon), at(salon, "11:30"))
    assert {item.start_at for item in booking.items.all()} == {at(salon)}


def test_a_guest_waits_only_where_the_salon_lets_them(salon, cut, ann, colour, bea):
    make_booking(salon, colour, at(salon, "09:45"))  # keeps Bea until 11:15
    wanted = visit(cut, (colour, bea))

    with pytest.raises(services.SlotTaken):
        hold(salon, wanted, at(salon, "10:00"))
    salon.max_wait_min = 15
    booking = hold(salon, wanted, at(salon, "10:00"))

    assert [item.start_at for item in booking.items.all()] == [at(salon, "10:00"), at(salon, "11:15")]
    assert booking.end_at == at(salon, "12:45")


def test_a_taken_second_person_takes_the_whole_start(salon, cut, ann, colour, bea):
    make_booking(salon, colour, at(salon, "11:00"))
    before = everything()

    with pytest.raises(services.SlotTaken) as refused:
        hold(salon, visit(cut, colour), at(salon, "10:00"))

    assert everything() == before
    assert [slot.label for slot in refused.value.alternatives] == ["11:30", "11:45", "12:00"]
    assert all(slot.plan.end for slot in refused.value.alternatives)


def test_what_the_calendar_offers_for_a_chain_can_be_held(salon, cut, ann, colour, bea):
    make_booking(salon, colour, at(salon, "12:00"))
    day = at(salon).astimezone(salon.zone).date()
    [found] = queries.calendar(business=salon, basket=visit(cut, colour), first=day, last=day, now=timezone.now())

    for slot in found.slots:
        booking = hold(salon, visit(cut, colour), slot.start_at)
        assert booking.price_cents == slot.plan.price_cents
        services.release_hold(booking=booking)

    assert [slot.label for slot in found.slots] == [
        "09:00", "09:15", "09:30", "12:30", "12:45", "13:00", "13:15", "13:30", "13:45", "14:00", "14:15", "14:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"shared_session": True, "allow_group_booking": True, "max_group_size": 4}, "A class is booked on its own."),
        ({"requires_team_member_selection": True}, "Please choose a person for this service."),
        ({"active": False}, "This cannot be booked online."),
    ],
)
def test_what_cannot_be_chained_is_refused(salon, cut, ann, colour, bea, change, sentence):
    for name, value in change.items():
        setattr(colour, name, value)
    colour.save()

    with pytest.raises(services.NotBookable, match=sentence):
        hold(salon, visit(cut, colour), at(salon))

    assert everything() == ([], [], [])


def test_nine_services_are_too_many(salon, cut, ann):
    with pytest.raises(services.NotBookable, match="at most 8 services"):
        hold(salon, visit(*[cut] * 9), at(salon))


def test_a_cancelled_chain_frees_everybody(salon, cut, ann, colour, bea):
    booking = make_booking(salon, visit(cut, colour), at(salon))

    services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    assert Occupancy.objects.count() == 0


def test_a_confirmed_chain_keeps_all_its_time(salon, cut, ann, colour, bea):
    make_booking(salon, visit(cut, colour), at(salon))

    assert set(Occupancy.objects.values_list("expires_at", flat=True)) == {None}


def test_explaining_a_chain_names_person_and_service(salon, cut, ann, colour, bea):
    taken = make_booking(salon, colour, at(salon, "11:00"))

    found = queries.explain(business=salon, basket=visit(cut, colour), start=at(salon), now=timezone.now())

    assert not found.bookable
    assert [(why.code, why.service, why.team_member, why.ref) for why in found.reasons] == [
        ("busy", colour, bea, taken.ref)
    ]


def test_explaining_asks_for_what_follows_once_the_longest_at_one_time_is_over(salon, cut):
    """An hour and a quarter of an hour together from ten: the cut comes at eleven, when Cleo has just left."""
    nails, toes = make_service("Nails", parallel_ok=True), make_service("Toes", minutes=15, parallel_ok=True)
    make_member("Ann", performs=[nails])
    make_member("Bea", performs=[toes])
    make_member("Cleo", performs=[cut], works=(9 * 60, 11 * 60))
    basket = visit(nails, toes, cut, together=True)

    found = queries.explain(business=salon, basket=basket, start=at(salon), now=timezone.now())

    assert not found.bookable
    assert [(str(each.service), [why.code for why in each.reasons]) for each in found.people] == [
        ("Nails", []),
        ("Toes", []),
        ("Cut", ["not_working"]),
    ]


def test_a_moved_chain_keeps_its_people(salon, cut, ann, colour, bea):
    make_member("Cleo", performs=[cut, colour])
    booking = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))

    moved = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=timezone.now()
    )

    assert [(name, who, start) for name, who, start, *_ in parts(moved)] == [
        ("Cut", "Ann", at(salon, "14:00")),
        ("Colour", "Bea", at(salon, "15:00")),
    ]
    assert Occupancy.objects.count() == 2


def test_only_who_cannot_come_along_is_replaced(salon, cut, ann, colour, bea):
    booking = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))
    make_member("Cleo", performs=[cut, colour])
    bea.time_blocks.create(starts_at=at(salon, "15:00"), ends_at=at(salon, "17:00"))

    moved = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=timezone.now()
    )

    assert [who for _, who, *_ in parts(moved)] == ["Ann", "Cleo"]
    assert [each["name"] for each in moved.moved_from["people"]] == ["Ann", "Bea"]


def test_one_person_of_a_chain_can_be_changed_at_the_same_time(salon, cut, ann, colour, bea):
    booking = make_booking(salon, visit((cut, ann), (colour, bea)), at(salon))
    cleo = make_member("Cleo", performs=[colour])

    moved = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon), people={1: cleo}, by=SYSTEM, now=timezone.now()
    )

    assert [who for _, who, *_ in parts(moved)] == ["Ann", "Cleo"]
    assert (moved.start_at, moved.price_cents, moved.status) == (at(salon), 13000, Status.CONFIRMED)
    assert set(Occupancy.objects.values_list("team_member", flat=True)) == {ann.pk, cleo.pk}


def test_a_party_of_a_chain_pays_for_everybody(salon, cut, ann, colour, bea):
    for service in (cut, colour):
        service.allow_group_booking, service.max_group_size = True, 3
        service.save()

    booking = submit(salon, hold(salon, visit(cut, colour, party_size=2), at(salon)))

    assert (booking.attendee_count, booking.price_cents) == (2, 26000)
