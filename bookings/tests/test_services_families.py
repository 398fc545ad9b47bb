"""Several people booked in one go: ordinary visits, all of them or none."""

from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import queries, services
from bookings.basket import Basket, Wanted
from bookings.families import Order
from bookings.models import Booking, Family, Occupancy, Status
from bookings.services import Details, holds
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_resource, make_service, visit
from bookings.tests.racing import overlaps

BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")


@pytest.fixture
def ben(cut):
    return make_member("Ben", performs=[cut])


def hold_family(salon, *baskets, start=None, order=Order.TOGETHER, **how):
    return services.hold_family(
        business=salon, baskets=baskets, start=start or at(salon), order=order, now=timezone.now(), **how
    )


def free(salon, *baskets, order=Order.TOGETHER, days=7):
    day = at(salon, days=days).astimezone(salon.zone).date()
    [found] = queries.family_days(business=salon, baskets=baskets, order=order, first=day, last=day, now=timezone.now())
    return [slot.start_at for slot in found.slots]


def test_all_are_held_at_one_time_with_different_people(salon, cut, ann, ben):
    held = hold_family(salon, visit(cut), visit(cut))

    assert {each.team_member for each in held} == {ann, ben}
    assert {(each.status, each.start_at, each.price_cents) for each in held} == {(Status.HOLD, at(salon), 5000)}
    assert len({each.hold_expires_at for each in held}) == 1
    assert [(each.family, each.family_number) for each in held] == [(Family.objects.get(), 1), (held[0].family, 2)]
    assert overlaps(Occupancy.objects.all()) == []


def test_one_after_another_begins_when_the_one_before_is_done(salon, cut, ann):
    beard = make_service("Beard", minutes=20, buffer_after_min=10)
    make_member("Cy", performs=[beard])

    held = hold_family(salon, visit(cut), visit(beard), visit(cut), order=Order.AFTER)

    starts = [each.local_start.strftime("%H:%M") for each in held]
    assert starts == ["10:00", "11:00", "11:30"]  # the beard is done at 11:20, and Ann's grid goes on at half past


def test_everybody_may_want_several_services_and_somebody_in_particular(salon, cut, ann, ben):
    colour = make_service("Colour", minutes=30)
    cy = make_member("Cy", performs=[colour])

    held = hold_family(salon, visit((cut, ben), colour), visit(cut))

    people = [[item.team_member for item in each.items.order_by("position")] for each in held]
    assert people == [[ben, cy], [ann]]


def test_where_one_does_not_fit_nobody_is_held(salon, cut, ann, ben):
    make_booking(salon, cut, at(salon), details=BEA, team_member=ben)

    with pytest.raises(services.SlotTaken):
        hold_family(salon, visit(cut), visit(cut))

    assert (Booking.objects.count(), Family.objects.count(), Occupancy.objects.count()) == (1, 0, 1)


def test_chairs_are_counted(salon, cut, ann, ben):
    make_resource(quantity=1, needed_by=[cut])

    with pytest.raises(services.SlotTaken):
        hold_family(salon, visit(cut), visit(cut))
    assert free(salon, visit(cut), visit(cut)) == []
    assert at(salon) in free(salon, visit(cut), visit(cut), order=Order.AFTER)


def test_every_time_that_is_offered_can_be_held_and_no_other(salon, cut, ann, ben):
    make_booking(salon, cut, at(salon, "11:00"), details=BEA, team_member=ann)
    baskets = [visit(cut), visit(cut)]
    offered = free(salon, *baskets)

    day = [at(salon, "08:00") + timedelta(minutes=15) * number for number in range(40)]
    held = []
    for start in day:
        with transaction.atomic():
            try:
                hold_family(salon, *baskets, start=start)
                held.append(start)
            except (services.SlotTaken, services.RuleBroken):
                continue
            transaction.set_rollback(True)

    assert offered == held
    assert len(held) == 22


def test_free_times_take_two_queries_whatever_the_guests(salon, cut, ann, ben, django_assert_num_queries):
    for many in (2, 5):
        with django_assert_num_queries(2):
            free(salon, *[visit(cut)] * many)


@pytest.mark.parametrize(("many", "fits"), [(1, False), (2, True), (5, True), (6, False)])
def test_from_two_to_five_come_together(salon, cut, many, fits):
    for number in range(6):
        make_member(f"P{number}", performs=[cut])

    if fits:
        assert len(hold_family(salon, *[visit(cut)] * many)) == many
        return
    with pytest.raises(services.NotBookable):
        hold_family(salon, *[visit(cut)] * many)
    assert Booking.objects.count() == 0


def test_what_cannot_be_booked_alone_cannot_be_booked_together(salon, cut, ann, ben):
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[yoga])
    picky = make_service("Picky", requires_team_member_selection=True)
    make_member("Di", performs=[picky])

    for other in (visit(yoga), visit(picky), Basket(())):
        with pytest.raises(services.NotBookable):
            hold_family(salon, visit(cut), other)
    assert Booking.objects.count() == 0


def test_a_guest_may_be_several_where_the_service_is_for_several_at_once(salon, cut, ann):
    makeup = make_service("Make-up", minutes=60, cents=4000, allow_group_booking=True, max_group_size=3)
    make_member("Cy", performs=[makeup])

    held = hold_family(salon, visit(cut), Basket((Wanted(makeup),), party_size=3))

    assert [(each.attendee_count, each.price_cents) for each in held] == [(1, 5000), (3, 12000)]


