"""A visit written down by staff: one key, one visit, and nothing kept of what was refused."""

from uuid import uuid4

import pytest
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import services
from bookings.basket import Basket
from bookings.models import Booking, Customer, Occupancy, Status
from bookings.services import Details, customers
from bookings.services.requests import KeyInProgress, KeyReused
from bookings.tests.factories import DETAILS, at, make_booking, make_customer, make_member
from messaging.models import Message
from tenants.models import Business


@pytest.fixture
def take(salon, cut, ann):
    """`take(key, …)`: the cut with Ann at ten, or what is said instead."""

    def take(key, **how):
        asked = {"basket": Basket.of(cut, ann), "start": at(salon), "details": DETAILS, "params": {"what": "cut"}} | how
        return services.take_visit(business=salon, by=SYSTEM, now=timezone.now(), key=key, **asked)

    return take


def test_the_same_key_is_the_same_visit(take):
    key = str(uuid4())

    assert take(key) == take(key)
    assert Booking.objects.get().status == Status.CONFIRMED


def test_the_same_key_for_something_else_is_refused(take):
    key = str(uuid4())
    take(key)

    with pytest.raises(KeyReused):
        take(key, params={"what": "colour"})


def test_what_was_refused_leaves_no_time_taken_and_its_key_free(salon, cut, take):
    """The guest has a visit with Ann then; pressed again for another time, with the same key."""
    key, bob = str(uuid4()), Basket.of(cut, make_member("Bob", performs=[cut]))
    take(str(uuid4()))

    with pytest.raises(services.OwnTimesOverlap):
        take(key, basket=bob)
    taken = Occupancy.objects.count()
    later = take(key, basket=bob, start=at(salon, "14:00"), params={"what": "later"})

    assert (taken, later.status) == (1, Status.CONFIRMED)


def test_a_hold_nobody_finished_gives_its_key_back(salon, cut, ann, take):
    """The process ended between the hold and the confirmation; its hold has run out since."""
    key = str(uuid4())
    left = services.hold_slot(business=salon, basket=Basket.of(cut, ann), start=at(salon), now=timezone.now())
    services.remember_key(booking=left, key=key, params={"what": "cut"})
    services.release_hold(booking=left)

    again = take(key)

    assert (again.status, again.pk == left.pk) == (Status.CONFIRMED, False)


def test_nobody_is_told_that_a_visit_is_booked_before_it_is(salon, cut, ann, take):
    """The twin of a press that still goes on: the first one may yet be refused."""
    key = str(uuid4())
    held = services.hold_slot(business=salon, basket=Basket.of(cut, ann), start=at(salon), now=timezone.now())
    services.remember_key(booking=held, key=key, params={"what": "cut"})
    before = Booking.objects.values().get()

    with pytest.raises(KeyInProgress):
        take(key)
    assert Booking.objects.values().get() == before


def test_who_is_merged_while_staff_write_is_who_they_became(take):
    """The form was read before the merge, the visit is written after it."""
    anna, twin = make_customer("Anna Berg", email="anna@example.com"), make_customer("Anna B.", email="ab@example.com")
    customers.merge_customers(customer=anna, other=twin, by=SYSTEM, now=timezone.now())

    booking = take(str(uuid4()), customer=twin, details=Details(name="Anna B.", email="ab@example.com", phone=""))

    assert booking.customer == anna
    assert Customer.objects.count() == 1


def test_who_is_erased_while_staff_write_gets_no_visit(take):
    anna = make_customer("Anna Berg", email="")
    customers.erase_customer(customer=anna, by=SYSTEM, now=timezone.now())

    with pytest.raises(customers.Erased):
        take(str(uuid4()), customer=anna)
    assert (Occupancy.objects.count(), Booking.objects.exclude(status=Status.EXPIRED).count()) == (0, 0)


def test_who_is_named_is_believed_whatever_the_details_tell(take):
    anna = make_customer("Anna Berg", email="")

    assert take(str(uuid4()), customer=anna).customer == anna


def test_the_salons_copy_says_who_booked_and_leads_to_the_visit(salon, cut, take):
    Business.objects.filter(pk=salon.pk).update(email="salon@rosa.example")
    salon.refresh_from_db()
    taken = take(str(uuid4()))
    online = make_booking(salon, cut, at(salon, "14:00"))

    copies = dict(Message.objects.filter(kind="salon_new_booking").values_list("about_id", "text"))

    assert "Anna Berg was booked by the team." in copies[taken.pk]
    assert "Anna Berg has booked online." in copies[online.pk]
    for visit in (taken, online):
        assert f"{salon.url}/dashboard/visits/{visit.pk}/" in copies[visit.pk]
