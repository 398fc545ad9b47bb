"""What a salon types: refused by the verb's rules at its field, shown before it is saved."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string

from audit.actors import SYSTEM
from messaging import samples, services
from messaging.forms import TemplateForm
from messaging.models import NotificationTemplate

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
TYPED = {"subject": "Hello", "body": "Hello {{customer_name}}", "is_active": "on"}


def form_of(data=None, trigger="booking_confirmed", **more):
    return TemplateForm(data, trigger=trigger, **more)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_form_starts_with_the_suggested_words_and_saves_what_was_typed(salon, channel):
    form = form_of(TYPED, channel=channel)

    assert form.is_valid()
    template = services.save_template(fields=form.asked(), by=SYSTEM, now=NOW)
    assert (template.channel, template.trigger, template.body) == (
        channel,
        "booking_confirmed",
        "Hello {{customer_name}}",
    )
    assert "{{service_name}}" in form_of().initial["body"]


def test_what_is_refused_stands_at_its_field(salon):
    form = form_of(TYPED | {"subject": "Hi {% now %}", "body": "a\r\n{{nobody}}"})

    assert not form.is_valid()
    assert form.errors["body"] == ["Line 2, column 1: “{{nobody}}” is not a placeholder."]
    assert form.errors["subject"][0].startswith("Line 1, column 4: “{%” belongs to a template language")
    assert form.words({}) is None


def test_an_unsaved_text_is_shown_with_a_made_up_customer(salon):
    values = samples.sample_values(business=salon, now=NOW)

    typed, suggested = form_of(TYPED).words(values), form_of().words(values)

    assert typed.html == "<p>Hello Jordan Lee</p>"
    assert suggested.subject == f"Confirmed: Monday 8 March 2027, 14:30 at {salon.name}"
    assert not NotificationTemplate.objects.exists()


def test_the_editor_escapes_what_was_typed(salon):
    form = form_of(TYPED | {"body": "</textarea><script>{{customer_name}}"}, prefix="t")
    form = form_of({f"t-{name}": value for name, value in form.data.items()}, prefix="t")

    page = render_to_string("messaging/_template.html", {"form": form, "words": form.words({"customer_name": "<b>"})})

    assert "<script>" not in page
    assert "<p>&lt;/textarea&gt;&lt;script&gt;&lt;b&gt;</p>" in page
    assert "<code>{{customer_name}}</code>" in page
