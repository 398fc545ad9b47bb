"""The pages where a salon finds its words: read by everybody, written by owners and admins, shown before they are saved."""

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from messaging import defaults, services
from messaging.models import NotificationTemplate
from messaging.triggers import TRIGGERS
from tenants.models import Role
from tenants.tests.api import NO_STATIC, cheap_passwords

__all__ = ["cheap_passwords"]
pytestmark = NO_STATIC
LIST = "/admin/words/"
PAGE = "/admin/words/booking_confirmed/email/"
SMS_PAGE = "/admin/words/reminder/sms/"
TYPED = {"subject": "Booked, {{customer_name}}", "body": "Hello {{customer_name}}", "is_active": "on"}


@pytest.fixture
def desk(salon, client_for, member):
    """`desk("staff")`: a browser signed in with that role at rosa."""
    return lambda role="admin": client_for(salon, member(role))


@pytest.fixture
def template(salon):
    fields = TYPED | {"channel": "email", "trigger": "booking_confirmed", "is_active": True}
    return services.save_template(fields=fields, by=SYSTEM, now=timezone.now())


def stored():
    return list(NotificationTemplate.objects.values_list("trigger", "channel", "subject", "body", "is_active"))


def said(client):
    return [str(message) for message in client.get(LIST).context["messages"]]


def test_the_list_has_every_occasion_and_says_whose_words_it_has(desk, template):
    client = desk("viewer")

    answer = client.get(LIST)

    shown = answer.context["occasions"]
    assert [trigger for trigger, _ in shown] == list(TRIGGERS.values())
    assert [each.is_own for _, channels in shown for each in channels].count(True) == 1
    assert ("Your words" in answer.text, "Text messages are not sent yet" in answer.text) == (True, True)


def test_a_page_starts_with_the_suggested_words_and_shows_them(salon, desk):
    answer = desk().get(PAGE)

    suggested = defaults.default_for(trigger="booking_confirmed", channel="email")
    assert answer.context["form"]["body"].value() == suggested.body
    assert "Jordan Lee" in answer.context["words"].html
    assert salon.name in answer.context["words"].subject
    assert stored() == []


def test_what_was_typed_is_saved(desk):
    client = desk()

    answer = client.post(PAGE, TYPED)

    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert stored() == [("booking_confirmed", "email", TYPED["subject"], TYPED["body"], True)]
    assert said(client) == ["Saved: Booking confirmed, e-mail."]
    assert AuditEntry.objects.get(action="notification_template.added").actor_label == "admin@rosa.example"


def test_a_text_can_be_switched_off_and_changed(desk, template):
    desk().post(PAGE, {name: value for name, value in TYPED.items() if name != "is_active"} | {"body": "Bye"})

    assert stored() == [("booking_confirmed", "email", TYPED["subject"], "Bye", False)]


def test_a_text_message_is_kept_and_said_not_to_be_sent(desk):
    client = desk()

    assert "Text messages are not sent yet" in client.get(SMS_PAGE).text
    client.post(SMS_PAGE, {"body": "At {{booking_time}}", "is_active": "on", "subject": "not asked for"})

    assert stored() == [("reminder", "sms", "", "At {{booking_time}}", True)]


def test_where_texts_are_sent_the_pages_say_to_whom_and_who_pays(desk, local_twilio):
    client = desk()

    page = client.get(SMS_PAGE).text

    assert "sent to customers who have agreed to text messages" in page
    assert "Send this text message" in client.get(SMS_PAGE.replace("reminder", "booking_confirmed")).text
    assert "Off: the standard words are sent." in page
    assert "not sent yet" not in page
    assert "Text messages are not sent yet" not in client.get(LIST).text


def test_a_preview_saves_nothing(desk):
    answer = desk().post(PAGE, TYPED | {"preview": "1", "body": "<b>{{customer_name}}</b>"})

    assert "<p>&lt;b&gt;Jordan Lee&lt;/b&gt;</p>" in answer.text
    assert answer.context["form"]["body"].value() == "<b>{{customer_name}}</b>"
    assert stored() == []


@pytest.mark.parametrize("press", [{}, {"preview": "1"}], ids=["save", "preview"])
def test_what_cannot_be_sent_is_said_with_its_place(desk, press):
    answer = desk().post(PAGE, TYPED | press | {"body": "Hello\r\n{{nobody}}"})

    sentence = "Line 2, column 1: “{{nobody}}” is not a placeholder."
    assert answer.context["form"].errors == {"body": [sentence]}
    assert answer.context["words"] is None
    assert sentence in answer.text
    assert stored() == []


def test_the_suggested_words_come_back(desk, template):
    answer = desk().post(f"{PAGE}reset/")

    suggested = defaults.default_for(trigger="booking_confirmed", channel="email")
    assert answer["Location"] == PAGE
    assert stored() == [("booking_confirmed", "email", suggested.subject, suggested.body, True)]
    assert AuditEntry.objects.filter(action="notification_template.changed").get().before["body"] == TYPED["body"]


def test_there_is_nothing_to_reset_without_a_text(desk):
    assert desk().post(f"{PAGE}reset/").status_code == 404


@pytest.mark.parametrize("path", ["/admin/words/birthday/email/", "/admin/words/reminder/fax/"])
def test_other_occasions_do_not_exist(desk, path):
    client = desk()

    assert (client.get(path).status_code, client.post(path, TYPED).status_code) == (404, 404)


@pytest.mark.parametrize("role", Role.values)
def test_roles(desk, template, role):
    client, writes = desk(role), role in ("admin", "owner")

    reads = {client.get(path).status_code for path in (LIST, PAGE, SMS_PAGE)}
    pressed = [client.post(PAGE, TYPED).status_code, client.post(f"{PAGE}reset/").status_code]

    assert reads == {200}
    assert pressed == ([302, 302] if writes else [403, 403])
    assert ("Show preview" in client.get(PAGE).text) == writes


def test_a_viewer_reads_what_is_sent(desk, template):
    answer = desk("viewer").get(PAGE)

    assert answer.context["form"]["body"].value() == TYPED["body"]
    assert answer.context["words"].subject == "Booked, Jordan Lee"


def test_the_other_salon_has_its_own(salon, other_salon, client_for, member, template):
    neighbour = client_for(other_salon, member("owner", other_salon))

    assert neighbour.get(PAGE).context["form"]["subject"].value() != TYPED["subject"]
    assert neighbour.post(f"{PAGE}reset/").status_code == 404
    assert neighbour.post(PAGE, TYPED | {"body": "Ours"}).status_code == 302

    assert stored()[0][3] == TYPED["body"]
    with tenant_context(other_salon):
        assert stored()[0][3] == "Ours"


def test_members_of_another_salon_find_no_page(salon, other_salon, client_for, member):
    stranger = client_for(salon, member("owner", other_salon))

    assert {stranger.get(path).status_code for path in (LIST, PAGE)} == {404}
    assert stranger.post(PAGE, TYPED).status_code == 404


def test_strangers_are_sent_to_sign_in(salon, salon_client):
    assert salon_client.get(PAGE).status_code == 302
    assert salon_client.post(PAGE, TYPED).status_code == 302
    assert stored() == []
