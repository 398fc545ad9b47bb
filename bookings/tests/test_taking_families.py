"""Several people written down by staff in one go: all of them or none, once, whoever else wants the times."""

from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import availability, queries, services
from bookings.families import Order
from bookings.models import Booking, Customer, Family, Occupancy, Source, Status
from bookings.services import Details
from bookings.services.requests import KeyReused
from bookings.tests.factories import at, hold, make_booking, make_member, make_service, visit
from bookings.tests.racing import at_once, overlaps
from messaging.models import Message

BEA = Details(name="Bea Cole", email="bea@example.com", phone="+12125550188")
NAMELESS = Details(name="Cleo Dee", email="", phone="")


@pytest.fixture
def ben(cut):
    return make_member("Ben", performs=[cut])


def take(salon, *baskets, start=None, order=Order.TOGETHER, names=None, details=BEA, key=None, params=None, **how):
    return services.take_family(
        business=salon,
        baskets=baskets,
        names=names or ["", "Tom", "Lena", "Mia", "Max"][: len(baskets)],
        start=start or at(salon),
        order=order,
        details=details,
        by=SYSTEM,
        now=how.pop("now", None) or timezone.now(),
        key=key or str(uuid4()),
        params=params or {},
        **how,
    )


def nothing_is_written():
    return (Booking.objects.count(), Family.objects.count(), Occupancy.objects.count(), Customer.objects.count()) == (
        0,
        0,
        0,
        0,
    )


def test_all_are_confirmed_without_a_card(salon, cut, ann, ben):
    taken = take(salon, visit(cut), visit(cut))

    assert [(each.status, each.source, each.card_required) for each in taken] == [
        (Status.CONFIRMED, Source.STAFF, False)
    ] * 2
    assert [each.for_name for each in taken] == ["", "Tom"]
    assert {each.contact_name for each in taken} == {"Bea Cole"}
    assert [each.family_number for each in taken] == [1, 2]
    assert len({each.family_id for each in taken}) == 1
    assert set(Occupancy.objects.values_list("expires_at", flat=True)) == {None}
    assert overlaps(Occupancy.objects.all()) == []


def test_they_are_told_once_of_all(salon, cut, ann, ben):
    take(salon, visit(cut), visit(cut))

    sent = Message.objects.get(recipient="bea@example.com", kind="booking_confirmed")
    assert "Tom: Cut with" in sent.text


def test_who_leaves_no_address_is_one_customer(salon, cut, ann, ben):
    take(salon, visit(cut), visit(cut), details=NAMELESS)

    assert Customer.objects.count() == 1


def test_pressed_again_it_is_the_same_visits(salon, cut, ann, ben):
    first = take(salon, visit(cut), visit(cut), key="k", params={"a": 1})
    again = take(salon, visit(cut), visit(cut), key="k", params={"a": 1})

    assert again == first
    with pytest.raises(KeyReused):
        take(salon, visit(cut), visit(cut), key="k", params={"a": 2})
    assert Booking.objects.count() == 2


def test_where_one_does_not_fit_nobody_is_booked(salon, cut, ann):
    with pytest.raises(services.SlotTaken):
        take(salon, visit(cut), visit(cut))

    assert nothing_is_written()


def test_a_refusal_after_the_hold_leaves_nothing(salon, cut, ann, ben):
    """The customer has another visit then: known only when who they are is written down."""
    make_member("Cy", performs=[cut])
    make_booking(salon, cut, at(salon), details=BEA)

    with pytest.raises(services.OwnTimesOverlap):
        take(salon, visit(cut), visit(cut), key="k")

    assert (Booking.objects.count(), Family.objects.count(), Occupancy.objects.count()) == (1, 0, 1)
    assert take(salon, visit(cut), visit(cut), start=at(salon, "14:00"), key="k")


def test_staff_may_set_the_notice_aside(salon, cut, ann, ben):
    start = at(salon, "10:00")
    salon.min_notice_min = 60 * 24 * 60
    salon.save()
    day = start.astimezone(salon.zone).date()
    asked = {"business": salon, "baskets": [visit(cut)] * 2, "order": Order.TOGETHER, "first": day, "last": day}

    [closed] = queries.family_days(**asked, now=timezone.now())
    [opened] = queries.family_days(**asked, now=timezone.now(), override=availability.OVERRIDABLE)
    with pytest.raises(services.RuleBroken):
        take(salon, visit(cut), visit(cut), start=start)
    taken = take(salon, visit(cut), visit(cut), start=start, override=availability.OVERRIDABLE)

    assert closed.slots == ()
    assert start in [slot.start_at for slot in opened.slots]
    assert [each.overrides for each in taken] == [["notice"], ["notice"]]


# At one moment -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_desks_and_a_guest_for_the_same_times_exactly_one_wins(rosa):
    """Two people: whichever of the three is first leaves too few for the others."""
    with tenant_context(rosa):
        cut = make_service()
        make_member("Ann", performs=[cut])
        make_member("Ben", performs=[cut])

    def racer(number):
        with tenant_context(rosa):
            try:
                if number % 3 == 2:
                    pair = [visit(cut), visit(cut)]
                    start, now = at(rosa), timezone.now()
                    return services.hold_family(business=rosa, baskets=pair, start=start, order=Order.TOGETHER, now=now)
                who = Details(name=f"Guest {number}", email=f"guest{number}@example.com", phone="")
                return take(rosa, visit(cut), visit(cut), details=who)
            except services.SlotTaken:
                return []
            finally:
                connection.close()

    answers = at_once(6, racer)

    with tenant_context(rosa):
        assert sorted(map(len, answers)) == [0, 0, 0, 0, 0, 2]
        assert (Booking.objects.count(), Family.objects.count()) == (2, 1)
        assert overlaps(Occupancy.objects.all()) == []


@pytest.mark.django_db(transaction=True)
def test_one_press_sent_twice_at_once_books_once(rosa):
    """Four people: both could be served; the key says that they are the same."""
    with tenant_context(rosa):
        cut = make_service()
        for name in ("Ann", "Ben", "Cy", "Di"):
            make_member(name, performs=[cut])

    def racer(number):
        with tenant_context(rosa):
            return [each.pk for each in take(rosa, visit(cut), visit(cut), key="k", params={"same": True})]

    one, other = at_once(2, racer)

    with tenant_context(rosa):
        assert one == other
        assert (Booking.objects.count(), Family.objects.count()) == (2, 1)


@pytest.mark.django_db(transaction=True)
def test_a_desk_and_a_single_guest_for_one_of_the_people(rosa):
    with tenant_context(rosa):
        cut = make_service()
        make_member("Ann", performs=[cut])
        make_member("Ben", performs=[cut])

    def racer(number):
        with tenant_context(rosa):
            try:
                return len(take(rosa, visit(cut), visit(cut))) if number else len([hold(rosa, cut, at(rosa))])
            except services.SlotTaken:
                return 0

    answers = at_once(2, racer)

    with tenant_context(rosa):
        assert sorted(answers) in ([0, 1], [0, 2])
        assert Booking.objects.count() == sum(answers)
        assert Family.objects.count() == (1 if 2 in answers else 0)


def test_the_other_salon_has_none_of_it(salon, other_salon, cut, ann, ben):
    take(salon, visit(cut), visit(cut))

    with tenant_context(other_salon):
        assert nothing_is_written()
