"""Text messages about a visit: to whom has agreed, for what the salon has switched on, beside the mail."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import Actor
from audit.models import AuditEntry
from bookings import texts
from bookings.models import Booking, Customer
from bookings.services import Details, confirm_booking, customers, submit_details
from bookings.tests.factories import at, hold, make_customer
from messaging import services as messaging
from messaging.models import Channel, Message, NotificationTemplate, Suppression
from messaging.tests.conftest import local_twilio, twilio_server

__all__ = ["local_twilio", "twilio_server"]
MOBILE = "+12125550187"
DETAILS = Details(name="Anna Berg", email="anna@example.com", phone=MOBILE, texts=True)
ROSA = Actor(label="Rosa")


@pytest.fixture
def switched_on(salon, local_twilio):
    """Rosa sends texts when a visit is booked and when it is called off."""
    for trigger in ("booking_confirmed", "booking_cancelled"):
        NotificationTemplate.objects.create(
            name=trigger, channel="sms", trigger=trigger, body="{{business_name}}: {{service_name}} {{booking_time}}"
        )


def book(salon, cut, details=DETAILS, *, by=None, customer=None):
    booking = hold(salon, cut, at(salon))
    now = timezone.now()
    booking = submit_details(
        business=salon, booking=booking, details=details, address=None, now=now, by=by, customer=customer
    )
    return confirm_booking(business=salon, booking=booking, now=now, by=by)


def sent():
    return list(Message.objects.filter(channel="sms").values_list("kind", "recipient", "text"))


def test_who_agreed_gets_a_text_beside_the_mail(salon, cut, ann, switched_on):
    booking = book(salon, cut)

    assert sent() == [("booking_confirmed", MOBILE, f"Rosa Studio: Cut {booking.local_start:%H:%M}")]
    assert Message.objects.filter(kind="booking_confirmed", channel="email").count() == 1
    assert booking.texts_agreed_at is not None
    customer = Customer.objects.get()
    assert (customer.texts_number, customer.wants_texts) == (MOBILE, True)


def test_nobody_is_texted_who_has_not_agreed(salon, cut, ann, switched_on):
    booking = book(salon, cut, replace(DETAILS, texts=False))

    assert sent() == []
    assert (booking.texts_agreed_at, Customer.objects.get().texts_number) == (None, "")


def test_nothing_is_texted_that_the_salon_has_not_switched_on(salon, cut, ann, switched_on, other_salon):
    NotificationTemplate.objects.filter(trigger="booking_confirmed").update(is_active=False)

    book(salon, cut)

    assert sent() == []


def test_a_landline_gets_no_texts_whatever_was_agreed(salon, cut, ann, switched_on):
    book(salon, cut, replace(DETAILS, phone="+33145678901"))

    assert sent() == []


def test_a_guest_without_a_mail_address_gets_the_text_alone(salon, cut, ann, switched_on):
    book(salon, cut, replace(DETAILS, email=""), by=ROSA)

    assert [kind for kind, _, _ in sent()] == ["booking_confirmed"]
    assert not Message.objects.filter(channel="email", kind="booking_confirmed").exists()


def test_what_staff_book_is_texted_where_the_customer_has_agreed_before(salon, cut, ann, switched_on):
    anna = make_customer(phone=MOBILE)
    customers.set_texts(customer=anna, wanted=True, by=ROSA, now=timezone.now())

    booking = book(salon, cut, replace(DETAILS, texts=False), by=ROSA, customer=anna)

    assert texts.number_of(booking) == MOBILE
    assert len(sent()) == 1


def test_what_was_agreed_for_one_number_is_not_for_another(salon, cut, ann, switched_on):
    anna = make_customer(phone=MOBILE)
    customers.set_texts(customer=anna, wanted=True, by=ROSA, now=timezone.now())
    customers.change_customer(customer=anna, fields={"phone": "+12125550188"}, by=ROSA, now=timezone.now())
    anna.refresh_from_db()

    booking = book(salon, cut, replace(DETAILS, phone="+12125550188", texts=False), by=ROSA, customer=anna)

    assert (anna.wants_texts, texts.number_of(booking), sent()) == (False, "", [])


def test_a_guest_who_knows_an_address_agrees_for_the_visit_alone(salon, cut, ann, switched_on):
    """What they type is their own visit's; the customer's row is not theirs to change."""
    anna = make_customer(email="anna@example.com", phone="+12125550188")

    book(salon, cut)

    anna.refresh_from_db()
    assert (anna.texts_number, len(sent())) == ("", 1)


# What staff write down --------------------------------------------------------------------------


def press(customer, wanted):
    return customers.set_texts(customer=customer, wanted=wanted, by=ROSA, now=timezone.now())


def test_what_staff_are_told_is_kept_with_its_time_and_in_the_trail(salon, other_salon):
    anna = make_customer(phone=MOBILE)

    anna = press(press(anna, True), True)

    assert anna.wants_texts
    assert AuditEntry.objects.filter(action="customer.changed").count() == 1
    anna = press(anna, False)
    assert (anna.wants_texts, anna.texts_number, anna.texts_agreed_at) == (False, "", None)
    assert AuditEntry.objects.filter(action="customer.changed").count() == 2
    with tenant_context(other_salon):
        assert Suppression.objects.count() == 0


def test_who_wants_none_gets_none_of_an_open_visit_either(salon, cut, ann, switched_on):
    booking = book(salon, cut)
    press(booking.customer, False)

    messaging.send_due(now=timezone.now() + timedelta(minutes=1))

    assert Message.objects.get(channel="sms").reason == "The team has switched messages to this address off."
    press(booking.customer, True)
    assert Suppression.objects.count() == 0


@pytest.mark.parametrize("cause", ["stopped", "bounced"])
def test_staff_take_back_no_word_but_their_own(salon, cause):
    anna = make_customer(phone=MOBILE)
    messaging.suppress(channel=Channel.SMS, address=MOBILE, scope="all", cause=cause, now=timezone.now())

    press(press(anna, False), True)

    assert Suppression.objects.get().cause == cause


def test_a_stop_outlasts_what_staff_wrote_down(salon, local_twilio):
    anna = make_customer(phone=MOBILE)
    now = timezone.now()
    messaging.queue(kind="x", recipient=MOBILE, text="x", channel=Channel.SMS, now=now)
    messaging.send_due(now=now)
    press(anna, False)

    messaging.stop_texts(number=MOBILE, now=now)
    press(anna, True)

    assert Suppression.objects.get().cause == "stopped"


@pytest.mark.parametrize("number", ["", "+33145678901"])
def test_a_number_that_gets_no_texts_is_refused(salon, number):
    anna = make_customer(phone=number)

    with pytest.raises(customers.NotMobile):
        press(anna, True)

    anna.refresh_from_db()
    assert anna.texts_number == ""


def test_a_merge_keeps_what_was_agreed(salon):
    kept = make_customer(phone="", email="one@example.com")
    gone = press(make_customer(phone=MOBILE, email="two@example.com"), True)

    kept = customers.merge_customers(customer=kept, other=gone, by=ROSA, now=timezone.now())

    assert (str(kept.phone), kept.wants_texts) == (MOBILE, True)


def test_an_erased_customer_is_texted_no_more(salon, cut, ann, switched_on):
    booking = book(salon, cut)
    messaging.send_due(now=timezone.now() + timedelta(minutes=1))
    Booking.objects.update(status="completed", end_at=booking.end_at)

    customers.erase_customer(customer=booking.customer, by=ROSA, now=timezone.now())

    customer, booking = Customer.objects.get(), Booking.objects.get()
    assert (customer.texts_number, customer.texts_agreed_at, booking.texts_agreed_at) == ("", None, None)
    assert list(Message.objects.filter(channel="sms").values_list("recipient", "text")) == [("", "")]
