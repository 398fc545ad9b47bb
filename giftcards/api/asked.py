"""What callers may ask of cards: bodies and filters."""

from django.utils import timezone
from django_filters import rest_framework as filters
from rest_framework import serializers

from giftcards import rules
from giftcards.models import GiftCard
from tenants import policies
from tenants.api.examples import example
from tenants.api.permissions import membership_of
from tenants.api.serializers import StrictSerializer
from tenants.permissions import Permission


@example("As it is printed on the card", code="TITH-7KQ2-M9XA-4DWF-8RZC")
class CheckIn(StrictSerializer):
    code = serializers.CharField(max_length=60)


@example(
    "Fifty for Anna, by e-mail",
    amount_cents=5000,
    buyer_name="Bob Stone",
    recipient_name="Anna Berg",
    recipient_email="anna@example.com",
    message="Happy birthday!",
)
class IssueIn(StrictSerializer):
    """A card of the salon's currency: an amount, or a percentage with its number of visits."""

    amount_cents = serializers.IntegerField(min_value=1, max_value=rules.MOST_CENTS, required=False, allow_null=True)
    discount_percent = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)
    usage_limit = serializers.IntegerField(min_value=1, max_value=rules.MOST_USES, required=False, allow_null=True)
    expiration_date = serializers.DateField(required=False, allow_null=True)
    buyer_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    recipient_name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    recipient_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    message = serializers.CharField(max_length=500, required=False, allow_blank=True)
    deliver_on = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate(self, data):
        today = timezone.localdate(timezone=self.context["request"].tenant.zone)
        if found := rules.problems(today=today, **data):
            raise serializers.ValidationError({name: [sentence] for name, sentence in found.items()})
        return data


class GiftCardFilter(filters.FilterSet):
    is_active = filters.BooleanFilter()
    code_tail = filters.CharFilter(max_length=4, lookup_expr="iexact")
    recipient_email = filters.CharFilter(max_length=254, method="sent_to", help_text="For who sees customers.")
    ordering = filters.OrderingFilter(fields=["created_at", "balance_cents", "expiration_date"])

    class Meta:
        model = GiftCard
        fields = ()

    def sent_to(self, cards, name, address):
        """None for who sees no addresses: they do not try them out either."""
        sees_customers = policies.may(membership_of(self.request), Permission.VIEW_CUSTOMERS)
        return cards.filter(recipient_email__iexact=address) if sees_customers else cards.none()
