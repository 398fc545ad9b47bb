from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditEntry
from bookings import services, words
from bookings.models import Booking, Customer, Occupancy, Status
from bookings.tests.factories import DETAILS, at, hold, make_booking, make_customer, make_member, submit
from messaging.models import Message

OTHER = replace(DETAILS, name="Bea Cole", email="bea@example.com")


def confirm(salon, booking, **how):
    return services.confirm_booking(business=salon, booking=booking, now=timezone.now(), **how)


def kinds():
    """What is said at once; what is said ahead of the visit is `test_services_reminders`'s."""
    return sorted(Message.objects.exclude(kind="reminder").values_list("kind", "recipient"))


def test_details_make_a_pending_booking_and_a_customer(salon, cut, ann):
    booking = submit(salon, hold(salon, cut, at(salon)), replace(DETAILS, marketing=True, special_requests="Window"))

    booking.refresh_from_db()
    assert (booking.status, booking.contact_email, booking.special_requests) == (
        "pending",
        "anna@example.com",
        "Window",
    )
    assert (booking.customer.display_name, booking.customer.marketing_opt_in) == ("Anna Berg", True)
    assert booking.customer.marketing_opt_in_at is not None
    assert Occupancy.objects.get().expires_at == booking.hold_expires_at


def test_the_agreed_terms_are_frozen_as_dates_and_amounts(salon, cut, ann):
    salon.cancellation_fee_type, salon.cancellation_fee_percent = "percent", 33
    salon.no_show_fee_type, salon.no_show_fee_cents = "fixed", 2000
    salon.cancellation_text = "A day ahead, please."
    day_before = (at(salon) - timedelta(hours=24)).isoformat()
    cutoff = (at(salon) - timedelta(hours=24)).astimezone(salon.zone)

    booking = submit(salon, hold(salon, cut, at(salon)))

    assert {name: booking.consent[name] for name in booking.consent if name not in ("agreed_at", "digest")} == {
        "price_cents": 5000,
        "currency_code": "USD",
        "free_until": day_before,
        "cancellation_fee_cents": 1650,
        "no_show_fee_cents": 2000,
        "cancellation_text": "A day ahead, please.",
        "no_show_text": "",
        "refund_text": "",
        "deposit_cents": 0,
        "deposit_for_why": "",
        "late_arrival_min": 0,
        "late_arrival_text": "",
        "late_arrival_at": None,
        "hold_cents": 0,
        "gift_cards_pay_fees": False,
        "hold_from": None,
        "stages": [
            {"kind": "free", "from": None, "until": day_before, "fee_cents": 0},
            {"kind": "late", "from": day_before, "until": at(salon).isoformat(), "fee_cents": 1650},
            {"kind": "no_show", "from": at(salon).isoformat(), "until": None, "fee_cents": 2000},
        ],
        "shown": [
            f"Cancelling is free until {words.when(cutoff)}; after that it costs $16.50.",
            "If you do not come, $20.00 is due.",
        ],
        "address": "203.0.113.9",
    }
    assert len(booking.consent["digest"]) == 64


def test_details_sent_again_replace_the_first(salon, cut, ann):
    booking = submit(salon, hold(salon, cut, at(salon)))

    booking = submit(salon, booking, OTHER)

    booking.refresh_from_db()
    assert (booking.status, booking.contact_name, booking.customer.email) == ("pending", "Bea Cole", "bea@example.com")


def test_details_keep_the_time_for_the_card(salon, cut, ann):
    booking = hold(salon, cut, at(salon))
    soon = timezone.now() + timedelta(seconds=30)
    Booking.objects.update(hold_expires_at=soon)

    booking = submit(salon, booking)

    assert booking.hold_expires_at > soon + timedelta(minutes=9)


def test_a_known_customer_is_never_changed_by_a_guest(salon, cut, ann):
    known = make_customer("Anna Berg", "anna@example.com", phone="+12125550111")

    booking = submit(salon, hold(salon, cut, at(salon)), replace(DETAILS, name="Mallory", email="ANNA@example.com"))

    known.refresh_from_db()
    assert booking.customer == known
    assert (known.display_name, str(known.phone), booking.contact_name) == ("Anna Berg", "+12125550111", "Mallory")


