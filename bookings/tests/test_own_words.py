"""A salon's own words in the mails about a visit: used with nothing needed lost, and never a reason to say nothing."""

import re

import pytest
from django.core import mail as mailbox
from django.utils import timezone

from audit.actors import SYSTEM
from bookings import mail, mail_values, services
from bookings.models import Status
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_service, visit
from messaging import defaults, placeholders
from messaging import services as messaging
from messaging.models import Message, NotificationTemplate
from messaging.triggers import TRIGGERS

BODY = "Dear {{customer_name}},\n\n{{service_name}} with {{staff_name}} at {{booking_time}}: {{manage_link}}"
NAMED = services.Details(name="<b>Anna</b> {{price}}\tBerg", email="anna@example.com", phone="+12125550187")


def words(trigger, subject="For {{customer_name}}", body=BODY, **more):
    fields = {"channel": "email", "trigger": trigger, "subject": subject, "body": body} | more
    return messaging.save_template(fields=fields, by=SYSTEM, now=timezone.now())


def leave():
    """Everything in the outbox leaves; returns the last message as it left."""
    messaging.send_due(now=timezone.now())
    return mailbox.outbox[-1]


def move(salon, booking):
    services.reschedule_booking(
        business=salon, booking=booking, start=at(salon, "14:00"), by=SYSTEM, now=timezone.now()
    )


def cancel(salon, booking):
    services.cancel_booking(business=salon, booking=booking, by=SYSTEM, now=timezone.now())


def test_a_confirmation_has_the_salons_words_and_all_the_facts(salon, cut, ann):
    words("booking_confirmed")

    booking = make_booking(salon, cut, at(salon))

    left = leave()
    manage = mail_values.manage_url(salon, booking)
    html = left.alternatives[0].content
    assert left.subject == "For Anna Berg"
    assert left.body.startswith(f"Dear Anna Berg,\n\nCut with Ann at 10:00: {manage}\n")
    assert "You are booked" not in left.body + html
    for fact in (booking.ref, "(America/New_York)", "Nothing has been charged.", "$50.00"):
        assert (fact in left.body, fact in html) == (True, True)
    assert re.search(
        f'Cut with Ann at 10:00: <a [^>]*href="{re.escape(manage)}"[^>]*>{re.escape(manage)}</a></p>', html
    )
    assert re.search(f'<a class="button"[^>]* href="{re.escape(manage)}"', html)
    assert [attachment.filename for attachment in left.attachments] == ["visit.ics"]


@pytest.mark.parametrize(
    ("trigger", "act", "status"),
    [
        ("booking_created", lambda salon, booking: None, Status.PENDING),
        ("booking_rescheduled", move, Status.CONFIRMED),
        ("booking_cancelled", cancel, Status.CONFIRMED),
    ],
)
def test_each_mail_has_the_words_of_its_trigger(salon, cut, ann, trigger, act, status):
    words(trigger, subject=f"Own {trigger}", body="Our own words, {{customer_name}}.")
    salon.auto_confirm = status == Status.CONFIRMED
    salon.save()

    booking = make_booking(salon, cut, at(salon), status=status)
    if status == Status.PENDING:
        services.confirm_booking(business=salon, booking=booking, now=timezone.now(), card_on_file=True)
    act(salon, booking)

    own = Message.objects.get(kind=trigger)
    assert own.subject == f"Own {trigger}"
    assert own.text.startswith("Our own words, Anna Berg.\n")
    assert "<p>Our own words, Anna Berg.</p>" in own.html
    assert own.attachments[0]["name"] == "visit.ics"
    assert Message.objects.filter(subject__startswith="Own").count() == 1


def test_what_people_type_stays_text(salon, cut, ann):
    words("booking_confirmed", body="Hi {{customer_name}} <i>&</i>")

    make_booking(salon, cut, at(salon), details=NAMED)

    message = Message.objects.get(kind="booking_confirmed")
    assert message.subject == "For <b>Anna</b> {{price}} Berg"
    assert message.text.startswith("Hi <b>Anna</b> {{price}}")
    assert "<p>Hi &lt;b&gt;Anna&lt;/b&gt; {{price}}" in message.html
    assert "&lt;i&gt;&amp;&lt;/i&gt;</p>" in message.html


@pytest.mark.parametrize(
    "break_it",
    [
        {"body": "{{no_such_thing}}"},
        {"subject": "{{staff_name", "body": "{{nobody}} {{"},
        {"is_active": False},
    ],
    ids=["unknown", "unclosed", "switched off"],
)
def test_words_that_cannot_be_used_never_cost_a_mail(salon, cut, ann, break_it):
    template = words("booking_confirmed")
    NotificationTemplate.objects.filter(pk=template.pk).update(**break_it)

    make_booking(salon, cut, at(salon))

    message = Message.objects.get(kind="booking_confirmed")
    assert message.subject.startswith("Confirmed: ")
    assert message.text.startswith("You are booked, Anna Berg.")


def test_words_that_come_to_nothing_are_not_used(salon, cut, ann):
    words("booking_confirmed", subject="{{business_phone}}", body="{{business_phone}}")

    make_booking(salon, cut, at(salon))

    assert Message.objects.get(kind="booking_confirmed").subject.startswith("Confirmed: ")


def test_a_mail_with_own_words_is_written_once(salon, cut, ann, staff):
    words("booking_confirmed")
    booking = make_booking(salon, cut, at(salon))
    before = Message.objects.get(kind="booking_confirmed").dedupe_key

    mail.queue_booked(business=salon, booking=booking, now=timezone.now())

    assert Message.objects.get(kind="booking_confirmed").dedupe_key == before
    assert before == f"{booking.pk}:booking_confirmed:0:anna@example.com:email"


def test_the_other_salons_words_are_not_used(salon, other_salon, cut, ann):
    from django_tenants.utils import tenant_context

    with tenant_context(other_salon):
        words("booking_confirmed")

    make_booking(salon, cut, at(salon))

    assert Message.objects.get(kind="booking_confirmed").text.startswith("You are booked, Anna Berg.")


def test_a_visit_has_a_value_for_all_that_is_about_visits(salon, cut, ann):
    colour = make_service("Colour")
    make_member("Bea", performs=[colour])
    booking = make_booking(salon, visit(cut, colour), at(salon))

    values = mail_values.values_of(business=salon, booking=booking, now=timezone.now())

    about_visits = {name for trigger in TRIGGERS.values() for name in trigger.placeholders if trigger.value[0] == "b"}
    assert set(values) == about_visits
    assert (values["customer_name"], values["staff_name"]) == (DETAILS.name, "Ann and Bea")
    assert values["cancellation_policy"] == "You can cancel free of charge at any time before your visit."


@pytest.mark.parametrize("trigger", [value for value, each in TRIGGERS.items() if "manage_link" in each.placeholders])
def test_the_suggested_words_can_be_filled_from_a_visit(salon, cut, ann, trigger):
    booking = make_booking(salon, cut, at(salon))
    values = mail_values.values_of(business=salon, booking=booking, now=timezone.now())
    text = defaults.default_for(trigger=trigger, channel="email")

    others = {"amount": "$50.00", "pay_link": "https://pay.test/", "review_link": ""}  # of whom a visit knows nothing
    filled = placeholders.fill(text.body, values | others)

    assert filled.startswith("Hello Anna Berg,")
    assert "{{" not in filled
