"""Twenty programs at one slot. First shown: without the guards the slot is sold twice."""

import threading

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from bookings.models import Booking, Occupancy, Status
from bookings.services import locks, storing
from bookings.tests.factories import make_member, make_service
from bookings.tests.racing import at_once, overlaps
from payments.models import CardSetup, Payment
from payments.tests.test_api_checkout import CREATE, order
from tenants.clock import database_now
from tenants.tests.api import NO_STATIC, Api

pytestmark = [NO_STATIC, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cut(rosa):
    with tenant_context(rosa):
        service = make_service()
        make_member(performs=[service])
        yield service


def guest(number):
    return {"name": f"Guest {number}", "email": f"guest{number}@example.com", "phone": "+12125550187"}


def press(business, service, **same):
    return lambda number: Api(business).post(CREATE, order(business, service, customer_info=guest(number)), **same)


def test_without_the_guards_one_time_is_sold_twice(rosa, cut, monkeypatch):
    """No locks, no constraint: everybody looks, everybody finds it free, everybody writes."""
    everybody_has_looked = threading.Barrier(4)
    write = storing.write

    def write_together(**kwargs):
        everybody_has_looked.wait(timeout=20)
        return write(**kwargs)

    monkeypatch.setattr(locks, "lock", lambda **whom: database_now())
    monkeypatch.setattr(storing, "write", write_together)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_occupancy DROP CONSTRAINT no_overlap")
    try:
        answers = at_once(4, press(rosa, cut))

        assert [answer.status_code for answer in answers] == [201] * 4
        assert len(overlaps(Occupancy.objects.all())) == 6
    finally:
        Occupancy.objects.all().delete()
        [constraint] = [rule for rule in Occupancy._meta.constraints if rule.name == "no_overlap"]
        with connection.schema_editor() as editor:
            editor.add_constraint(Occupancy, constraint)


def test_with_the_constraint_alone_one_wins_though_others_may_deadlock(rosa, cut, monkeypatch):
    """The last judge holds if a lock were ever forgotten; the locks are there so that losing is quick and polite."""
    monkeypatch.setattr(locks, "lock", lambda **whom: database_now())

    def act(number):
        api = Api(rosa)
        # Django's test client would raise an error of any thread in all of them.
        api.client.raise_request_exception = False
        return api.post(CREATE, order(rosa, cut, customer_info=guest(number))).status_code

    answers = at_once(5, act)

    assert answers.count(201) == 1
    assert set(answers) <= {201, 409, 500}
    assert overlaps(Occupancy.objects.all()) == []


def test_twenty_at_one_slot_have_one_winner(rosa, cut):
    answers = at_once(20, press(rosa, cut))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    lost = [answer.json() for answer in answers if answer.status_code == 409]
    assert {answer["code"] for answer in lost} == {"slot_taken"}
    assert {len(answer["alternatives"]) for answer in lost} == {3}
    assert "10:00" not in {slot["local_label"] for answer in lost for slot in answer["alternatives"]}
    assert (Booking.objects.count(), Payment.objects.count(), overlaps(Occupancy.objects.all())) == (1, 1, [])
    assert Booking.objects.get().status == Status.CONFIRMED


def test_twenty_for_two_people_have_two_winners(rosa, cut):
    make_member("Bob", performs=[cut])

    answers = at_once(20, press(rosa, cut))

    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 18
    assert len({booking.team_member_id for booking in Booking.objects.all()}) == 2


def test_one_key_pressed_ten_times_at_once_is_one_booking(rosa, cut):
    body = order(rosa, cut)

    answers = at_once(10, lambda number: Api(rosa).post(CREATE, body, **{"Idempotency-Key": "order-1"}))

    assert [answer.status_code for answer in answers] == [201] * 10
    assert len({answer.json()["data"]["booking_id"] for answer in answers}) == 1
    assert Booking.objects.count() == 1


def test_one_key_at_once_has_one_set_up(rosa, cut, account):
    body = order(rosa, cut)

    answers = at_once(4, lambda number: Api(rosa).post(CREATE, body, **{"Idempotency-Key": "order-1"}))

    assert [answer.status_code for answer in answers] == [201] * 4
    assert {answer.json()["data"]["setup_intent"]["id"] for answer in answers} == {
        CardSetup.objects.get().setup_intent_id
    }
