"""Two rows that become one, while others merge them too, book for them or forget them."""

import threading

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import customer_rows
from bookings import services as diary
from bookings.models import Booking, Customer, FormerCustomer
from bookings.services import customers
from bookings.services.customers import merging
from bookings.tests.factories import at, hold, make_booking, make_customer, make_member, make_service, submit
from bookings.tests.racing import at_once
from tenants.errors import DomainError

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture
def cut(salon):
    service = make_service()
    make_member(performs=[service])
    return service


def pair():
    return make_customer("Anna Berg", "anna@example.com"), make_customer("Anna B.", "anna.b@example.com")


def in_salon(salon, act):
    """`act(number)` in the salon's schema; a refusal is its answer."""

    def run(number):
        with tenant_context(salon):
            try:
                return act(number)
            except (DomainError, DatabaseError) as exc:
                return exc

    return run


def merge(one, two):
    return customers.merge_customers(customer=one, other=two, by=SYSTEM, now=timezone.now())


def test_without_the_locks_merging_both_ways_at_once_breaks_off(salon, monkeypatch):
    """Not every time: one of the two may be through before the other writes."""
    looked = threading.Barrier(2)

    def look(kept_id, gone_id):
        found = Customer.objects.in_bulk([kept_id, gone_id])
        looked.wait(timeout=20)
        return found[kept_id], found[gone_id]

    monkeypatch.setattr(merging, "_locked", look)

    def breaks_off():
        Customer.objects.all().delete()
        rows = pair()
        answers = at_once(2, in_salon(salon, lambda number: merge(rows[number], rows[1 - number])))
        return any(isinstance(answer, DatabaseError) for answer in answers)

    assert any(breaks_off() for _ in range(ROUNDS))


def test_merging_both_ways_at_once_has_one_outcome(salon):
    for _ in range(ROUNDS):
        rows = pair()

        answers = at_once(4, in_salon(salon, lambda number, rows=rows: merge(rows[number % 2], rows[1 - number % 2])))

        (kept,) = Customer.objects.all()
        assert answers == [kept] * 4
        assert {customers.find(row.pk) for row in rows} == {kept}
        Customer.objects.all().delete()


def test_what_is_booked_meanwhile_is_not_lost(salon, cut):
    """Guests book with the address of the one that goes, at the very moment; each visit ends up with who stays."""
    for number in range(ROUNDS):
        one, two = pair()
        held = [hold(salon, cut, at(salon, clock, days=number + 2)) for clock in ("09:00", "11:00", "13:00")]
        details = diary.Details(name="Anna B.", email="anna.b@example.com", phone="+12125550188")

        def act(racer, one=one, two=two, held=held, details=details):
            return merge(one, two) if racer == 3 else submit(salon, held[racer], details)

        answers = at_once(4, in_salon(salon, act))

        assert not [answer for answer in answers if isinstance(answer, Exception)]
        assert list(Booking.objects.filter(pk__in=[each.pk for each in held]).values_list("customer", flat=True)) == [
            one.pk
        ] * len(held)
        assert list(Customer.objects.all()) == [one]
        Booking.objects.update(status="expired", customer=None)
        FormerCustomer.objects.all().delete()
        Customer.objects.all().delete()


def test_forgotten_and_merged_at_once_nobody_is_half_forgotten(salon):
    for _ in range(ROUNDS):
        one, two = pair()

        def act(racer, one=one, two=two):
            if racer:
                return customers.erase_customer(customer=two, by=SYSTEM, now=timezone.now())
            return merge(one, two)

        at_once(2, in_salon(salon, act))

        left = {row.pk: bool(row.erased_at) for row in Customer.objects.all()}
        assert left in ({one.pk: False, two.pk: True}, {one.pk: False})
        Customer.objects.all().delete()


def test_a_visit_is_not_moved_while_its_customer_is_being_changed_for_long(salon, cut):
    """A long file is taken over, say, and the customer's row is not let go before its end."""
    booking, held, answered = make_booking(salon, cut, at(salon)), threading.Event(), threading.Event()

    def act(number):
        if number:
            held.wait(timeout=20)
            try:
                return diary.reschedule_booking(
                    business=salon, booking=booking, start=at(salon, "13:00"), by=SYSTEM, now=timezone.now()
                )
            finally:
                answered.set()
        with transaction.atomic():
            Customer.objects.select_for_update().get(pk=booking.customer_id)
            held.set()
            return answered.wait(timeout=20)

    _, refused = at_once(2, in_salon(salon, act))

    assert isinstance(refused, diary.NotAllowed)
    assert str(refused) == "This visit is being changed right now. Please try again in a moment."
    assert Booking.objects.get().start_at == at(salon)


@pytest.mark.parametrize("known", [True, False], ids=["changed", "added"])
def test_two_files_with_the_same_people_in_another_order_are_both_taken_over(salon, known):
    """Many lines, so that both are in the middle of it at once."""
    lines = [f"Anna {number},anna{number:03}@example.com" for number in range(120)]
    if known:
        Customer.objects.bulk_create(
            Customer(display_name="Anna", email=line.partition(",")[2]) for line in reversed(lines[::2] + lines[1::2])
        )

    def act(number):
        sheet = customer_rows.read("\n".join(["name,email", *(lines[::-1] if number else lines)]).encode())
        items = customer_rows.items(sheet, customer_rows.guess(sheet.columns), region="US")
        return customers.import_customers(items=items, update=True, business=salon, by=SYSTEM, now=timezone.now())

    answers = at_once(2, in_salon(salon, act))

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert Customer.objects.count() == 120
    assert Customer.objects.get(email="anna007@example.com").display_name == "Anna 7"
