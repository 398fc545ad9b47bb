"""Step 8 as pages: what customers are told, by whose words."""

import pytest
from django_tenants.utils import tenant_context

from messaging.models import NotificationTemplate
from messaging.triggers import TEXTED, TRIGGERS
from onboarding import queries
from tenants.tests.api import NO_STATIC

pytestmark = NO_STATIC
PATH = "/onboarding/notifications/"
TEXT = f"{PATH}?text=booking_confirmed.email"
WORDS = {"subject": "See you, {{customer_name}}", "body": "On {{booking_date}}.\n\n{{manage_link}}", "is_active": "on"}


@pytest.fixture
def browser(client_for, newcomer):
    return client_for(None, newcomer)


def kept(progress):
    with tenant_context(progress.business):
        return list(NotificationTemplate.objects.values_list("trigger", "channel", "subject", "body", "is_active"))


def completed(opened, newcomer):
    return queries.own_progress(newcomer, opened.pk).completed_steps


def test_every_occasion_is_listed_with_the_standard_words(browser, opened):
    page = browser.get(PATH).text

    assert all(f">{trigger.label}</h2>" in page for trigger in TRIGGERS.values())
    assert page.count("&amp;text=") == len(TRIGGERS) + len(TEXTED)
    assert ">your words</span>" not in page
    assert "“We have your request for " in page


def test_pressed_at_once_the_standard_words_stay(browser, opened, newcomer):
    answer = browser.post(PATH, {"salon": opened.pk, "save": "1"})

    assert answer["Location"] == f"/onboarding/policies/?salon={opened.pk}"
    assert kept(opened) == []
    assert 8 in completed(opened, newcomer)


def test_left_for_later_it_is_not_done(browser, opened, newcomer):
    answer = browser.post(PATH, {"salon": opened.pk, "skip": "1"})

    assert answer["Location"] == f"/onboarding/policies/?salon={opened.pk}"
    assert 8 not in completed(opened, newcomer)


def test_a_text_begins_with_a_suggestion_and_its_placeholders(browser, opened):
    page = browser.get(TEXT).text

    assert "A suggestion, as a customer would read it" in page
    assert "You are booked: Cut and finish with Robin on" in page
    assert "<code>{{cancellation_policy}}</code>" in page
    assert "<code>{{gift_card_code}}</code>" not in page
    assert "Use the standard words again" not in page


def test_ones_own_words_are_kept_shown_and_taken_back(browser, opened, newcomer):
    answer = browser.post(TEXT, WORDS | {"save": "1"})

    assert answer["Location"] == f"{PATH}?salon={opened.pk}&saved=1"
    body = "On {{booking_date}}.\n\n{{manage_link}}"
    assert kept(opened) == [("booking_confirmed", "email", "See you, {{customer_name}}", body, True)]
    assert 8 in completed(opened, newcomer)
    page = browser.get(PATH).text
    assert page.count(">your words</span>") == 1
    assert "“See you, Jordan Lee”" in page
    assert "See you, Jordan Lee" in browser.get(TEXT).text

    browser.post(TEXT, WORDS | {"reset": "1"})

    assert kept(opened) == []


def test_words_that_are_switched_off_are_kept(browser, opened):
    browser.post(TEXT, {"subject": "S", "body": "B", "save": "1"})

    assert kept(opened) == [("booking_confirmed", "email", "S", "B", False)]
    assert ">switched off</span>" in browser.get(PATH).text


def test_a_preview_saves_nothing(browser, opened, newcomer):
    page = browser.post(TEXT, WORDS | {"body": "<b>Dear {{customer_name}}</b>", "look": "1"}).text

    assert "As a customer would read it" in page
    assert "&lt;b&gt;Dear Jordan Lee&lt;/b&gt;" in page
    assert "<b>Dear" not in page
    assert kept(opened) == []
    assert 8 not in completed(opened, newcomer)


@pytest.mark.parametrize("press", ["save", "look"])
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"body": "Dear\n{{customer}}"}, "Line 2, column 1:"),
        ({"body": "{{gift_card_code}}"}, "is not known in “Booking confirmed”"),
        ({"body": "{% now %}"}, "belongs to a template language"),
        ({"body": ""}, "This field is required."),
        ({"subject": "{{customer_name"}, "is not closed"),
        ({"body": "x" * 10_001}, "at most 10,000 characters"),
    ],
)
def test_words_that_cannot_be_sent_are_refused_at_their_place(browser, opened, press, change, sentence):
    answer = browser.post(TEXT, WORDS | change | {press: "1"})

    assert sentence in answer.text
    assert "As a customer would read it" not in answer.text
    assert kept(opened) == []


def test_a_text_message_has_no_subject(browser, opened):
    sms = f"{PATH}?text=reminder.sms"

    assert 'name="subject"' not in browser.get(sms).text
    browser.post(sms, {"body": "See you {{booking_date}}", "is_active": "on", "save": "1"})

    assert kept(opened) == [("reminder", "sms", "", "See you {{booking_date}}", True)]


@pytest.mark.parametrize("named", ["nonsense", "booking_confirmed", "booking_confirmed.fax", "x.email"])
def test_a_text_there_is_not_does_not_exist(browser, opened, named):
    assert browser.get(PATH, {"text": named}).status_code == 404


def test_another_salon_keeps_its_words(browser, opened, rosa):
    browser.post(TEXT, WORDS | {"save": "1"})

    with tenant_context(rosa):
        assert not NotificationTemplate.objects.exists()
