"""Text messages about a visit: to whom has agreed, for what the salon has switched on, beside the mail."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import Actor
from audit.models import AuditEntry
from bookings import queries, recurring, services, texts, words
from bookings.models import Booking, Customer, Family
from bookings.reminders import Rule
from bookings.services import Details, confirm_booking, customers, submit_details
from bookings.services.profile import change_languages
from bookings.services.reminders import change_reminders
from bookings.tests.factories import at, hold, make_booking, make_customer
from messaging import defaults
from messaging import services as messaging
from messaging.models import Channel, Message, NotificationTemplate, Suppression
from messaging.samples import salon_values
from messaging.tests.conftest import local_twilio, twilio_server
from tenants import languages

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


# Several visits at once --------------------------------------------------------------------------


def of_a_group(salon, *services_wanted, **said):
    """Visits of one customer, one after another from ten on, as one group; texts agreed to."""
    row, details = Family.objects.create(order="after"), replace(DETAILS, **said)
    visits = [
        make_booking(salon, service, at(salon, f"{10 + number}:00"), details=details)
        for number, service in enumerate(services_wanted)
    ]
    for number, booking in enumerate(visits, 1):
        Booking.objects.filter(pk=booking.pk).update(family=row, family_number=number)
    Message.objects.all().delete()
    return visits


def call_off(salon, visits):
    visits[0].refresh_from_db()
    pks = {each.pk for each in visits}
    services.cancel_family(business=salon, family=visits[0].family, pks=pks, by=ROSA, now=timezone.now())


GROUP_IS_OFF = {
    "en": "Rosa Studio: your visit on {when} is cancelled. Book again: {link}\nThis is about 3 visits.",
    "de": "Rosa Studio: Ihr Termin am {when} ist abgesagt. Neu buchen: {link}\nDas betrifft 3 Termine.",
    "fr": "Rosa Studio : votre rendez-vous du {when} est annulé. Reprendre rendez-vous : {link}\n"
    "Cela concerne 3 rendez-vous.",
    "es": "Rosa Studio: tu cita del {when} está cancelada. Reservar de nuevo: {link}\nSe refiere a 3 citas.",
}


@pytest.mark.parametrize("language", GROUP_IS_OFF)
def test_a_group_that_is_called_off_gets_one_text_in_the_suggested_words(salon, cut, ann, local_twilio, language):
    change_languages(business=salon, language="en", others=["de", "fr", "es"], by=ROSA, now=timezone.now())
    suggested = defaults.default_for(trigger="booking_cancelled", channel="sms", language=language)
    NotificationTemplate.objects.create(
        name="off", channel="sms", trigger="booking_cancelled", language=language, body=suggested.body
    )
    first, *others = of_a_group(salon, cut, cut, cut, language=language)

    call_off(salon, [first, *others])

    with languages.speaking(language):
        when = f"{words.full_date(first.local_date)}, {words.clock(first.local_start)}"
    said = GROUP_IS_OFF[language].format(when=when, link=salon_values(salon)["booking_link"])
    assert sent() == [("booking_cancelled", MOBILE, said)]


FIRST_OF_THREE = {
    ("en", 1): "This is the first of 3 visits, every week.",
    ("en", 2): "This is the first of 3 visits, every 2 weeks.",
    ("de", 1): "Das ist der erste von 3 Terminen, jede Woche.",
    ("de", 2): "Das ist der erste von 3 Terminen, alle 2 Wochen.",
    ("fr", 1): "C’est le premier de 3 rendez-vous, chaque semaine.",
    ("fr", 2): "C’est le premier de 3 rendez-vous, toutes les 2 semaines.",
    ("es", 1): "Es la primera de 3 citas, cada semana.",
    ("es", 2): "Es la primera de 3 citas, cada 2 semanas.",
}


def repeated(salon, booking, *, many, weeks):
    days = recurring.days(booking.local_date, every_weeks=weeks, count=many)
    starts = [recurring.start_on(day, booking.local_time, booking.zone) for day in days]
    return services.repeat_visit(
        business=salon,
        booking=booking,
        key=uuid4(),
        chosen=dict(enumerate(starts, 2)),
        basket=queries.same_again(booking),
        every_weeks=weeks,
        by=ROSA,
        now=timezone.now(),
    ).done


@pytest.fixture
def to_repeat(salon, cut, ann, switched_on):
    """A visit whose customer has agreed to texts; nothing is said of it any more."""

    def make(language="en"):
        change_languages(business=salon, language="en", others=["de", "fr", "es"], by=ROSA, now=timezone.now())
        booking = book(salon, cut, replace(DETAILS, language=language))
        Message.objects.all().delete()
        return booking

    return make


@pytest.mark.parametrize(("language", "weeks"), FIRST_OF_THREE)
def test_the_text_about_visits_that_come_again_says_how_many_and_how_often(salon, to_repeat, language, weeks):
    NotificationTemplate.objects.filter(trigger="booking_confirmed").update(language=language)

    first, *_ = repeated(salon, to_repeat(language), many=3, weeks=weeks)

    said = f"Rosa Studio: Cut {first.local_start:%H:%M}\n{FIRST_OF_THREE[language, weeks]}"
    assert sent() == [("booking_confirmed", MOBILE, said)]


def test_one_more_visit_is_no_first_of_several(salon, to_repeat):
    [first] = repeated(salon, to_repeat(), many=1, weeks=1)

    assert [text for *_, text in sent()] == [f"Rosa Studio: Cut {first.local_start:%H:%M}"]


def test_the_text_about_visits_that_move_together_says_how_many(salon, to_repeat):
    NotificationTemplate.objects.filter(trigger="booking_cancelled").update(trigger="booking_rescheduled")
    visits = repeated(salon, to_repeat(), many=2, weeks=1)
    Message.objects.all().delete()

    moves = [(visit, visit.start_at + timedelta(hours=1)) for visit in visits]
    services.move_visits(business=salon, moves=moves, by=ROSA, now=timezone.now())

    assert [text.splitlines()[-1] for *_, text in sent()] == ["This is about 2 visits."]


def test_own_words_that_name_the_services_say_how_many_more(salon, cut, ann, switched_on):
    visits = of_a_group(salon, cut, cut)

    call_off(salon, visits)

    assert [text for _, _, text in sent()] == ["Rosa Studio: Cut and 1 more 10:00"]


def test_one_of_a_group_that_is_called_off_says_nothing_of_the_others(salon, cut, ann, switched_on):
    visits = of_a_group(salon, cut, cut)

    call_off(salon, visits[:1])

    assert [text for _, _, text in sent()] == ["Rosa Studio: Cut 10:00"]


def test_a_groups_reminder_says_how_many_are_expected(salon, cut, ann, local_twilio):
    rules = [(Rule.before(hours=24, channel="sms"), True)]
    change_reminders(business=salon, rules=rules, quiet=None, follow_up_min=0, by=ROSA, now=timezone.now())
    first, other = (make_booking(salon, cut, at(salon, clock), details=DETAILS) for clock in ("10:00", "11:00"))
    row = Family.objects.create(order="after")
    for number, booking in enumerate((first, other), 1):
        Booking.objects.filter(pk=booking.pk).update(family=row, family_number=number)

    for hours in (23, 22):
        messaging.send_due(now=first.start_at - timedelta(hours=hours))

    [(_, _, told)] = [row for row in sent() if row[2]]
    assert told.startswith("Rosa Studio: see you on ")
    assert told.splitlines()[-1] == "This is about 2 visits."


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
