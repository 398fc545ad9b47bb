"""What is due leaves once, whoever dies on the way, and whichever salon it is of."""

import smtplib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django_tenants.utils import schema_context, tenant_context

from audit.actors import SYSTEM
from messaging import channels, composing, metering, services
from messaging.composing import Composed, NotAnyMore, NotNow
from messaging.dispatch import services as dispatch
from messaging.dispatch.models import Dispatch
from messaging.models import Channel, Message, MessageStatus
from messaging.services import sending
from tenants.services import close_for_good

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + services.CLAIM + timedelta(seconds=1)
ABOUT = UUID("7d9f2c5e-0000-4000-8000-000000000001")


def queue(**changes):
    fields = {"kind": "hello", "recipient": "ann@example.com", "subject": "Hi", "text": "Hello Ann", "about_id": ABOUT}
    return services.queue(**fields | {"now": NOW} | changes)


def begin(message):
    """A worker takes a message in hand, begins it, and dies."""
    [claimed] = dispatch.claim(now=NOW, size=10, schema_name=None)
    assert sending._begin(claimed, Message, NOW).pk == message.pk


def state(message):
    message.refresh_from_db()
    return message.status, message.repeats


def dispatches():
    return list(Dispatch.objects.order_by("due_at").values_list("message_id", "gave_up_at", "reason"))


def test_one_sweep_sends_for_all_salons(salon, other_salon):
    queue()
    with tenant_context(other_salon):
        queue(recipient="bob@example.com")

    with schema_context("public"):
        assert services.send_due_of_all(now=NOW) == 2

    assert sorted(sent.to for sent in mail.outbox) == [["ann@example.com"], ["bob@example.com"]]
    assert dispatches() == []
    assert Message.objects.get().status == MessageStatus.SENT
    with tenant_context(other_salon):
        assert Message.objects.get().status == MessageStatus.SENT


def test_a_salon_sends_only_its_own(salon, other_salon):
    with tenant_context(other_salon):
        queue()

    assert services.send_due(now=NOW) == 0
    assert mail.outbox == []


def test_what_is_planned_leaves_at_its_time(salon):
    message = queue(send_at=NOW + timedelta(hours=2))

    assert services.send_due(now=NOW + timedelta(minutes=119)) == 0
    assert services.send_due(now=NOW + timedelta(minutes=120)) == 1
    assert state(message) == (MessageStatus.SENT, 0)


def test_who_lost_the_claim_does_not_send(salon):
    queue()
    [slow] = dispatch.claim(now=NOW, size=10)
    [quick] = dispatch.claim(now=LATER, size=10)

    assert sending._send(slow, Message, sending.Clock(LATER)) == 0
    assert sending._send(quick, Message, sending.Clock(LATER)) == 1
    assert len(mail.outbox) == 1


def test_a_claim_lasts_while_its_batch_is_being_sent(salon):
    queue()
    [held] = dispatch.claim(now=NOW, size=10)
    almost = NOW + services.CLAIM - timedelta(seconds=1)

    assert dispatch.keep(held, now=almost)
    assert dispatch.claim(now=almost + timedelta(seconds=2), size=10) == []


def test_a_worker_that_died_while_sending_is_recorded(salon):
    message = queue()
    begin(message)

    assert services.send_due(now=LATER) == 1
    assert state(message) == (MessageStatus.SENT, 1)


def test_a_receipt_waits_for_staff_instead_of_leaving_twice(salon):
    message = queue(once=True)
    begin(message)

    assert services.send_due(now=LATER) == 0
    assert state(message) == (MessageStatus.UNCONFIRMED, 1)
    assert mail.outbox == []
    assert dispatches() == [(message.pk, pytest.approx(LATER, abs=timedelta(seconds=5)), "unconfirmed")]

    services.resend(message=message, by=SYSTEM, now=LATER)
    assert services.send_due(now=LATER) == 1


def test_what_was_begun_and_not_sent_is_not_queued_twice(salon):
    message = queue()
    services.send_due(now=NOW)

    with pytest.raises(services.NotResendable):
        services.resend(message=message, by=SYSTEM, now=NOW)


def test_what_changed_meanwhile_is_withdrawn(salon):
    first, second = queue(kind="reminder"), queue(kind="reminder", recipient="bob@example.com")
    services.send_due(now=NOW)
    third = queue(kind="reminder", version=1)
    other = queue(kind="reminder", about_id=UUID(int=1))

    assert services.withdraw(about_id=ABOUT, kinds=["reminder"], reason="The visit has moved.", now=NOW) == 1

    assert [state(each)[0] for each in (first, second, third, other)] == ["sent", "sent", "withdrawn", "queued"]
    assert third.reason == "The visit has moved."
    assert [row[0] for row in dispatches()] == [other.pk]


def test_what_is_skipped_stands_there_with_its_reason(salon):
    message = queue(skipped="The visit was booked later than that.")

    assert services.send_due(now=NOW) == 0
    assert (state(message)[0], message.reason) == ("skipped", "The visit was booked later than that.")
    assert dispatches() == []