def test_what_a_group_does_not_take_is_said_by_its_name(salon, cut, ann):
    makeup = make_service("Make-up", allow_group_booking=True, max_group_size=3)
    yoga = make_service("Yoga", allow_group_booking=True, shared_session=True, max_group_size=4)
    make_member("Cy", performs=[makeup, yoga])
    crowd = Basket((Wanted(makeup), Wanted(cut)), party_size=2)

    for other, sentence in (
        (Basket((Wanted(makeup),), party_size=4), "Make-up can be booked for at most 3 people at once."),
        (crowd, "Cut is booked for one person at a time."),
        (visit(yoga), "Yoga is a class and is booked on its own, for as many people as come."),
        (visit(cut, yoga), "Yoga is a class and is booked on its own, for as many people as come."),
    ):
        with pytest.raises(services.NotBookable, match=sentence):
            hold_family(salon, visit(cut), other)
    assert Booking.objects.count() == 0


def test_a_browser_holds_one_family_and_an_address_not_many(salon, cut, ann, ben):
    for number in range(8):
        make_member(f"P{number}", performs=[cut])
    how = {"address": "203.0.113.7"}
    first = hold_family(salon, *[visit(cut)] * 5, browser_key="a", **how)

    again = hold_family(salon, *[visit(cut)] * 5, browser_key="a", start=at(salon, "12:00"), **how)
    with pytest.raises(services.TooManyHolds):
        hold_family(salon, *[visit(cut)] * 5, browser_key="b", start=at(salon, "14:00"), **how)

    assert len(again) == site.HOLDS_PER_ADDRESS
    assert set(Booking.objects.filter(pk__in=[each.pk for each in first]).values_list("status", flat=True)) == {
        Status.EXPIRED
    }


def test_they_run_out_at_one_instant_also_when_more_time_is_asked_for(salon, cut, ann, ben):
    held = hold_family(salon, visit(cut), visit(cut))

    services.extend_family(family=held[0].family)

    ends = set(queries.visits_of_family(held[0].family).values_list("hold_expires_at", flat=True))
    assert len(ends) == 1
    assert ends.pop() > held[0].hold_expires_at
    assert Occupancy.objects.values("expires_at").distinct().count() == 1


def test_giving_up_frees_all_of_them(salon, cut, ann, ben):
    held = hold_family(salon, visit(cut), visit(cut))

    services.release_family(family=held[0].family)

    assert Occupancy.objects.count() == 0
    assert at(salon) in free(salon, visit(cut), visit(cut))


@pytest.fixture
def booked(salon, cut, ann, ben):
    """Two who come together, booked for one customer."""
    held = hold_family(salon, visit(cut), visit(cut))
    for booking in held:
        submitted = services.submit_details(
            business=salon, booking=booking, details=DETAILS, address="203.0.113.9", now=timezone.now()
        )
        services.confirm_booking(business=salon, booking=submitted, now=timezone.now(), card_on_file=True)
    return list(queries.visits_of_family(held[0].family))


def test_the_visits_of_a_family_are_not_in_each_others_way(booked):
    assert [each.status for each in booked] == ["confirmed", "confirmed"]
    assert booked[0].customer == booked[1].customer


def test_another_visit_of_theirs_at_that_time_still_is(salon, cut, booked):
    make_member("Cy", performs=[cut])

    with pytest.raises(services.OwnTimesOverlap):
        make_booking(salon, cut, at(salon, "10:30"))


def test_moving_or_calling_off_one_leaves_the_others(salon, booked):
    moving, other = booked
    services.reschedule_booking(business=salon, booking=moving, start=at(salon, "10:30"), by=SYSTEM, now=timezone.now())
    services.cancel_booking(business=salon, booking=moving, by=SYSTEM, now=timezone.now())

    other.refresh_from_db()
    assert (other.status, other.start_at) == (Status.CONFIRMED, at(salon))


def test_calling_off_all_is_all_or_nothing(salon, booked):
    one, other = booked
    asked = {"business": salon, "family": one.family, "pks": {one.pk, other.pk}, "by": SYSTEM, "now": timezone.now()}
    Booking.objects.filter(pk=other.pk).update(status=Status.COMPLETED)

    with pytest.raises(services.NotAllowed):
        services.cancel_family(**asked)
    one.refresh_from_db()
    assert one.status == Status.CONFIRMED

    Booking.objects.filter(pk=other.pk).update(status=Status.CONFIRMED)
    services.cancel_family(**asked)
    assert {each.status for each in queries.visits_of_family(one.family)} == {Status.CANCELED}
    assert Occupancy.objects.count() == 0


def test_the_database_keeps_the_numbers_of_a_family(booked):
    rows = Booking.objects.filter(pk=booked[1].pk)

    for wrong in ({"family_number": 1}, {"family_number": 6}, {"family_number": None}, {"family": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_relatives_are_those_of_the_same_customer(booked, salon):
    one, other = booked
    assert list(queries.relatives(one)) == [other]

    Booking.objects.filter(pk=other.pk).update(customer=None, status=Status.EXPIRED)
    assert list(queries.relatives(one)) == []


def test_somebody_else_in_particular_is_somebody_in_particular(salon, cut, ann, ben):
    ann_again = Basket((Wanted(cut, ann),))

    with pytest.raises(services.SlotTaken):
        hold_family(salon, ann_again, ann_again)
    assert holds.Booking.objects.count() == 0
