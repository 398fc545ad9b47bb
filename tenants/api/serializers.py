"""What every body has in common: nothing unknown gets in, and an instant says which one it is."""

from datetime import UTC

from phonenumber_field.phonenumber import PhoneNumber
from phonenumbers import NumberParseException
from rest_framework import serializers

from tenants.clock import is_in_reach

MAX_NAMED = 20


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not take, also those it only shows: a typing error is not silently lost."""

    def to_internal_value(self, data):
        if isinstance(data, dict):
            known = {field.field_name for field in self._writable_fields}
            unknown = [str(name) for name in data if name not in known][:MAX_NAMED]
            if unknown:
                raise serializers.ValidationError({name: ["This field is not known."] for name in unknown})
        return super().to_internal_value(data)


class SomeOf(StrictSerializer):
    """A body of which `some=True` takes any part. What stands in lists is whole all the same."""

    def __init__(self, *args, some=False, **kwargs):
        super().__init__(*args, **kwargs)
        if some:
            for field in self.fields.values():
                field.required = False


class Nothing(StrictSerializer):
    """An empty body."""


class Instant(serializers.DateTimeField):
    """An aware instant in whole seconds, written and read as UTC. No zone or language of the caller changes it."""

    default_error_messages = {
        "naive": "Write the instant with its offset from UTC, for example 2027-01-15T10:00:00Z.",
        "fraction": "Write the instant in whole seconds.",
        "range": "This instant is out of reach.",
    }

    def __init__(self, **kwargs):
        super().__init__(default_timezone=UTC, **kwargs)

    def enforce_timezone(self, value):
        if value.tzinfo is None:
            self.fail("naive")
        try:
            value = value.astimezone(UTC)
        except OverflowError:
            self.fail("range")
        if not is_in_reach(value):
            self.fail("range")
        if value.microsecond:
            self.fail("fraction")
        return value


class Phone(serializers.CharField):
    """A phone number, read in the salon's country (or the context's `region`) and kept as E.164.

    A number that states its country may be one our numbering plans do not list yet.
    """

    default_error_messages = {"phone": "Write the number with its country or area code."}

    def __init__(self, **kwargs):
        super().__init__(max_length=40, **kwargs)

    def to_internal_value(self, data):
        text = super().to_internal_value(data)
        if not text:
            return text
        business = getattr(self.context.get("request"), "tenant", None)
        try:
            region = self.context.get("region") or (business.country if business else "US")
            number = PhoneNumber.from_string(text, region=region)
        except NumberParseException:
            self.fail("phone")
        if not (number.is_valid() or text.startswith("+")):
            self.fail("phone")
        return number.format_as(0)

    def to_representation(self, value):
        return str(value) if value else ""


class Problem(serializers.Serializer):
    """How every refusal looks."""

    detail = serializers.CharField(help_text="A sentence fit for the person in front of the screen.")
    code = serializers.CharField(help_text="Stable; programs tell refusals apart by it.")
    errors = serializers.DictField(required=False, help_text="Field → what is wrong with it.")
    request_id = serializers.CharField()
