"""How cards are written in JSON."""

from rest_framework import serializers

from giftcards import codes
from giftcards.models import GiftCard
from tenants import policies
from tenants.api.permissions import membership_of
from tenants.permissions import Permission


class CheckedOut(serializers.ModelSerializer):
    """What whoever has the code may know: either `amount_cents` or `discount_percent` is there, the other is null.

    A package has a `title`; a card is good for the services of `service_ids`, for all where there are none.
    """

    code = serializers.SerializerMethodField()

    class Meta:
        model = GiftCard
        fields = (
            "code",
            "amount_cents",
            "discount_percent",
            "balance_cents",
            "currency_code",
            "expiration_date",
            "is_active",
            "usage_limit",
            "usage_count",
            "title",
            "service_ids",
        )

    def get_code(self, card) -> str:
        return codes.code_of(card.pk)


class GiftCardOut(CheckedOut):
    """All of a card; its code for who works in the diary, its last four characters for others.

    Where it is sent to, and with which words, is empty for whose role does not see customers.
    """

    class Meta:
        model = GiftCard
        fields = (
            "id",
            *CheckedOut.Meta.fields,
            "buyer_name",
            "recipient_name",
            "recipient_email",
            "message",
            "deliver_on",
            "delivered_at",
            "note",
            "created_at",
        )

    def get_code(self, card) -> str:
        if policies.may(membership_of(self.context["request"]), Permission.WORK_DIARY):
            return codes.code_of(card.pk)
        return f"••••{card.code_tail}"

    def to_representation(self, card):
        shown = super().to_representation(card)
        sees_customers = policies.may(membership_of(self.context["request"]), Permission.VIEW_CUSTOMERS)
        return shown if sees_customers else shown | {"recipient_email": "", "message": ""}
