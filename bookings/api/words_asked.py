"""What callers may write as the salon's own words."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from messaging import placeholders, triggers
from messaging.models import Channel, NotificationTemplate
from messaging.services.templates import MAX_NAME, MAX_SORT
from tenants import languages
from tenants.api.examples import example
from tenants.api.serializers import StrictSerializer

MOST_TEXTS = 2 * len(triggers.TRIGGERS) * len(languages.NAMES)


@example(
    "A reminder by e-mail",
    channel="email",
    trigger="reminder",
    subject="See you on {{booking_date}}",
    body="Hello {{customer_name}},\n\nwe expect you at {{booking_time}}: {{manage_link}}",
)
class TemplateIn(StrictSerializer):
    """One text. Only `{{placeholders}}` of its trigger stand in it; a subject is for e-mails."""

    name = serializers.CharField(max_length=MAX_NAME, allow_blank=True, default="")
    channel = serializers.ChoiceField(choices=Channel.choices)
    trigger = serializers.ChoiceField(choices=triggers.CHOICES)
    language = serializers.ChoiceField(
        choices=languages.CHOICES,
        required=False,
        help_text="The salon's own where a new text says nothing; a text that is there keeps its own.",
    )
    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, default="")
    body = serializers.CharField(allow_blank=True, trim_whitespace=False)
    is_active = serializers.BooleanField(default=True)
    sort = serializers.IntegerField(min_value=0, max_value=MAX_SORT, default=0)


@example("Not any more", is_active=False)
class TemplatePatch(TemplateIn):
    """What is not named stays."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, partial=True, **kwargs)


@example(
    "A reminder by e-mail and as a text message",
    templates=[
        {
            "channel": "email",
            "trigger": "reminder",
            "subject": "See you on {{booking_date}}",
            "body": "Hello {{customer_name}},\n\nwe expect you at {{booking_time}}: {{manage_link}}",
        },
        {
            "channel": "sms",
            "trigger": "reminder",
            "body": "{{business_name}}: see you on {{booking_date}}, {{booking_time}}. {{manage_link}}",
        },
    ],
)
class TemplatesIn(StrictSerializer):
    """Texts, each in place of the one of its trigger, channel and language."""

    templates = TemplateIn(many=True, allow_empty=False, max_length=MOST_TEXTS)


@example(
    "Words that are not saved yet",
    subject="See you on {{booking_date}}",
    body="Hello {{customer_name}}, we expect you at {{booking_time}}.",
)
class PreviewIn(StrictSerializer):
    """A made-up customer, or the one of a booking; `subject` and `body` show words that are not saved yet."""

    booking_id = serializers.UUIDField(required=False)
    subject = serializers.CharField(allow_blank=True, trim_whitespace=False, required=False)
    body = serializers.CharField(allow_blank=True, trim_whitespace=False, required=False)


class TemplateFilter(filters.FilterSet):
    trigger = filters.ChoiceFilter(choices=triggers.CHOICES)
    channel = filters.ChoiceFilter(choices=Channel.choices)
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    is_active = filters.BooleanFilter()

    class Meta:
        model = NotificationTemplate
        fields = ()


class TemplateOut(serializers.ModelSerializer):
    """A text with the placeholders it may hold, and what had better be known about it."""

    placeholders = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()

    class Meta:
        model = NotificationTemplate
        fields = (
            "id",
            "name",
            "channel",
            "trigger",
            "language",
            "subject",
            "body",
            "is_active",
            "sort",
            "placeholders",
            "warnings",
            "updated_at",
        )

    def get_placeholders(self, template) -> list[str]:
        return list(triggers.TRIGGERS[template.trigger].placeholders)

    def get_warnings(self, template) -> list[str]:
        return placeholders.warnings_of(channel=template.channel, body=template.body, trigger=template.trigger)


class PreviewOut(serializers.Serializer):
    subject = serializers.CharField()
    body = serializers.CharField()
    html = serializers.CharField(
        help_text="The words in the salon's layout; the facts of the visit follow in the mail."
    )
    characters = serializers.IntegerField(help_text="How long the words are, filled in.")
    segments = serializers.IntegerField(help_text="Of a text message: how many it is sent and paid for as; else 0.")
