"""Every message once: written with its cause, sent after, tried again when the mail server is away."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from messaging import services
from messaging.dispatch import services as dispatch
from messaging.models import Message, MessageStatus

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
ABOUT = "7d9f2c5e-0000-4000-8000-000000000001"


HELLO = {"kind": "hello", "recipient": "ann@example.com", "subject": "Hi", "text": "Hello Ann", "about_id": ABOUT}


def queue(**changes):
    return services.queue(**HELLO | {"now": NOW} | changes)


def test_queue_writes_the_same_message_once(salon):
    assert queue() is not None
    assert queue() is None
    assert queue(version=1) is not None
    assert Message.objects.count() == 2


def test_several_ask_no_more_questions_than_one(salon, django_assert_num_queries):
    there = queue(version=1)
    drafts = [
        services.draft(**HELLO, version=version, send_at=at, now=NOW)
        for version, at in enumerate([None, None, NOW + timedelta(days=1)])
    ]

    with django_assert_num_queries(2):
        new, repeat, later = services.queue_all(drafts=drafts, now=NOW)

    assert (new.version, repeat, later.version) == (0, None, 2)
    assert services.send_due(now=NOW) == 2
    assert set(Message.objects.filter(status=MessageStatus.SENT)) == {there, new}
    assert services.send_due(now=NOW + timedelta(days=1)) == 1


def test_what_was_skipped_is_told_from_what_was_there(salon, django_assert_num_queries):
    drafts = [
        services.draft(**HELLO, version=version, skipped=why, now=NOW)
        for version, why in enumerate(["", "Too late.", "Too late."])
    ]
    queue(version=2)

    with django_assert_num_queries(3):
        new, skipped, repeat = services.queue_all(drafts=drafts, now=NOW)

    assert (new.status, skipped.status, skipped.reason, repeat) == ("queued", "skipped", "Too late.", None)
    assert services.send_due(now=NOW) == 2


def test_a_message_goes_with_the_transaction_that_causes_it(salon):
    with pytest.raises(RuntimeError), transaction.atomic():
        queue()
        raise RuntimeError("the cause was rolled back")

    assert Message.objects.count() == 0


def test_send_due_sends_once(salon):
    message = queue(html="<p>Hello</p>", reply_to="salon@example.com")

    assert services.send_due(now=NOW) == 1
    assert services.send_due(now=NOW) == 0

    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.SENT, 1)
    assert NOW <= message.sent_at < NOW + timedelta(minutes=1)
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body, sent.reply_to) == (
        ["ann@example.com"],
        "Hi",
        "Hello Ann",
        ["salon@example.com"],
    )


def test_line_breaks_never_reach_a_header(salon):
    message = queue(subject="Hi\r\nBcc: victim@example.com")

    assert message.subject == "Hi Bcc: victim@example.com"


def test_calendar_attachments_travel_with_their_method(salon):
    queue(
        attachments=[{"name": "visit.ics", "content_type": "text/calendar; method=CANCEL", "body": "BEGIN:VCALENDAR"}]
    )

    services.send_due(now=NOW)

    assert mail.outbox[0].alternatives[0] == ("BEGIN:VCALENDAR", "text/calendar; method=CANCEL")
    assert mail.outbox[0].attachments[0] == ("visit.ics", b"BEGIN:VCALENDAR", "application/ics")


def test_a_mail_server_that_is_away_is_tried_again_later(salon, monkeypatch):
    message = queue()
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", _raise(smtplib.SMTPServerDisconnected("gone")))

    assert services.send_due(now=NOW) == 0

    message.refresh_from_db()
    assert message.status == MessageStatus.QUEUED
    assert message.due_at > NOW
    assert message.last_error == "MayHaveLeft: SMTPServerDisconnected: gone"
    monkeypatch.undo()
    assert services.send_due(now=NOW) == 0, "not before its time"
    assert services.send_due(now=message.due_at) == 1


def test_a_refused_recipient_is_not_tried_again(salon, monkeypatch):
    message = queue()
    refused = smtplib.SMTPRecipientsRefused({"ann@example.com": (550, b"no such user")})
    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", _raise(refused))

    services.send_due(now=NOW)

    message.refresh_from_db()
    assert message.status == MessageStatus.DEAD


def test_a_dead_workers_claim_ends_by_itself(salon):
    message = queue()
    [claimed] = dispatch.claim(now=NOW, size=10, schema_name=salon.schema_name)
    assert claimed.message_id == message.pk

    assert services.send_due(now=NOW) == 0, "somebody has it in hand"
    assert services.send_due(now=NOW + services.CLAIM + timedelta(seconds=1)) == 1


def test_the_other_salon_has_its_own_outbox(salon, other_salon):
    from django_tenants.utils import tenant_context

    queue()

    with tenant_context(other_salon):
        assert Message.objects.count() == 0


def _raise(exc):
    def send(self, *args, **kwargs):
        raise exc

    return send


@pytest.mark.parametrize("business", ["rosa", None])
def test_the_local_outbox_opens_on_every_host(business, rosa, client_for, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path

    answer = client_for(rosa if business else None).get("/dev/outbox/")

    assert answer.status_code == 200
    assert "Outbox" in answer.text


def test_several_of_a_kind_are_told_apart_by_their_part(salon):
    one, other = queue(version=3, part="b1440"), queue(version=3, part="b120")

    assert (one.version, one.part, other.part) == (3, "b1440", "b120")
    assert queue(version=3, part="b120") is None
    plain = queue(version=3)
    assert (plain.version, plain.part) == (3, "")


def test_what_was_withdrawn_leaves_after_all_where_that_is_asked_for(salon):
    message, later = queue(send_at=NOW + timedelta(days=1)), NOW + timedelta(days=2)
    services.withdraw(about_id=ABOUT, kinds=["hello"], reason="Moved.", now=NOW)

    assert queue(send_at=later) is None
    assert queue(send_at=later, again=True) == message

    message.refresh_from_db()
    assert (message.status, message.reason, message.due_at) == (MessageStatus.QUEUED, "", later)
    assert services.send_due(now=later) == 1
    assert queue(send_at=later, again=True) is None


def test_a_queued_message_can_be_put_off(salon):
    message, later = queue(send_at=NOW + timedelta(hours=1)), NOW + timedelta(hours=2)

    assert services.put_off(message=message, at=later, now=NOW) is True
    assert services.send_due(now=later - timedelta(seconds=1)) == 0
    assert services.send_due(now=later) == 1
    assert services.put_off(message=message, at=later, now=NOW) is False
