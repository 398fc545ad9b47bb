"""Customers read their visits in their language: words, facts, dates and money; what they agreed to as they agreed to it."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.actors import SYSTEM
from audit.models import AuditEntry
from bookings import mail, mail_values, services
from bookings.models import Customer
from bookings.reminders import Rule
from bookings.services.profile import change_languages
from bookings.services.reminders import change_reminders
from bookings.tests.factories import DETAILS, at, make_booking, make_member, make_service
from messaging import services as messaging
from tenants import languages
from tenants.models import Business

GERMAN = services.Details(name="Anna Berg", email="anna@example.com", phone="+12125550187", language="de")


@pytest.fixture
def spoken(salon):
    """The salon speaks English, and German and French to whoever asks."""
    change_languages(business=salon, language="en", others=["fr", "de"], by=SYSTEM, now=timezone.now())
    return salon


def leave():
    messaging.send_due(now=timezone.now())
    return mailbox.outbox[-1]


def test_a_german_customer_reads_german(spoken, cut, ann):
    booking = make_booking(spoken, cut, at(spoken), details=GERMAN)

    left = leave()
    with languages.speaking("de"):
        day = languages.full_date(booking.local_start.date())
    manage = mail_values.manage_url(spoken, booking)
    assert left.subject == f"Bestätigt: {day}, 10:00 Uhr bei {spoken.name}"
    assert left.body == (
        f"""Guten Tag Anna Berg,

Ihr Termin steht: Cut mit Ann, {day}, 10:00 Uhr. Wir freuen uns auf Sie.

Kommt etwas dazwischen, können Sie den Termin hier verschieben oder absagen: {manage}

{spoken.name}

Was:  Cut
Wann:  {day}, 10:00 (America/New_York)
Mit:  Ann
Wo: {", ".join(spoken.address_lines)}
Preis: 50,00\xa0$
Bestätigungsnummer: {booking.ref}

Es wurde nichts abgebucht. Sie zahlen im Salon.

Dem haben Sie zugestimmt:
- You can cancel free of charge at any time before your visit.

Verschieben oder absagen: {manage}

{spoken.name}
"""
    )
    assert '<html lang="de">' in left.alternatives[0].content


def test_the_salons_words_in_another_language_bring_their_facts_along(spoken, cut, ann):
    fields = {"channel": "email", "trigger": "booking_confirmed", "subject": "Own", "body": "{{booking_date}}"}
    messaging.save_template(fields=fields, by=SYSTEM, now=timezone.now())

    make_booking(spoken, cut, at(spoken), details=GERMAN)

    left = leave()
    assert left.subject == "Own"
    assert "Nothing has been charged. You pay at the salon." in left.body


def test_the_notice_to_the_salon_stays_english(spoken, cut, ann):
    spoken.email = "desk@example.com"
    booking = make_booking(spoken, cut, at(spoken), details=GERMAN)
    mail.queue_notice_to_salon(business=spoken, booking=booking, now=timezone.now())

    messaging.send_due(now=timezone.now())
    to_salon = next(each for each in mailbox.outbox if each.to == ["desk@example.com"])
    assert "Price: $50.00" in to_salon.body


@pytest.mark.parametrize(
    ("asked", "kept"), [("de", "de"), ("it", ""), ("", "")], ids=["offered", "not offered", "none"]
)
def test_the_language_is_kept_with_the_visit_where_it_is_offered(spoken, cut, ann, asked, kept):
    details = services.Details(name="Anna", email="anna@example.com", phone="+12125550187", language=asked)

    assert make_booking(spoken, cut, at(spoken), details=details).language == kept


def test_staff_book_in_the_language_of_the_last_visit(spoken, cut, ann):
    make_booking(spoken, cut, at(spoken), details=GERMAN)

    assert make_booking(spoken, cut, at(spoken, "14:00"), details=DETAILS).language == "de"


def test_a_language_that_is_offered_no_more_is_the_salons(spoken, cut, ann):
    booking = make_booking(spoken, cut, at(spoken), details=GERMAN)

    change_languages(business=spoken, language="fr", others=[], by=SYSTEM, now=timezone.now())

    assert spoken.languages_for(booking.language) == ("fr",)


def test_languages_are_changed_with_a_line_in_the_trail(salon, other_salon):
    change_languages(business=salon, language="de", others=["de", "fr", "en"], by=SYSTEM, now=timezone.now())

    salon.refresh_from_db()
    assert salon.languages == ("de", "en", "fr")
    assert Business.objects.get(pk=other_salon.pk).languages == ("en",)
    assert AuditEntry.objects.filter(action="salon.changed").count() == 1


@pytest.mark.parametrize("how", [{"language": "xx", "others": []}, {"language": "en", "others": ["xx"]}])
def test_a_language_there_is_not_is_refused(salon, how):
    with pytest.raises(ValidationError):
        change_languages(business=salon, **how, by=SYSTEM, now=timezone.now())

    salon.refresh_from_db()
    assert salon.languages == ("en",)


def test_several_services_and_people_are_counted_as_the_language_counts(spoken):
    wax = make_service("Wax", allow_group_booking=True, max_group_size=4)
    make_member("Bea", performs=[wax])

    make_booking(spoken, wax, at(spoken), details=GERMAN, party_size=2)

    assert "Für:   2 Personen\n" in leave().body


def test_a_german_customer_is_reminded_and_asked_in_german(spoken, cut, ann):
    spoken.cancellation_fee_type, spoken.cancellation_fee_cents, spoken.cancellation_window_hours = "fixed", 1000, 24
    change_reminders(
        business=spoken,
        rules=[(Rule.before(hours=26), True)],
        quiet=None,
        follow_up_min=60,
        by=SYSTEM,
        now=timezone.now(),
    )
    booking = make_booking(spoken, cut, at(spoken, "14:00"), details=GERMAN)
    Customer.objects.update(marketing_opt_in=True)
    leave()
    messaging.send_due(now=booking.start_at - timedelta(hours=26))
    reminder = mailbox.outbox[-1]
    with transaction.atomic():
        services.complete_booking(booking=booking, by=SYSTEM, now=booking.end_at)
    messaging.send_due(now=booking.end_at + timedelta(hours=1))
    follow_up = mailbox.outbox[-1]

    with languages.speaking("de"):
        day, limit = languages.full_date(booking.local_start.date()), booking.local_start - timedelta(hours=24)
        until = languages.short_date(limit.date())
    assert day in reminder.subject
    assert f"Wann:  {day}, 14:00 (America/New_York)" in reminder.body
    assert f"{until}, 14:00" in reminder.body
    assert "Wieder buchen: " in follow_up.body
    assert "Keine Neuigkeiten mehr: " in follow_up.body
