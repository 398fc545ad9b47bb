"""The salon's own words: written by one verb, one text in use for each occasion, used or left alone, never in the way."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from audit.models import AuditEntry
from config.testing_racing import at_once
from messaging import defaults, queries, samples, services
from messaging.models import NotificationTemplate
from messaging.triggers import PLACEHOLDERS, TEXTED, TRIGGERS

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
EMAIL = {
    "channel": "email",
    "trigger": "booking_confirmed",
    "subject": "See you, {{customer_name}}",
    "body": "Hello {{customer_name}}",
}
SMS = {"channel": "sms", "trigger": "reminder", "body": "See you at {{booking_time}}"}
VALUES = {"customer_name": "Ann"}


def save(template=None, **fields):
    return services.save_template(template=template, fields=fields, by=SYSTEM, now=NOW)


def refused(**fields):
    with pytest.raises(services.TemplateRefused) as refusal:
        save(**fields)
    assert not NotificationTemplate.objects.exists()
    return refusal.value


def test_a_text_is_kept_with_a_name_and_a_line_in_the_trail(salon):
    template = save(**EMAIL | {"body": " Hello\r\n{{customer_name}} "})

    template.refresh_from_db()
    assert (template.name, template.body, template.is_active) == (
        "Booking confirmed (e-mail)",
        "Hello\n{{customer_name}}",
        True,
    )
    entry = AuditEntry.objects.get(action="notification_template.added")
    assert entry.after["subject"] == "See you, {{customer_name}}"


def test_a_change_tells_the_trail_what_changed(salon):
    template = save(**EMAIL)

    save(template, subject="Booked")
    save(template, subject="Booked")

    entry = AuditEntry.objects.get(action="notification_template.changed")
    assert (entry.before, entry.after) == ({"subject": "See you, {{customer_name}}"}, {"subject": "Booked"})


def test_every_wrong_field_is_named_with_its_place(salon):
    refusal = refused(**EMAIL | {"subject": "Hi\r\nBcc: a@example.com", "body": "Hi\n{{nam}}"})

    assert refusal.errors == {
        "subject": ["Line 1, column 3: A subject is one line."],
        "body": ["Line 2, column 1: “{{nam}}” is not a placeholder."],
    }
    assert refusal.places["body"] == {"line": 2, "column": 1, "word": "{{nam}}"}


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        (EMAIL | {"subject": " "}, "subject", "A subject cannot be empty."),
        (SMS | {"subject": "Hi"}, "subject", "A text message has no subject."),
        (EMAIL | {"trigger": "birthday"}, "trigger", f"Choose one of: {', '.join(TRIGGERS)}."),
        (EMAIL | {"channel": "fax"}, "channel", "Choose one of: email, sms."),
        (EMAIL | {"name": "a" * 81}, "name", "A name has at most 80 characters, on one line."),
        (EMAIL | {"name": "a\nb"}, "name", "A name has at most 80 characters, on one line."),
        (EMAIL | {"sort": -1}, "sort", "Write a number from 0 to 32767."),
        (
            EMAIL | {"body": "a" * 1_000_000},
            "body",
            "A text has at most 10,000 characters; this one has 1,000,000.",
        ),
    ],
)
def test_what_cannot_be_sent_is_refused(salon, fields, field, sentence):
    assert refused(**fields).errors == {field: [sentence]}


def test_no_other_column_can_be_written(salon):
    with pytest.raises(ValueError, match="not to be written here"):
        save(**EMAIL | {"created_at": NOW})


def test_one_text_is_in_use_for_a_trigger_and_a_channel(salon):
    save(**EMAIL)
    spare = save(**EMAIL | {"is_active": False})

    with pytest.raises(services.TemplateExists):
        save(**EMAIL)
    with pytest.raises(services.TemplateExists):
        save(spare, is_active=True)

    assert NotificationTemplate.objects.filter(is_active=True).count() == 1


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"subject": ""}, "template_subject_of_emails"),
        ({"channel": "sms"}, "template_subject_of_emails"),
        ({"channel": "fax"}, "template_subject_of_emails"),
        ({"subject": "a\nb"}, "template_subject_one_line"),
        ({"subject": "a\rb"}, "template_subject_one_line"),
        ({"body": ""}, "template_body_length"),
        ({"body": "a" * 10_001}, "template_body_length"),
    ],
)
def test_the_database_has_the_last_word(salon, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        NotificationTemplate.objects.create(**EMAIL | {"name": "x"} | fields)


def test_a_list_of_texts_is_written_whole_and_may_come_again(salon):
    texts = [EMAIL, SMS]

    first = services.write_templates(texts=texts, by=SYSTEM, now=NOW)
    again = services.write_templates(texts=[EMAIL | {"body": "Shorter"}, SMS], by=SYSTEM, now=NOW)

    assert [each.pk for each in first] == [each.pk for each in again]
    assert list(NotificationTemplate.objects.values_list("body", flat=True)) == [
        "Shorter",
        "See you at {{booking_time}}",
    ]


@pytest.mark.django_db(transaction=True)
def test_many_who_write_the_same_list_at_once_leave_it_once(rosa):
    def write(number):
        texts = [EMAIL, SMS] if number % 2 else [SMS, EMAIL]
        with tenant_context(rosa):
            return len(services.write_templates(texts=texts, by=SYSTEM, now=NOW))

    assert at_once(6, write) == [2] * 6
    with tenant_context(rosa):
        assert sorted(NotificationTemplate.objects.values_list("trigger", "is_active")) == [
            ("booking_confirmed", True),
            ("reminder", True),
        ]


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_the_same_text_at_once_one_does(rosa):
    def add(number):
        with tenant_context(rosa):
            try:
                save(**EMAIL)
            except services.TemplateExists:
                return 0
            return 1

    assert sum(at_once(6, add)) == 1
    with tenant_context(rosa):
        assert NotificationTemplate.objects.count() == 1


def test_a_list_with_a_wrong_text_writes_nothing_and_names_it(salon):
    with pytest.raises(services.TemplateRefused) as refusal:
        services.write_templates(texts=[EMAIL, SMS | {"body": "{% now %}"}, EMAIL], by=SYSTEM, now=NOW)

    assert list(refusal.value.errors) == ["1.body", "2.trigger"]
    assert refusal.value.places == {"1.body": {"line": 1, "column": 1, "word": "{%"}}
    assert not NotificationTemplate.objects.exists()


def test_reset_brings_the_suggested_words_back(salon):
    template = save(**EMAIL | {"name": "Mine"})

    services.reset_template(template=template, by=SYSTEM, now=NOW)

    template.refresh_from_db()
    suggested = defaults.default_for(trigger="booking_confirmed", channel="email")
    assert (template.name, template.subject, template.body) == ("Mine", suggested.subject, suggested.body)


def test_a_deleted_text_is_gone_for_whoever_still_has_it_open(salon):
    template = save(**EMAIL)
    services.delete_template(template=template, by=SYSTEM, now=NOW)

    assert AuditEntry.objects.get(action="notification_template.deleted").before["body"] == "Hello {{customer_name}}"
    with pytest.raises(services.TemplateGone):
        save(template, subject="Late")


def test_a_preview_needs_no_row(salon):
    words = services.preview(fields=EMAIL, values={"customer_name": "<Ann>"})

    assert (words.subject, words.text, words.html) == ("See you, <Ann>", "Hello <Ann>", "<p>Hello &lt;Ann&gt;</p>")
    assert not NotificationTemplate.objects.exists()


def test_a_sample_has_a_value_for_every_placeholder_and_the_salons_own_name(salon):
    values = samples.sample_values(business=salon, now=NOW)

    assert set(values) == set(PLACEHOLDERS)
    assert values["business_name"] == salon.name
    assert values["booking_date"] == "Monday 8 March 2027"
    assert values["price"] == "$65.00"


def test_a_salon_without_a_text_has_no_words_of_its_own(salon):
    save(**EMAIL | {"is_active": False})

    assert services.own_words(trigger="booking_confirmed", values=dict) is None


def test_the_text_in_use_is_filled_in(salon):
    save(**EMAIL)

    words = services.own_words(trigger="booking_confirmed", values=lambda: VALUES)

    assert words == services.Words("See you, Ann", "Hello Ann", "<p>Hello Ann</p>")


def test_words_that_fail_are_left_out_and_logged(salon, caplog):
    save(**EMAIL)

    assert services.own_words(trigger="booking_confirmed", values=dict) is None

    assert "template_failed" in caplog.text


def test_the_other_salon_has_its_own_words(salon, other_salon):
    save(**EMAIL)

    with tenant_context(other_salon):
        assert queries.active_template(trigger="booking_confirmed") is None
        assert not any(occasion.is_own for occasion in queries.occasions())


def test_occasions_are_every_trigger_by_every_channel(salon, django_assert_num_queries):
    template = save(**EMAIL)
    save(**EMAIL | {"is_active": False, "body": "Another"})

    with django_assert_num_queries(1):
        occasions = queries.occasions()

    assert len(occasions) == len(TRIGGERS) + len(TEXTED)
    assert [each.template for each in occasions if each.is_own] == [template]
