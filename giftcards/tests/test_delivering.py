"""A card reaches its recipient on the chosen day, once."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit import actors
from bookings.tests.racing import at_once
from giftcards import codes, links, services, tasks
from giftcards.models import GiftCard
from giftcards.tests.making import code, make_card
from messaging import services as messaging
from messaging.models import Message

BY = actors.Actor(label="Cara")
#: A Wednesday in New York, eleven at night: already Thursday in UTC.
NOW = datetime(2027, 2, 11, 4, tzinfo=UTC)
TODAY = date(2027, 2, 10)


@pytest.fixture
def night():
    with time_machine.travel(NOW, tick=False):
        yield NOW


def wrapped(deliver_on=None, **fields):
    given = {"recipient_name": "Bea", "recipient_email": "bea@example.com", "buyer_name": "Anna"}
    return make_card(5000, **given | fields, deliver_on=deliver_on)


def due(salon, now):
    return services.deliver_due(business=salon, now=now)


@pytest.mark.parametrize(
    ("deliver_on", "wall", "sent"),
    [
        (None, "2027-02-10T23:00", True),
        (TODAY, "2027-02-10T23:00", True),
        (date(2027, 2, 14), "2027-02-10T23:00", False),
        (date(2027, 2, 14), "2027-02-13T23:59", False),
        (date(2027, 2, 14), "2027-02-14T07:59", False),
        (date(2027, 2, 14), "2027-02-14T08:00", True),
        (date(2027, 2, 14), "2027-02-20T03:00", True),
    ],
    ids=["at once", "today", "later", "the evening before", "too early", "its morning", "missed"],
)
def test_a_card_leaves_on_the_morning_of_its_day_in_the_salon(salon, night, deliver_on, wall, sent):
    card = wrapped(deliver_on)
    now = datetime.fromisoformat(wall).replace(tzinfo=salon.zone)

    assert due(salon, now) == sent
    assert due(salon, now) == 0

    assert Message.objects.count() == sent
    card.refresh_from_db()
    assert card.delivered_at == (now if sent else None)


def test_the_mail_tells_who_what_and_how(salon, night):
    card = wrapped(message="Enjoy!\nAnna", expiration_date=date(2030, 3, 1))

    due(salon, NOW)

    mail = Message.objects.get()
    assert (mail.recipient, mail.subject) == ("bea@example.com", "A gift card from Anna: $50.00 at Rosa Studio")
    for text in (mail.text, mail.html):
        assert codes.shown(code(card)) in text
        assert "Good until 1 March 2030." in text
        assert links.card_url(business=salon, card=card) in text
        assert "Enjoy!" in text


def test_a_message_is_words_never_markup(salon, night):
    wrapped(message="<script>alert(1)</script>", recipient_name="<b>Bea</b>")

    due(salon, NOW)

    html = Message.objects.get().html
    assert "<script>alert" not in html
    assert "&lt;b&gt;Bea&lt;/b&gt;" in html


@pytest.mark.parametrize(
    "fields",
    [{"recipient_email": ""}, {"is_active": False}, {"expiration_date": date(2020, 1, 1)}],
    ids=["nobody", "off", "expired"],
)
def test_what_reaches_nobody_is_not_mailed(salon, night, fields):
    card = wrapped()
    GiftCard.objects.filter(pk=card.pk).update(**fields)

    assert due(salon, NOW) == 0
    assert Message.objects.count() == 0


def test_a_rolled_back_delivery_leaves_neither_mark_nor_mail(salon, night, monkeypatch):
    card = wrapped()

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(GiftCard, "save", fail)
    with pytest.raises(RuntimeError, match="the disk is full"):
        services.deliver(card=card, business=salon, now=NOW)

    assert Message.objects.count() == 0


def test_a_card_is_mailed_again_when_asked(salon, night):
    card = wrapped(date(2027, 2, 14))

    for key in ("press 1", "press 2", "press 2"):
        services.resend(card=card, business=salon, key=key, by=BY, now=NOW)

    assert Message.objects.count() == 2
    assert due(salon, NOW + timedelta(days=30)) == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"recipient_email": ""}, "no recipient"), ({"is_active": False}, "switched off")],
)
def test_a_card_that_cannot_be_mailed_is_not(salon, fields, sentence):
    card = wrapped()
    GiftCard.objects.update(**fields)

    with pytest.raises(services.GiftCardUnchangeable, match=sentence):
        services.resend(card=card, business=salon, key="press", by=BY, now=timezone.now())

    assert Message.objects.count() == 0


def test_the_sweep_mails_and_ends_cards(salon, night):
    wrapped()
    over = make_card(expiration_date=TODAY - timedelta(days=1))

    tasks.look_after_gift_cards()

    assert Message.objects.count() == 1
    assert GiftCard.objects.get(pk=over.pk).balance_cents == 0


@pytest.mark.django_db(transaction=True)
def test_many_workers_mail_a_card_once(rosa):
    with tenant_context(rosa):
        wrapped()

    def work(number):
        with tenant_context(rosa):
            return due(rosa, timezone.now())

    assert sum(at_once(6, work)) == 1
    with tenant_context(rosa):
        assert Message.objects.count() == 1


def test_a_card_comes_with_the_salons_own_words_and_its_code(salon, night):
    messaging.save_template(
        fields={
            "channel": "email",
            "trigger": "gift_card",
            "subject": "{{giver_name}} thought of you",
            "body": "{{recipient_name}}: {{gift_card_code}} {{gift_card_link}}",
        },
        by=BY,
        now=NOW,
    )
    card = wrapped(message="<3")

    due(salon, NOW)

    mail, url = Message.objects.get(kind="gift_card"), links.card_url(business=salon, card=card)
    shown = codes.shown(code(card))
    assert mail.subject == "Anna thought of you"
    assert mail.text.startswith(f"Bea: {shown} {url}\n\n$50.00 at {salon.name}, from Anna.\n\n<3\n")
    assert f'<p>Bea: {shown} <a href="{url}">{url}</a></p>' in mail.html
    assert f"<td>{shown}</td>" in mail.html
