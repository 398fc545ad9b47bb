"""Many at once: times come free, offers are answered and run out, and nothing is promised twice."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.models import Occupancy
from bookings.services import holds
from bookings.tests.factories import at, make_booking, make_member, make_service, submit
from bookings.tests.racing import at_once, overlaps
from tenants.errors import DomainError
from waitlist import services
from waitlist.models import Offer, OfferStatus, Wish, WishStatus
from waitlist.tests.making import RUNNING, ask, running, wait

pytestmark = pytest.mark.django_db(transaction=True)
HOURS = range(9, 17)


def people(number):
    return bookings.Details(
        name=f"Guest {number}", email=f"guest{number}@example.com", phone=f"+1212555{number + 1000:04}"
    )


def settle(salon, act):
    """Within a salon in a thread; refusals are answers."""

    def run(number):
        with tenant_context(salon):
            try:
                return act(number)
            except DomainError as exc:
                return exc

    return run


def nothing_is_promised_twice():
    kept = list(Occupancy.objects.all())
    assert overlaps(kept) == []
    wishes = [offer.wish_id for offer in Offer.objects.filter(status__in=RUNNING)]
    assert len(wishes) == len(set(wishes))
    starts = [offer.start_at for offer in Offer.objects.filter(status__in=RUNNING)]
    assert len(starts) == len(set(starts))  # there is one person


def test_parallel_cancellations_are_offered_once_each_in_line(salon):
    cut = make_service()
    make_member("Bea", performs=[cut], works=(9 * 60, 17 * 60))
    visits = [make_booking(salon, cut, at(salon, f"{hour:02}:00"), details=people(hour)) for hour in HOURS]
    began = timezone.now()
    for number in range(12):
        wait(salon, cut, f"W{number:02} Wait", now=began + timedelta(seconds=number))

    def cancel_and_ask(number):
        bookings.cancel_booking(business=salon, booking=visits[number], by=SYSTEM, now=timezone.now())
        return ask(salon)

    answers = at_once(len(visits), settle(salon, cancel_and_ask))

    ask(salon)
    assert [type(answer) for answer in answers] == [int] * len(visits)
    assert sorted(running()) == [f"W{number:02} Wait" for number in range(8)]
    nothing_is_promised_twice()


def test_accepting_and_declining_at_once_is_one_of_both(salon):
    cut = make_service()
    make_member("Bea", performs=[cut], works=(600, 660))
    visit = make_booking(salon, cut, at(salon, "10:00"))
    wait(salon, cut, "One Wait")
    wait(salon, cut, "Two Wait")
    bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)
    offer = running()["One Wait"]

    def press(number):
        now = timezone.now()
        if number % 2:
            return services.decline(offer=offer, now=now)
        booking = services.accept(offer=offer, browser_key=f"browser{number}", now=now)
        submit(salon, booking, people(number))
        return bookings.confirm_booking(business=salon, booking=booking, now=now)

    at_once(6, settle(salon, press))

    ask(salon)
    offer.refresh_from_db()
    assert offer.status in (OfferStatus.BOOKED, OfferStatus.DECLINED)
    assert Occupancy.objects.count() == 1
    nothing_is_promised_twice()


def test_offers_that_run_out_while_they_are_accepted_are_one_or_the_other(salon):
    cut = make_service()
    make_member("Bea", performs=[cut], works=(9 * 60, 17 * 60))
    visits = [make_booking(salon, cut, at(salon, f"{hour:02}:00"), details=people(hour)) for hour in HOURS]
    for number in range(8):
        wait(salon, cut, f"W{number} Wait")
    for visit in visits:
        bookings.cancel_booking(business=salon, booking=visit, by=SYSTEM, now=timezone.now())
    ask(salon)
    offers = list(running().values())
    assert len(offers) == 8
    soon = timezone.now() + timedelta(milliseconds=150)
    for offer in offers:
        holds.set_expiry(offer.booking, soon)

    def press(number):
        if number >= 8:
            return sum(bookings.expire_holds() for _ in range(5)) + ask(salon)
        now = timezone.now()
        booking = services.accept(offer=offers[number], browser_key=f"browser{number}", now=now)
        submit(salon, booking, people(number))
        return bookings.confirm_booking(business=salon, booking=booking, now=now)

    at_once(12, settle(salon, press))

    bookings.expire_holds()
    booked = Offer.objects.filter(status=OfferStatus.BOOKED)
    assert {offer.booking.status for offer in booked} <= {"confirmed"}
    assert set(Wish.objects.filter(offers__in=booked).values_list("status", flat=True)) <= {WishStatus.BOOKED}
    nothing_is_promised_twice()


def test_the_same_wish_sent_many_times_at_once_is_one(salon):
    cut = make_service()
    make_member("Bea", performs=[cut])

    wishes = at_once(8, settle(salon, lambda number: wait(salon, cut)))

    assert len({wish.pk for wish in wishes}) == 1
    assert Wish.objects.count() == 1
