"""How wishes are written in JSON."""

from rest_framework import serializers

from tenants.api.serializers import Phone
from waitlist import links
from waitlist.models import Offer, Wish, WishedService


class WantedOut(serializers.ModelSerializer):
    """`team_member_id` null is whoever is free."""

    service_id = serializers.UUIDField()
    service = serializers.CharField(source="service.name")
    team_member_id = serializers.UUIDField(allow_null=True)

    class Meta:
        model = WishedService
        fields = ("service_id", "service", "team_member_id")


class WindowOut(serializers.Serializer):
    start_min = serializers.IntegerField(source="0")
    end_min = serializers.IntegerField(source="1")

    def to_representation(self, window):
        return {"start_min": window[0], "end_min": window[1]}


class OfferOut(serializers.ModelSerializer):
    """A time that is kept for them, until `expires_at`; `booking_id` is the hold that keeps it."""

    booking_id = serializers.UUIDField()
    expires_at = serializers.DateTimeField(source="booking.hold_expires_at", allow_null=True)

    class Meta:
        model = Offer
        fields = ("booking_id", "start_at", "end_at", "expires_at", "status")


class AskedOut(serializers.Serializer):
    waiting = serializers.IntegerField(help_text="How many wait for these dates.")


class WaitingOut(serializers.ModelSerializer):
    """A place on the list, for whoever has it: `url` is theirs alone, to look at it and to leave."""

    url = serializers.SerializerMethodField()
    windows = WindowOut(many=True)

    class Meta:
        model = Wish
        fields = ("status", "first_date", "last_date", "windows", "party_size", "together", "joined_at", "url")

    def get_url(self, wish) -> str:
        return links.wish_url(business=self.context["business"], wish=wish)


class WishOut(serializers.ModelSerializer):
    """As the team knows it: who waits for what, in line, and what is kept for them right now."""

    phone = Phone(read_only=True)
    wanted = WantedOut(many=True)
    windows = WindowOut(many=True)
    offer = serializers.SerializerMethodField()

    class Meta:
        model = Wish
        fields = (
            "id",
            "status",
            "name",
            "email",
            "phone",
            "wanted",
            "party_size",
            "together",
            "first_date",
            "last_date",
            "windows",
            "is_by_staff",
            "joined_at",
            "ended_at",
            "offer",
        )

    def get_offer(self, wish) -> OfferOut(allow_null=True):
        return OfferOut(wish.running[0]).data if wish.running else None
