"""The log of messages: what was sent, what will be and when, what was not and why; and sending one again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.models import AuditEntry
from bookings.tests.factories import at, make_booking, make_customer
from dashboard.tests.pages import page, said, url
from messaging import services
from messaging.models import Channel, Message, MessageStatus, Suppression
from tenants.models import Business, Role
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
ROLES = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)
LINK = "https://rosa.example/b/secret/"
QUERIES = 8


@pytest.fixture
def desk(salon, client_for, member):
    return lambda role="staff": client_for(salon, member(role))


@pytest.fixture
def visit(salon, cut, ann):
    return make_booking(salon, cut, at(salon))


def write(**changes):
    fields = {
        "kind": "booking_confirmed",
        "recipient": "anna@example.com",
        "subject": "Confirmed",
        "text": f"Go {LINK}",
    }
    return services.queue(**fields | {"about_id": uuid4(), "now": timezone.now()} | changes)


def become(message, status, **fields):
    Message.objects.filter(pk=message.pk).update(status=status, **fields)
    message.refresh_from_db()
    return message


def lines(client, name="messages", **asked):
    return [line.about for line in client.get(url(name, **asked)).context["lines"]]


def groups(answer, name):
    return {group.title: [line.about for line in group.lines] for group in answer.context[name]}


# Who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_every_role_reads_the_list_and_a_viewer_no_words(role, desk):
    message, client = write(), desk(role)

    answers = [client.get(url("messages")), client.get(url("message", message.pk))]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert LINK not in answers[0].text
    assert (LINK in answers[1].text) == (role != Role.VIEWER)


def test_who_sees_no_money_sees_no_receipts(salon, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_money": {"staff": False, "viewer": False}})
    receipt, visit = write(kind="charge_receipt", subject="Receipt"), write()
    client = desk("staff")

    assert lines(client) == ["Confirmed"]
    assert client.get(url("message", visit.pk)).status_code == 200
    assert [client.get(url(name, receipt.pk)).status_code for name in ("message", "message-again")] == [404, 404]
    assert client.post(url("message-again", receipt.pk)).status_code == 404


def test_who_sees_no_customers_sees_no_messages(salon, desk):
    Business.objects.filter(pk=salon.pk).update(role_changes={"view_customers": {"viewer": False}})
    client = desk("viewer")

    assert [client.get(url("messages")).status_code, client.get(url("message", write().pk)).status_code] == [403, 403]


def test_another_salons_message_is_not_found(salon, other_salon, desk):
    with tenant_context(other_salon):
        theirs = become(write(), MessageStatus.DEAD)
    client = desk("owner")

    answers = [client.get(url("message", theirs.pk)), client.post(url("message-again", theirs.pk))]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert lines(client) == []
    with tenant_context(other_salon):
        assert Message.objects.get(pk=theirs.pk).status == MessageStatus.DEAD


# What is shown -------------------------------------------------------------------------------------


def test_filters_narrow_the_list(salon, desk):
    now = timezone.now()
    write(subject="Later", send_at=now + timedelta(days=2))
    write(subject="Next", send_at=now + timedelta(days=1))
    become(write(subject="Dead"), MessageStatus.DEAD)
    become(write(subject="Back", recipient="bob@example.com"), MessageStatus.SENT, delivery="bounced", sent_at=now)
    become(write(subject="Gone"), MessageStatus.SENT, sent_at=now)
    write(subject="Skipped", skipped="Its time had passed.")
    write(kind="reminder", subject="", channel=Channel.SMS, recipient="+12125550187", text="Come")
    client = desk()

    assert lines(client, state="waiting") == ["Reminder", "Next", "Later"]
    assert lines(client, state="failed") == ["Back", "Dead"]
    assert lines(client, state="sent") == ["Gone", "Back"]
    assert lines(client, state="left_out") == ["Skipped"]
    assert lines(client, kind="reminder") == lines(client, channel="sms") == lines(client, to="2125550") == ["Reminder"]
    assert lines(client, to="BOB@") == ["Back"]
    assert lines(client, to="nobody") == []
    assert len(lines(client, state="nonsense")) == 7


def test_a_line_says_why_and_whether_it_may_have_left_twice(salon, desk):
    become(write(subject="Skipped"), MessageStatus.SKIPPED, reason="Its time had passed.")
    become(write(subject="Twice"), MessageStatus.SENT, repeats=1, sent_at=timezone.now())
    become(write(subject="Refused"), MessageStatus.DEAD, attempts=1)
    become(write(subject="Tired"), MessageStatus.DEAD, attempts=services.MAX_ATTEMPTS)

    shown = {line.about: (line.state, line.notes) for line in desk().get(url("messages")).context["lines"]}

    assert shown == {
        "Skipped": ("Not sent", ["Its time had passed."]),
        "Twice": ("Sent", ["It may have left twice: a worker died while sending it."]),
        "Refused": ("Not sent", ["It was refused for good."]),
        "Tired": ("Not sent", ["It could not be handed over, however often that was tried."]),
    }


def test_a_visit_shows_what_will_be_sent_was_sent_and_was_not(visit, desk):
    Message.objects.all().delete()
    now = timezone.now()
    write(about_id=visit.pk, kind="reminder", subject="", text="", send_at=now + timedelta(days=1))
    become(write(about_id=visit.pk), MessageStatus.SENT, sent_at=now)
    write(about_id=visit.pk, kind="booking_rescheduled", subject="Moved", skipped="Its time had passed.")

    answer = desk("viewer").get(page(visit))

    expected = {"Will be sent": ["Reminder"], "Sent": ["Confirmed"], "Not sent": ["Moved"]}
    assert groups(answer, "messages_about") == expected
    assert LINK not in answer.text


def test_a_customers_card_shows_messages_to_all_their_addresses(salon, desk):
    anna = make_customer("Anna Berg", "anna@example.com", phone="+12125550187")
    write(send_at=timezone.now() + timedelta(days=1))
    become(write(kind="reminder", channel=Channel.SMS, recipient="+12125550187", subject=""), MessageStatus.DEAD)
    write(recipient="bob@example.com", subject="Bob's")

    answer = desk().get(url("customer", anna.pk))

    assert groups(answer, "message_groups") == {"Will be sent": ["Confirmed"], "Not sent": ["Reminder"]}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(number, salon, desk, django_assert_num_queries):
    for index in range(number):
        become(write(subject=f"Message {index}"), MessageStatus.DEAD, repeats=1)
    client = desk()
    client.get(url("messages"))

    with django_assert_num_queries(QUERIES):
        client.get(url("messages"))


# Sending again -------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [MessageStatus.DEAD, MessageStatus.UNCONFIRMED])
def test_what_was_given_up_leaves_again_by_a_press_and_the_trail_says_whose(status, desk, mailoutbox):
    message, client = become(write(), status, reason="Nobody can tell."), desk()
    asked = client.get(url("message-again", message.pk))

    answer = client.post(url("message-again", message.pk))

    assert (asked.status_code, "anna@example.com" in asked.text) == (200, True)
    assert ("may be read twice" in asked.text) == (status == MessageStatus.UNCONFIRMED)
    assert answer["Location"] == url("message", message.pk)
    message.refresh_from_db()
    assert (message.status, message.reason) == (MessageStatus.QUEUED, "")
    assert services.send_due(now=timezone.now()) == 1
    line = AuditEntry.objects.get(action="message.sent_again")
    assert (line.actor_label, line.subject_id, line.before) == (
        "staff@rosa.example",
        str(message.pk),
        {"status": status},
    )


@pytest.mark.parametrize(
    "status", [s for s in MessageStatus if s not in (MessageStatus.DEAD, MessageStatus.UNCONFIRMED)]
)
def test_nothing_else_is_sent_again(status, desk):
    message, client = become(write(), status), desk()

    client.post(url("message-again", message.pk))

    message.refresh_from_db()
    assert message.status == status
    assert said(client) == [("error", "Only what was given up can be sent again.")]
    assert AuditEntry.objects.filter(action="message.sent_again").count() == 0


def test_a_viewer_sends_nothing_again(desk):
    message, client = become(write(), MessageStatus.DEAD), desk("viewer")

    assert client.get(url("message", message.pk)).context["line"].again_url == ""
    assert client.post(url("message-again", message.pk)).status_code == 403
    message.refresh_from_db()
    assert message.status == MessageStatus.DEAD


def test_what_was_forgotten_is_not_sent_again(salon, desk):
    message = write(about_id=(about := uuid4()))
    services.forget(about=[about])

    desk().post(url("message-again", message.pk))

    message.refresh_from_db()
    assert (message.status, message.text) == (MessageStatus.DEAD, "")


def test_the_admin_leads_to_the_same_page(salon, desk):
    dead, sent = become(write(), MessageStatus.DEAD), become(write(), MessageStatus.SENT)
    client = desk()

    answer = client.get(f"/admin/messaging/message/{dead.pk}/send-again/")

    assert answer["Location"] == url("message-again", dead.pk)
    assert "send-again" in client.get(f"/admin/messaging/message/{dead.pk}/change/").text
    assert "send-again" not in client.get(f"/admin/messaging/message/{sent.pk}/change/").text
    assert desk("viewer").get(f"/admin/messaging/message/{dead.pk}/send-again/").status_code == 403


# Addresses that get nothing ------------------------------------------------------------------------


@pytest.fixture
def anna(salon):
    return make_customer("Anna Berg", "anna@example.com", phone="+12125550187")


def stop(address="anna@example.com", cause=Suppression.Cause.BOUNCED, channel=Channel.EMAIL):
    return services.suppress(channel=channel, address=address, scope="all", cause=cause, now=timezone.now())


def test_staff_allow_an_address_again_and_the_trail_says_so(anna, desk):
    row, client = stop(), desk()

    [shown] = client.get(url("customer", anna.pk)).context["stopped"]
    client.post(shown["url"])

    assert shown["title"] == "Nothing is sent to anna@example.com"
    assert Suppression.objects.count() == 0
    line = AuditEntry.objects.get(action="address.allowed")
    assert (line.subject_id, line.before["cause"]) == (str(row.pk), "bounced")


@pytest.mark.parametrize("cause", [Suppression.Cause.STOPPED, Suppression.Cause.UNSUBSCRIBED])
def test_what_somebody_said_themselves_staff_do_not_take_back(cause, anna, desk):
    row, client = stop(cause=cause), desk("owner")

    [shown] = client.get(url("customer", anna.pk)).context["stopped"]
    client.post(url("customer-allow", anna.pk, row.pk))

    assert shown["url"] == ""
    assert Suppression.objects.get() == row
    assert AuditEntry.objects.filter(action="address.allowed").count() == 0


def test_only_a_customers_own_addresses_are_allowed_through_their_card(anna, desk):
    row = stop("bob@example.com")

    assert desk("owner").post(url("customer-allow", anna.pk, row.pk)).status_code == 404
    assert desk("viewer").post(url("customer-allow", anna.pk, row.pk)).status_code == 403
    assert Suppression.objects.get() == row
