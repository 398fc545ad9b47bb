"""What arrives at a mail server, byte by byte: headers nobody can add to, every part, nothing that is no mail."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django_tenants.utils import tenant_context

from messaging import mails, services
from messaging.models import MessageStatus
from messaging.tests.mailbox import open_mailbox

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Über\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def mailbox(settings):
    with open_mailbox(settings) as mailbox:
        yield mailbox


def queue(**changes):
    fields = {"kind": "hello", "recipient": "ann@example.com", "subject": "Hi", "text": "Hello Ann"}
    return services.queue(**fields | {"now": NOW} | changes)


def send(**changes):
    message = queue(**changes)
    services.send_due(now=NOW)
    message.refresh_from_db()
    return message


def test_a_mail_arrives_with_the_salons_name_and_the_platforms_address(salon, mailbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Tithi <bookings@tithi.example>"
    salon.name = 'Chez "Zoë", Hair & Nails <best>'

    with tenant_context(salon):
        message = send(html="<p>Hello <b>Ann</b></p>", reply_to="salon@example.com")

    [arrived] = mailbox.messages
    [sender] = arrived["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ('Chez "Zoë", Hair & Nails <best>', "bookings@tithi.example")
    assert (arrived["To"], arrived["Reply-To"]) == ("ann@example.com", "salon@example.com")
    assert arrived["Message-ID"] == f"<{message.pk}@{settings.PLATFORM_DOMAIN}>" == message.provider_id
    assert arrived["X-Entity-Ref-ID"] == str(message.pk)
    assert arrived["List-Unsubscribe"] is None
    assert arrived.get_body(("plain",)).get_content().strip() == "Hello Ann"
    assert "<b>Ann</b>" in arrived.get_body(("html",)).get_content()
    assert mailbox.envelopes == [("bookings@tithi.example", ["ann@example.com"])]


def test_a_message_has_one_message_id_at_every_attempt(salon, mailbox):
    mailbox.refusals["ann@example.com"] = "451 Not now"
    message = queue()
    services.send_due(now=NOW)
    mailbox.refusals.clear()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (MessageStatus.QUEUED, 1)
    first = mails.write(message).extra_headers["Message-ID"]
    services.send_due(now=message.due_at)

    assert [arrived["Message-ID"] for arrived in mailbox.messages] == [first]


def test_a_refused_recipient_is_given_up(salon, mailbox):
    mailbox.refusals["ann@example.com"] = "550 No such user"

    message = send()

    assert (message.status, message.attempts) == (MessageStatus.DEAD, 1)
    assert "No such user" in message.last_error


EVIL = "Hi\r\nBcc: victim@example.com\r\n\r\nBuy this"


def test_nothing_people_write_adds_a_header(salon, mailbox):
    salon.name = EVIL
    with tenant_context(salon):
        message = queue(
            subject=EVIL,
            reply_to=EVIL,
            attachments=[
                {"name": f"../../{EVIL}", "content_type": f"text/plain\r\n{EVIL}", "body": "x"},
                {"name": "..\\..\\a.pdf", "content_type": "application/pdf", "body": "eA==", "encoding": "base64"},
            ],
        )
        message.subject = EVIL  # past what `queue` tidies
        message.unsubscribe_url = f"https://x.example/{EVIL}"
        mails.send(message)

    [arrived], [(_, recipients)] = mailbox.messages, mailbox.envelopes
    assert recipients == ["ann@example.com"]
    assert arrived["Bcc"] is None
    assert arrived["Subject"] == "Hi Bcc: victim@example.com Buy this"
    assert arrived["From"].addresses[0].display_name == "Hi Bcc: victim@example.com Buy this"
    assert arrived["Reply-To"] is None
    assert [(part.get_filename(), part.get_content_type()) for part in arrived.iter_attachments()] == [
        ("Hi Bcc: victim@example.com Buy this", "application/octet-stream"),
        ("a.pdf", "application/pdf"),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recipient": "ann"}, "The recipient is no e-mail address."),
        ({"recipient": "ann@example.com\r\nBcc: bob@example.com"}, "The recipient is no e-mail address."),
        ({"recipient": "ann@example.com, bob@example.com"}, "The recipient is no e-mail address."),
        ({"text": "x" * 1_000_000}, "The message is longer than mailboxes take."),
        ({"html": "<p>" + "x" * 1_000_000}, "The message is longer than mailboxes take."),
        (
            {"attachments": [{"name": "a", "content_type": "text/plain", "body": "x" * 7_000_001}]},
            "What is attached is larger than mailboxes take.",
        ),
        (
            {"attachments": [{"name": "a", "content_type": "application/pdf", "body": "é", "encoding": "base64"}]},
            "This cannot be written as an e-mail",
        ),
    ],
    ids=["no address", "line break", "two addresses", "long text", "long html", "large file", "damaged file"],
)
def test_what_is_no_mail_is_given_up_with_a_sentence_and_keeps_nothing_else(salon, mailbox, changes, reason):
    bad = queue(**changes)
    good = queue(version=1, recipient="bob@example.com")

    services.send_due(now=NOW)

    for message in (bad, good):
        message.refresh_from_db()
    assert (bad.status, good.status) == (MessageStatus.DEAD, MessageStatus.SENT)
    assert reason in bad.last_error
    assert [recipients for _, recipients in mailbox.envelopes] == [["bob@example.com"]]


def test_a_file_arrives_as_it_was(salon, mailbox):
    content = bytes(range(256)) * 50
    body = base64.b64encode(content).decode()

    send(attachments=[{"name": "a.pdf", "content_type": "application/pdf", "body": body, "encoding": "base64"}])

    [part] = mailbox.messages[0].iter_attachments()
    assert (part.get_filename(), part.get_content()) == ("a.pdf", content)


def test_an_invitation_is_a_form_of_the_text_and_a_file(salon, mailbox):
    kind = "text/calendar; charset=utf-8; method=REQUEST"

    send(html="<p>Hi</p>", attachments=[{"name": "visit.ics", "content_type": kind, "body": INVITATION}])

    [arrived] = mailbox.messages
    alternatives, attached = list(arrived.iter_parts())
    assert alternatives.get_content_type() == "multipart/alternative"
    plain, html, calendar = alternatives.iter_parts()
    assert [part.get_content_type() for part in (plain, html, calendar)] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar.get_content().splitlines() == INVITATION.splitlines()
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "visit.ics")
    assert attached.get_content().decode().splitlines() == INVITATION.splitlines()


def test_what_is_published_stays_a_file_alone(salon, mailbox):
    kind = "text/calendar; charset=utf-8; method=PUBLISH"

    send(attachments=[{"name": "visit.ics", "content_type": kind, "body": INVITATION}])

    assert [part.get_content_type() for part in mailbox.messages[0].iter_parts()] == ["text/plain", "text/calendar"]


def test_dark_mode_survives_the_style_attributes():
    html = "<style>p{color:#111111}@media (prefers-color-scheme:dark){p{color:#eeeeee}}</style><p>Hi</p>"

    inlined = mails.inlined(html)

    assert '<p style="color: #111111;">Hi</p>' in inlined
    assert "prefers-color-scheme:dark" in inlined.replace(": dark", ":dark")


@pytest.mark.parametrize(("once", "status"), [(True, MessageStatus.UNCONFIRMED), (False, MessageStatus.QUEUED)])
def test_a_mail_server_that_dies_while_it_takes_a_mail_is_not_sent_a_receipt_twice(salon, mailbox, once, status):
    mailbox.dies = True

    message = send(once=once)

    assert (message.status, len(mailbox.raw)) == (status, 1), "it has it, and did not say so"


def test_a_mail_server_that_is_away_is_tried_again(salon, settings):
    with open_mailbox(settings):
        pass  # the port is free again, and nobody listens

    message = send()

    assert (message.status, message.last_error.split(":")[0]) == (MessageStatus.QUEUED, "ConnectionRefusedError")
    assert message.due_at > NOW
    with open_mailbox(settings) as mailbox:
        assert services.send_due(now=message.due_at + timedelta(seconds=1)) == 1
    assert len(mailbox.raw) == 1
    assert mail.outbox == []
