"""Reviews for members of the salon, and for programs that work for it."""

from django_filters import rest_framework as filters
from rest_framework import generics, serializers

from reviews import queries
from reviews.models import Review, ReviewStatus
from tenants.api.endpoints import Private
from tenants.api.permissions import needs
from tenants.permissions import Permission


class ReviewOut(serializers.ModelSerializer):
    """As it is known to the team: `stars` is null, and the words are empty, once it is taken back."""

    booking_id = serializers.UUIDField()

    class Meta:
        model = Review
        fields = (
            "id",
            "booking_id",
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


class ReviewFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=ReviewStatus.choices)
    stars = filters.NumberFilter(min_value=1, max_value=5)

    class Meta:
        model = Review
        fields = ()


class Reviews(Private, generics.ListAPIView):
    """What customers have written of their visits, the latest first."""

    permission_classes = [needs(Permission.VIEW_CUSTOMERS)]
    queryset = queries.reviews_for_team()
    serializer_class = ReviewOut
    filterset_class = ReviewFilter
