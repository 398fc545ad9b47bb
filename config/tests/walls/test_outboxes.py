"""What leaves a salon, and what waits to: after both acted by turns, neither's mails and rows hold a mark of the other."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from accounts import services as accounts
from accounts.services import invitations
from audit.actors import SYSTEM
from bookings import services
from bookings.models import Booking, Service
from bookings.tests.factories import at, make_booking
from config.tests.walls.rows import rows_of
from giftcards import services as giftcards
from giftcards.tests.making import make_card
from messaging import services as messaging
from messaging.models import Message
from payments.tests.conftest import local_stripe, stripe_server
from tenants.tests.api import ELSEWHERE, NO_STATIC, Api

__all__ = ["local_stripe", "stripe_server"]
pytestmark = [NO_STATIC, pytest.mark.usefixtures("local_stripe")]


def monday(salon, clock):
    """A Monday, when both salons are open, after those with visits."""
    today = timezone.now().astimezone(salon.business.zone).date()
    return at(salon.business, clock, days=21 - today.weekday())


def book(salon):
    details = services.Details(
        name=f"{salon.inside.word} Guest", email=f"guest@{salon.inside.word}.example".lower(), phone=""
    )
    service = Service.objects.get(pk=salon.keys["bookings.Service"])
    make_booking(salon.business, service, monday(salon, "10:00"), details=details)


def move(salon):
    booking = Booking.objects.get(pk=salon.keys["bookings.Booking"])
    start = monday(salon, "14:00")
    services.reschedule_booking(business=salon.business, booking=booking, start=start, by=SYSTEM, now=timezone.now())


def cancel(salon):
    booking = Booking.objects.get(pk=salon.keys["bookings.Booking"])
    services.cancel_booking(business=salon.business, booking=booking, by=SYSTEM, now=timezone.now())


def give_a_card(salon):
    make_card(
        recipient_email=f"gift@{salon.inside.word}.example".lower(),
        recipient_name=f"{salon.inside.word} Guest",
    )
    giftcards.deliver_due(business=salon.business, now=timezone.now())


def invite(salon):
    email = f"next@{salon.inside.word}.example".lower()
    invitations.invite(
        business=salon.business, email=email, role="staff", by=salon.owner, address=ELSEWHERE, now=timezone.now()
    )


def forget_a_password(salon):
    Api(salon.business, address=ELSEWHERE).post("/auth/forgot-password", {"email": salon.owner.email})


#: What stands in the subjects of what the acts below have sent.
WRITTEN = ("New booking: ", "Moved to ", "A gift card", "Cancelled: ")
ACTS = (book, move, give_a_card, invite, forget_a_password, cancel)


@pytest.fixture
def acted(here, there):
    for act in ACTS:
        for salon in (here, there):
            with tenant_context(salon.business):
                act(salon)
    return here, there


def text_of(mail):
    """Everything a mail says: headers, bodies, attachments and their names."""
    parts = list(mail.message().walk())
    said = [f"{name}: {value}" for part in parts for name, value in part.items()]
    said += [part.get_payload(decode=True).decode("utf-8", "replace") for part in parts if not part.is_multipart()]
    return "\n".join([*said, mail.subject, mail.from_email, *mail.to, *mail.reply_to])


def marks_of(salon, text):
    """What of a salon, its rows in `public` and its people stands in a text."""
    return set().union(*(canary.found_in(text) for canary in (salon.inside, salon.public, salon.people)))


def sent(salon, mailoutbox):
    """What leaves a salon's outbox now."""
    mailoutbox.clear()
    with tenant_context(salon.business):
        messaging.send_due(now=timezone.now() + timedelta(minutes=1))
    return [text_of(mail) for mail in mailoutbox]


def test_no_mail_of_a_salon_says_a_word_of_another(acted, mailoutbox):
    for salon, other in (acted, acted[::-1]):
        mails = sent(salon, mailoutbox)

        assert [marks_of(other, mail) for mail in mails if marks_of(other, mail)] == []
        assert all(salon.inside.found_in(mail) for mail in mails)
        assert len(mails) >= len(WRITTEN)
        assert all(any(word in mail for mail in mails) for word in WRITTEN)


def test_no_mail_about_accounts_says_words_of_two_salons(acted, mailoutbox):
    """They wait in one outbox for all."""
    here, there = acted

    accounts.send_due(now=timezone.now() + timedelta(minutes=1))

    said = [(bool(marks_of(here, text)), bool(marks_of(there, text))) for text in map(text_of, mailoutbox)]
    assert sorted(said) == [(False, True), (False, True), (True, False), (True, False)]


def test_a_word_of_another_salon_in_a_mail_is_found(here, there, mailoutbox):
    card = there.keys["giftcards.GiftCard"]
    with tenant_context(here.business):
        Message.objects.filter(subject__startswith=here.inside.word).update(
            html=f"<a href='/gift-cards/{card}/'>Card</a>"
        )

    assert {mark for mail in sent(here, mailoutbox) for mark in marks_of(there, mail)} == {card.hex}


def test_no_row_of_a_salon_holds_a_word_of_another(acted):
    """Outbox, events for webhooks and trail among them."""
    for salon, other in (acted, acted[::-1]):
        rows = rows_of(salon.business.schema_name)

        assert {table: found for table, text in rows.items() if (found := marks_of(other, text))} == {}
        assert {"messaging_message", "webhooks_webhookevent", "audit_auditentry"} <= {
            table for table, text in rows.items() if marks_of(salon, text)
        }
