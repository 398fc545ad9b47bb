"""What callers may ask of reviews: bodies and filters."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from reviews.models import MAX_REASON, MAX_TEXT, Review, ReviewStatus
from tenants.api.serializers import StrictSerializer


class SeenIn(StrictSerializer):
    """`version` as the review was answered: refused with 409 where the customer has sent another one since."""

    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class HideIn(SeenIn):
    reason = serializers.CharField(max_length=MAX_REASON, help_text="For the team; it stays in the trail.")


class AnswerIn(SeenIn):
    text = serializers.CharField(max_length=MAX_TEXT, allow_blank=True, help_text="Empty takes the answer away.")


class ReviewFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=ReviewStatus.choices)
    stars = filters.NumberFilter(min_value=1, max_value=5)

    class Meta:
        model = Review
        fields = ()