def test_two_own_visits_at_one_time_are_refused_unless_the_salon_allows_them(salon, cut, ann):
    make_member("Bob", performs=[cut])
    make_booking(salon, cut, at(salon))
    second = hold(salon, cut, at(salon))

    with pytest.raises(services.OwnTimesOverlap):
        submit(salon, second)
    second.refresh_from_db()
    assert (second.status, second.customer, Customer.objects.count()) == ("hold", None, 1)

    salon.allow_double_visits = True
    assert submit(salon, second).status == "pending"


def test_visits_one_after_the_other_are_fine(salon, cut, ann):
    make_booking(salon, cut, at(salon))

    assert make_booking(salon, cut, at(salon, "11:00")).status == "confirmed"


def test_a_confirmed_booking_keeps_its_time_for_good(salon, cut, ann):
    booking = confirm(salon, submit(salon, hold(salon, cut, at(salon))))

    booking.refresh_from_db()
    assert (booking.status, booking.hold_expires_at, Occupancy.objects.get().expires_at) == ("confirmed", None, None)
    assert booking.confirmed_at is not None
    assert list(AuditEntry.objects.order_by("at").values_list("action", "actor_label")) == [
        ("booking.pending", "Anna Berg (customer)"),
        ("booking.confirmed", "Anna Berg (customer)"),
    ]


def test_confirming_twice_promises_and_writes_once(salon, cut, ann):
    salon.email = "salon@rosa.example"
    booking = submit(salon, hold(salon, cut, at(salon)))

    for _ in range(2):
        confirm(salon, booking)

    assert kinds() == [("booking_confirmed", "anna@example.com"), ("salon_new_booking", "salon@rosa.example")]


def test_a_wanted_card_is_waited_for(salon, cut, ann):
    booking = submit(salon, hold(salon, cut, at(salon)))
    Booking.objects.update(card_required=True)

    with pytest.raises(services.CardRequired):
        confirm(salon, booking)

    assert (Booking.objects.get().status, kinds()) == ("pending", [])
    assert confirm(salon, booking, card_on_file=True).status == "confirmed"


def test_a_salon_that_confirms_by_hand_keeps_the_request(salon, cut, ann, staff):
    from audit import actors

    salon.auto_confirm = False
    booking = submit(salon, hold(salon, cut, at(salon)))

    for _ in range(2):
        booking = confirm(salon, booking)

    assert (booking.status, booking.hold_expires_at, Occupancy.objects.get().expires_at) == ("pending", None, None)
    assert kinds() == [("booking_created", "anna@example.com")]
    assert services.expire_holds() == 0
    assert confirm(salon, booking, by=actors.user(staff)).status == Status.CONFIRMED
    assert [kind for kind, _ in kinds()] == ["booking_confirmed", "booking_created"]


@pytest.mark.parametrize("status", ["hold", "canceled"])
def test_only_an_order_can_be_confirmed(salon, cut, ann, status):
    from audit.actors import SYSTEM

    booking = make_booking(salon, cut, at(salon), status="hold" if status == "hold" else "confirmed")
    if status == "canceled":
        services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())

    with pytest.raises(services.NotAllowed) as caught:
        confirm(salon, booking)

    assert caught.value.status_now == status


def test_details_come_too_late_for_a_promise(salon, cut, ann):
    booking = make_booking(salon, cut, at(salon))

    with pytest.raises(services.NotAllowed):
        submit(salon, booking, OTHER)

    booking.refresh_from_db()
    assert booking.contact_name == "Anna Berg"


def test_the_same_key_finds_the_same_booking(salon, cut, ann):
    booking = hold(salon, cut, at(salon))

    services.remember_key(booking=booking, key="k", params={"a": 1, "b": 2})

    assert services.find_by_key(key="k", params={"b": 2, "a": 1}) == booking
    assert services.find_by_key(key="other", params={}) is None


def test_a_key_is_for_one_request_and_one_booking(salon, cut, ann):
    from bookings.services.requests import KeyInProgress, KeyReused

    services.remember_key(booking=hold(salon, cut, at(salon)), key="k", params={"a": 1})
    other = hold(salon, cut, at(salon, "12:00"))

    with pytest.raises(KeyReused):
        services.find_by_key(key="k", params={"a": 2})
    with pytest.raises(KeyInProgress):
        services.remember_key(booking=other, key="k", params={"a": 1})
    other.refresh_from_db()
    assert other.client_key is None
