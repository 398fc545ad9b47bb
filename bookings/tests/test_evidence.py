"""What the diary can show of a visit whose payment is disputed."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from audit import actors
from bookings import queries, services
from bookings.tests.factories import DETAILS, at, hold, make_booking

NOW = datetime(2027, 3, 4, 15, tzinfo=UTC)


@pytest.fixture
def now(salon):
    salon.cancellation_fee_type, salon.cancellation_fee_percent = "percent", 50
    salon.cancellation_text = "A day ahead, please."
    with time_machine.travel(NOW, tick=False):
        yield NOW


def test_who_agreed_to_what_when_and_from_where(salon, cut, ann, now):
    booking = make_booking(salon, cut, at(salon))

    found = queries.evidence_for(booking=booking)

    assert (found.confirmation_number, found.customer_email, found.price_cents) == (booking.ref, DETAILS.email, 5000)
    assert found.parts == ["10:00 – 11:00 Cut with Ann"]
    assert (found.agreement.agreed_at, found.agreement.address) == (now, "203.0.113.9")
    assert found.agreement.shown == ["Cancelling is free until Wed 10 Mar, 10:00; after that it costs $25.00."]
    assert found.agreement.texts == [("Cancelling", "A day ahead, please.")]
    assert found.agreement.figures["cancellation_fee_cents"] == 2500
    assert [stage["kind"] for stage in found.agreement.figures["stages"]] == ["free", "late", "no_show"]
    assert len(found.agreement.digest) == 64


def test_the_check_in_log_is_what_staff_did_on_the_day(salon, cut, ann, now, staff):
    booking = make_booking(salon, cut, at(salon))
    day = booking.start_at + timedelta(minutes=2)
    services.check_in(booking=booking, by=actors.user(staff, "198.51.100.7"), now=day)

    found = queries.evidence_for(booking=booking)

    [arrival] = found.arrivals
    assert (arrival.at, arrival.who, arrival.action, arrival.address) == (
        day,
        "staff@rosa.example",
        "booking.checked_in",
        "198.51.100.7",
    )
    assert [act.action for act in found.history] == ["booking.pending", "booking.confirmed", "booking.checked_in"]


def test_a_move_keeps_what_stood_on_the_page_and_shows_what_is_in_force(salon, cut, ann, now):
    booking = make_booking(salon, cut, at(salon))
    booking = services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, days=8), by=actors.SYSTEM, now=now
    )

    agreement = queries.evidence_for(booking=booking).agreement

    assert agreement.shown == ["Cancelling is free until Wed 10 Mar, 10:00; after that it costs $25.00."]
    assert agreement.in_force == ["Cancelling is free until Thu 11 Mar, 10:00; after that it costs $25.00."]


def test_what_staff_wrote_down_was_agreed_to_by_nobody(salon, cut, ann, now):
    booking = services.submit_details(
        business=salon,
        booking=hold(salon, cut, at(salon), source="staff"),
        details=replace(DETAILS, email=""),
        address=None,
        now=timezone.now(),
        by=actors.SYSTEM,
    )

    found = queries.evidence_for(booking=booking)

    assert (found.agreement, found.arrivals, found.booked_from) == (None, [], "")


def test_other_visits_are_left_out(salon, cut, ann, now):
    make_booking(salon, cut, at(salon, "14:00"), details=replace(DETAILS, email="bea@example.com"))
    booking = make_booking(salon, cut, at(salon))

    assert len(queries.evidence_for(booking=booking).history) == 2


def test_it_is_ready_for_json_in_two_queries(salon, cut, ann, now, django_assert_num_queries):
    booking = make_booking(salon, cut, at(salon))

    with django_assert_num_queries(2):
        body = queries.evidence_for(booking=booking).as_json()

    assert json.loads(json.dumps(body)) == body
    assert (body["start_at"], body["agreement"]["agreed_at"]) == ("2027-03-11T15:00:00+00:00", NOW.isoformat())