@pytest.fixture
def written(monkeypatch):
    monkeypatch.setattr(composing, "_writers", {})
    answers = []

    def write(message, now):
        if not answers:
            raise NotAnyMore("The visit is cancelled.")
        return answers.pop()

    composing.register("later", write)
    return answers


def test_words_are_written_when_it_leaves(salon, written):
    message = queue(kind="later", text="", subject="", send_at=NOW + timedelta(hours=1))
    written.append(Composed(subject="See you\r\nsoon", text="At ten", html="<p>At ten</p>"))

    assert services.send_due(now=NOW + timedelta(hours=1)) == 1

    [sent] = mail.outbox
    assert (sent.subject, sent.body) == ("See you soon", "At ten")
    message.refresh_from_db()
    assert message.text == "At ten"


def test_words_of_an_attempt_that_failed_are_written_anew(salon, written, monkeypatch):
    """What they speak of may have changed since."""
    message = queue(kind="later", text="", subject="")
    written.append(Composed(subject="Two", text="At two"))
    with monkeypatch.context() as away:
        away.setattr(channels, "send", lambda message: (_ for _ in ()).throw(ConnectionRefusedError("away")))
        assert services.send_due(now=NOW) == 0
    assert state(message) == (MessageStatus.QUEUED, 0)

    written.append(Composed(subject="Three", text="At three"))
    assert services.send_due(now=NOW + timedelta(hours=1)) == 1

    assert [sent.body for sent in mail.outbox] == ["At three"]


def test_what_is_being_changed_is_looked_at_a_little_later(salon, monkeypatch):
    monkeypatch.setattr(composing, "_writers", {})
    answers = [Composed(subject="Three", text="At three"), None]

    def write(message, now):
        answer = answers.pop()
        if answer is None:
            raise NotNow
        return answer

    composing.register("later", write)
    message = queue(kind="later", text="")

    assert services.send_due(now=NOW) == 0
    assert state(message) == (MessageStatus.QUEUED, 0)
    assert services.send_due(now=NOW + sending.A_MOMENT + timedelta(seconds=1)) == 1
    assert [sent.body for sent in mail.outbox] == ["At three"]


def test_what_nobody_wants_to_say_any_more_is_withdrawn(salon, written):
    message = queue(kind="later", text="")

    assert services.send_due(now=NOW) == 0
    assert (state(message)[0], message.reason) == ("withdrawn", "The visit is cancelled.")
    assert dispatches() == []


def test_one_salon_that_fails_keeps_no_other_from_sending(salon, other_salon):
    queue(kind="nobody writes this", text="")
    with tenant_context(other_salon):
        queue()

    with schema_context("public"):
        assert services.send_due_of_all(now=NOW) == 1


def test_a_metered_message_is_charged_before_and_given_back_when_it_cannot_leave(salon, monkeypatch):
    monkeypatch.setattr(metering, "_meters", {})
    booked = []
    metering.register(
        Channel.EMAIL,
        metering.Meter(lambda message, now: booked.append("charge"), lambda message, now: booked.append("back")),
    )
    refused = smtplib.SMTPRecipientsRefused({"ann@example.com": (550, b"no such user")})

    def send(self):
        raise refused

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", send)
    queue()
    services.send_due(now=NOW)

    assert booked == ["charge", "back"]
    [(_, gave_up, reason)] = dispatches()
    assert gave_up is not None
    assert reason == "Undeliverable", "no address stands in public"


def test_what_is_not_paid_does_not_leave(salon, monkeypatch):
    monkeypatch.setattr(metering, "_meters", {})

    def charge(message, now):
        raise metering.NotPaid("There are no credits left.")

    metering.register(Channel.EMAIL, metering.Meter(charge, lambda message, now: None))
    message = queue()

    assert services.send_due(now=NOW) == 0
    assert (state(message)[0], message.reason) == ("dead", "There are no credits left.")


def test_a_salon_that_is_gone_has_nothing_to_say(salon, other_salon):
    with tenant_context(other_salon):
        queue()
    with schema_context("public"):
        close_for_good(business=other_salon, now=NOW)

        assert services.send_due_of_all(now=NOW) == 0
        assert dispatches() == []


@pytest.mark.parametrize(
    ("scope", "unsubscribe_url", "sent"),
    [
        ("all", "", 0),
        ("all", "https://x.example/", 0),
        ("advertising", "", 1),
        ("advertising", "https://x.example/", 0),
    ],
)
def test_who_wants_nothing_gets_nothing(salon, other_salon, scope, unsubscribe_url, sent):
    how = {"channel": Channel.EMAIL, "address": "Ann@Example.com", "scope": scope}
    services.suppress(**how, cause="unsubscribed", now=NOW)
    message = queue(unsubscribe_url=unsubscribe_url)
    with tenant_context(other_salon):
        queue()
        assert services.send_due(now=NOW) == 1, "the other salon is not meant"

    assert services.send_due(now=NOW) == sent
    message.refresh_from_db()
    assert (message.status, bool(message.reason)) == (("sent", False) if sent else ("skipped", True))
    services.allow(channel=Channel.EMAIL, address="ann@example.com")
    queue(version=2, unsubscribe_url=unsubscribe_url)
    assert services.send_due(now=NOW) == 1
