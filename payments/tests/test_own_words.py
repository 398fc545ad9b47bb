"""A salon's own words in the mails about money: they stand above what was charged, and never instead of it."""

import pytest
from django.utils import timezone

from audit import actors
from audit.actors import SYSTEM
from bookings.models import Booking
from bookings.tests.factories import at
from messaging import services as messaging
from messaging.models import Message
from messaging.tests.conftest import local_twilio, twilio_server
from payments import receipt_paper, services
from payments.tests.making import book
from tenants import languages
from tenants.models import FeeType

__all__ = ["local_twilio", "twilio_server"]


@pytest.fixture
def by(admin):
    return actors.user(admin)


@pytest.fixture
def booking(salon, cut, ann, account):
    salon.no_show_fee_type, salon.no_show_fee_percent = FeeType.PERCENT, 100
    salon.save()
    return book(salon, cut, at(salon), account)


@pytest.fixture
def own():
    """Every text about money is the salon's own."""
    for trigger in ("completed", "no_show", "refunded", "card_needs_attention"):
        link = "{{pay_link}}" if trigger == "card_needs_attention" else "{{manage_link}}"
        fields = {
            "channel": "email",
            "trigger": trigger,
            "subject": f"{trigger}: {{{{amount}}}}",
            "body": f"Our {trigger}, {{{{customer_name}}}}: {{{{amount}}}} {link}",
        }
        messaging.save_template(fields=fields, by=SYSTEM, now=timezone.now())


def press(button, salon, booking, by, key="press-1", **how):
    return button(business=salon, booking=booking, key=key, by=by, now=timezone.now(), **how)


@pytest.mark.parametrize(("button", "trigger"), [("complete", "completed"), ("no_show", "no_show")])
def test_a_receipt_has_the_salons_words_above_its_lines(salon, booking, account, by, own, button, trigger):
    press(getattr(services, button), salon, booking, by)

    mail = Message.objects.get(kind="receipt")
    assert mail.subject == f"{trigger}: $50.00"
    assert mail.text.startswith(f"Our {trigger}, {booking.contact_name}: $50.00 http")
    assert "$50.00 was charged to Visa •••• 4242." in mail.text
    assert f"<p>Our {trigger}, {booking.contact_name}: $50.00 <a href=" in mail.html
    assert "<td>$50.00</td>" in mail.html


def test_a_refund_has_the_salons_words(salon, booking, account, by, own):
    press(services.complete, salon, booking, by)
    press(services.refund, salon, booking, by, key="back-1", amount_cents=1250)

    mail = Message.objects.get(kind="refunded")
    assert mail.subject == "refunded: $12.50"
    assert "$12.50 goes back to your card ending in 4242." in mail.text
    assert "Your refund is on its way." not in mail.text + mail.html


def test_the_receipt_of_a_cancellation_fee_says_what_it_is_for(salon, cut, ann, account, by, own):
    salon.cancellation_window_hours, salon.cancellation_fee_percent = 720, 50
    salon.cancellation_fee_type = FeeType.PERCENT
    salon.save()
    booking = book(salon, cut, at(salon), account)

    press(services.cancel, salon, booking, by)

    mail = Message.objects.get(kind="receipt")
    assert mail.subject == f"Your receipt from {salon.name}"
    assert mail.text.startswith("Your receipt for the fee for cancelling late.")


def test_a_card_that_stopped_is_told_in_the_salons_words_with_the_way_to_settle(salon, cut, ann, account, by, own):
    booking = book(salon, cut, at(salon), account, "pm_card_authenticationRequired")

    press(services.complete, salon, booking, by)

    [mail] = Message.objects.filter(kind="pay_link")
    url = f"{salon.url}/pay/"
    assert mail.subject == "card_needs_attention: $50.00"
    assert mail.text.startswith(f"Our card_needs_attention, {booking.contact_name}: $50.00 {url}")
    assert "Nothing has been charged yet." in mail.text
    assert (f'<a href="{url}' in mail.html, f'<a class="button" href="{url}' in mail.html) == (True, True)


def test_money_is_told_by_text_too_once_a_movement(salon, booking, account, by, local_twilio):
    Booking.objects.update(texts_agreed_at=timezone.now(), contact_phone="+12125550187")
    for trigger in ("completed", "refunded"):
        fields = {"channel": "sms", "trigger": trigger, "subject": "", "body": f"{trigger}: {{{{amount}}}}"}
        messaging.save_template(fields=fields, by=SYSTEM, now=timezone.now())
    booking.refresh_from_db()

    for _ in range(2):
        press(services.complete, salon, booking, by)
        press(services.refund, salon, booking, by, key="back-1", amount_cents=1250)

    texts = Message.objects.filter(channel="sms").order_by("created_at")
    assert list(texts.values_list("kind", "text", "is_once")) == [
        ("receipt", "completed: $50.00", True),
        ("refunded", "refunded: $12.50", True),
    ]
    assert Message.objects.filter(kind__in=["receipt", "refunded"], channel="email").count() == 2


def test_a_receipt_a_refund_and_their_papers_speak_the_customers_language(salon, booking, account, by):
    salon.other_languages = ["de"]
    salon.save()
    Booking.objects.filter(pk=booking.pk).update(language="de")
    booking.refresh_from_db()

    press(services.no_show, salon, booking, by)
    press(services.refund, salon, booking, by, key="back-1", amount_cents=1250)

    receipt, refund = (Message.objects.get(kind=kind) for kind in ("receipt", "refunded"))
    assert "50,00\xa0$ wurden von Visa •••• 4242 abgebucht." in receipt.text
    assert "Gebühr: 50,00\xa0$" in receipt.text
    assert '<html lang="de">' in receipt.html
    assert "12,50\xa0$ gehen auf Ihre Karte mit der Endung 4242 zurück." in refund.text
    paper, back = (receipt_paper.of_action(message.about_id) for message in (receipt, refund))
    assert (paper.title, paper.facts[0]) == ("Quittung", ("Wofür", "Die Gebühr für das Nichterscheinen"))
    assert back.total == ("Zurückgegeben", "12,50\xa0$")
    assert (paper.language, languages.spoken()) == ("de", "en")


def test_a_fees_receipt_speaks_it_too_though_a_salon_has_no_words_for_it(salon, cut, ann, account, by):
    salon.cancellation_window_hours, salon.cancellation_fee_percent = 720, 50
    salon.cancellation_fee_type, salon.language = FeeType.PERCENT, "fr"
    salon.save()
    booking = book(salon, cut, at(salon), account)

    press(services.cancel, salon, booking, by)

    mail = Message.objects.get(kind="receipt")
    assert mail.subject == f"Votre reçu de {salon.name}"
    assert mail.text.startswith("Votre reçu pour les frais d’annulation tardive.")
