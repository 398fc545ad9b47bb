"""Reads of the diary: one's own time while moving, the nearest alternatives, the first open day, the reasons."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from bookings import queries
from bookings.basket import Basket
from bookings.tests.factories import at, make_booking, make_member

pytestmark = pytest.mark.usefixtures("ann")


def labels(day):
    return [slot.label for slot in day.slots]


def on(business, service, day, **how):
    [found] = queries.calendar(
        business=business, basket=Basket.of(service), first=day, last=day, now=timezone.now(), **how
    )
    return labels(found)


def test_a_booked_hour_is_gone_and_comes_back_for_the_booking_that_moves(salon, cut):
    booking = make_booking(salon, cut, at(salon, "10:00"))

    assert {"09:15", "09:30", "10:00", "10:45"}.isdisjoint(on(salon, cut, booking.local_date))
    assert {"09:15", "09:30", "10:00", "10:45"} <= set(on(salon, cut, booking.local_date, without=booking))


def test_alternatives_are_the_three_nearest_in_order_of_time(salon, cut):
    make_booking(salon, cut, at(salon, "12:00"))

    found = queries.alternatives(business=salon, basket=Basket.of(cut), start=at(salon, "12:00"), now=timezone.now())

    assert [slot.label for slot in found] == ["10:45", "11:00", "13:00"]


def test_the_first_open_day_skips_what_is_full(salon, cut, ann):
    first, then = at(salon, "09:00", days=3), at(salon, "09:00", days=4)
    ann.special_days.create(date=first.astimezone(salon.zone).date(), shifts=[])

    found = queries.first_open_day(
        business=salon, basket=Basket.of(cut), after=first.astimezone(salon.zone).date(), now=timezone.now()
    )

    assert found.date == then.astimezone(salon.zone).date()


def test_no_day_is_open_beyond_the_horizon(salon, cut):
    salon.horizon_days = 5
    after = timezone.now().astimezone(salon.zone).date() + timedelta(days=6)

    assert queries.first_open_day(business=salon, basket=Basket.of(cut), after=after, now=timezone.now()) is None


def test_a_refused_start_has_reasons_and_an_offered_one_has_none(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon, "10:00"))

    busy = queries.explain(business=salon, basket=Basket.of(cut), start=at(salon, "10:30"), now=timezone.now())
    free = queries.explain(business=salon, basket=Basket.of(cut), start=at(salon, "11:00"), now=timezone.now())

    assert [(why.code, why.ref, why.team_member) for why in busy.reasons] == [("busy", booking.ref, ann)]
    assert (busy.bookable, free.bookable, free.reasons) == (False, True, [])
    assert [(one.team_member, one.reasons) for one in free.people] == [(ann, [])]


def test_the_catalogue_names_the_lowest_price_and_hides_what_nobody_performs(salon, cut):
    make_member("Bob", performs=[cut])
    cut.assignments.filter(team_member__first_name="Bob").update(price_cents=4000)

    [category] = queries.catalogue(business=salon)

    [service] = category.services
    assert (service.price_from.cents, service.price_varies) == (4000, True)
    cut.assignments.all().delete()
    assert queries.catalogue(business=salon) == []


def test_another_salons_catalogue_is_its_own(salon, cut, other_salon):
    with tenant_context(other_salon):
        assert queries.catalogue(business=other_salon) == []
