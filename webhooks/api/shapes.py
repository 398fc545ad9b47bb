"""How endpoints and deliveries are written in JSON, and what callers may ask."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from tenants.api.examples import example
from tenants.api.serializers import StrictSerializer
from webhooks.models import DeliveryStatus, EventType, WebhookDelivery, WebhookEndpoint


@example(
    "A till that is told of bookings and money",
    url="https://till.example.com/hooks/tithi",
    events=["booking.confirmed", "booking.canceled", "payment.captured"],
    description="Till",
)
class EndpointIn(StrictSerializer):
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(child=serializers.ChoiceField(EventType.choices), min_length=1, max_length=20)
    description = serializers.CharField(max_length=120, required=False, allow_blank=True)


@example("Nothing is sent for now", paused=True)
class EndpointChange(StrictSerializer):
    """What is not sent stays."""

    url = serializers.CharField(max_length=500, required=False)
    events = serializers.ListField(
        child=serializers.ChoiceField(EventType.choices), min_length=1, max_length=20, required=False
    )
    description = serializers.CharField(max_length=120, required=False, allow_blank=True)
    paused = serializers.BooleanField(required=False, help_text="False also starts a disabled endpoint again.")


class EndpointOut(serializers.ModelSerializer):
    class Meta:
        model = WebhookEndpoint
        fields = ("id", "url", "description", "events", "state", "disabled_reason", "failing_since", "created_at")


class EndpointWithSecret(EndpointOut):
    """`secret` is shown here and never again."""

    secret = serializers.CharField(read_only=True)

    class Meta:
        model = WebhookEndpoint
        fields = (*EndpointOut.Meta.fields, "secret")


class TryOut(serializers.Serializer):
    at = serializers.DateTimeField()
    code = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class DeliveryOut(serializers.ModelSerializer):
    event_id = serializers.UUIDField(source="event.public_id")
    type = serializers.CharField(source="event.type")
    occurred_at = serializers.DateTimeField(source="event.occurred_at")
    booking_id = serializers.UUIDField(source="event.booking_id", allow_null=True)
    sequence = serializers.IntegerField(source="event.sequence", allow_null=True)
    tries = TryOut(many=True)
    next_try_at = serializers.SerializerMethodField()

    class Meta:
        model = WebhookDelivery
        fields = (
            "id",
            "event_id",
            "type",
            "occurred_at",
            "booking_id",
            "sequence",
            "status",
            "tries",
            "next_try_at",
            "response_code",
            "response_text",
            "reason",
            "delivered_at",
        )

    def get_next_try_at(self, delivery) -> str | None:
        if delivery.status != DeliveryStatus.PENDING:
            return None
        return serializers.DateTimeField().to_representation(delivery.due_at)


class DeliveryFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=DeliveryStatus.choices)

    class Meta:
        model = WebhookDelivery
        fields = ("status",)
