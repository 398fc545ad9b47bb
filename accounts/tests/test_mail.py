"""Mails about accounts: written down with the press, sent after it, and forgotten once they have left."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from kombu.exceptions import OperationalError

from accounts import services, tasks
from accounts.models import AccountMessage
from messaging.models import Message, MessageStatus


@pytest.fixture(params=["salon", "platform"])
def browser(request, client_for, rosa):
    return client_for(rosa if request.param == "salon" else None)


def ask_for_reset(browser, email):
    return browser.post("/accounts/password/reset/", {"email": email})


def test_a_reset_is_written_down_and_not_sent(browser, staff, mailoutbox):
    ask_for_reset(browser, staff.email)

    message = AccountMessage.objects.get()
    assert (message.recipient, message.status, message.kind) == (staff.email, "queued", "password_reset_key")
    assert "/accounts/password/reset/key/" in message.text
    assert mailoutbox == []


def test_keys_to_accounts_are_never_in_a_salons_outbox(salon_client, rosa, staff):
    ask_for_reset(salon_client, staff.email)

    with tenant_context(rosa):
        assert Message.objects.count() == 0


def test_a_link_leads_to_the_host_where_it_was_asked_for(salon_client, rosa, staff, account_mails):
    ask_for_reset(salon_client, staff.email)

    [mail] = account_mails()
    assert f"//{rosa.host}/accounts/password/reset/key/" in mail.body
    assert mail.body.endswith("Rosa Studio")


def test_the_words_go_when_the_mail_has_left(platform_client, staff, account_mails):
    ask_for_reset(platform_client, staff.email)

    account_mails()

    assert AccountMessage.objects.values_list("status", "text", "html").get() == (MessageStatus.SENT, "", "")


def test_a_mail_server_that_is_away_loses_nothing(platform_client, staff, monkeypatch, mailoutbox):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as away:
        away.setattr("django.core.mail.EmailMessage.send", refuse)
        ask_for_reset(platform_client, staff.email)
        services.send_due(now=timezone.now())
    services.send_due(now=timezone.now() + timedelta(minutes=5))

    [mail] = mailoutbox
    assert "/accounts/password/reset/key/" in mail.body


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_loses_nothing(platform_client, staff, monkeypatch, mailoutbox):
    def away(self, *args, **options):
        raise OperationalError("away")

    monkeypatch.setattr(tasks.send_account_mail, "apply_async", away.__get__(tasks.send_account_mail))

    answer = ask_for_reset(platform_client, staff.email)
    tasks.send_account_mail()

    assert answer.status_code == 302
    assert [mail.to for mail in mailoutbox] == [[staff.email]]


def test_signing_in_by_mail(browser, staff, account_mails):
    asked = browser.post("/accounts/login/code/", {"email": staff.email})
    code = re.search(r"^([A-Z0-9-]{6,})$", account_mails()[-1].body, re.M)[1]

    answer = browser.post(asked["Location"], {"code": code})

    assert answer.status_code == 302
    assert browser.session["_auth_user_id"] == str(staff.pk)


def test_a_wrong_code_signs_nobody_in_and_three_end_it(platform_client, staff):
    asked = platform_client.post("/accounts/login/code/", {"email": staff.email})

    answers = [platform_client.post(asked["Location"], {"code": "WRONGG"}).status_code for _ in range(3)]

    assert answers == [200, 200, 302]
    assert "_auth_user_id" not in platform_client.session
