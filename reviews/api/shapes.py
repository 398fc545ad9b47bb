"""How reviews are written in JSON."""

from rest_framework import serializers

from reviews.models import Review
from tenants.api.pagination import Pages


class ReviewOut(serializers.ModelSerializer):
    """As it is known to the team: `stars` is null, and the words are empty, once it is taken back.

    `version` counts what the customer has sent; whoever acts on a review names the one they have read.
    """

    booking_id = serializers.UUIDField()

    class Meta:
        model = Review
        fields = (
            "id",
            "booking_id",
            "version",
            "stars",
            "text",
            "shown_name",
            "status",
            "written_at",
            "changed_at",
            "published_at",
            "hidden_reason",
            "answer",
            "answered_at",
        )


class PublishedOut(serializers.ModelSerializer):
    """As everybody reads it; of when, only the month is told."""

    signed = serializers.CharField()
    month = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = ("stars", "text", "signed", "month", "answer")

    def get_month(self, review) -> str:
        return f"{review.published_at.astimezone(review.booking.zone):%Y-%m}"


class Rated(Pages):
    """Pages that say the average of all that is published; null where nothing is."""

    def get_paginated_response(self, data):
        answer = super().get_paginated_response(data)
        first = next(iter(self.page), None)
        answer.data = {"average": first and round(float(first.average), 2), **answer.data}
        return answer

    def get_paginated_response_schema(self, schema):
        whole = super().get_paginated_response_schema(schema)
        average = {"type": "number", "nullable": True, "example": 4.67}
        return {
            **whole,
            "required": [*whole["required"], "average"],
            "properties": {"average": average, **whole["properties"]},
        }
