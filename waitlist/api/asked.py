"""What callers may ask of the waiting list: bodies and filters."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from bookings.api.asked import ServiceChoice
from bookings.services import Details
from messaging.numbers import NOT_MOBILE, can_get_texts
from tenants.api.serializers import Phone, StrictSerializer
from waitlist.models import Wish, WishStatus
from waitlist.rules import PARTS
from waitlist.services.wishes import DAY

MOST_WINDOWS = 10


class Window(StrictSerializer):
    """[from, to) in minutes of the day on the salon's wall, for the start of the visit."""

    start_min = serializers.IntegerField(min_value=0, max_value=DAY - 1)
    end_min = serializers.IntegerField(min_value=1, max_value=DAY)


class JoinIn(ServiceChoice):
    """Services as for free times, local dates with both ends included, and whom to tell: an e-mail or a phone.

    Times of the day are named in `parts` or written in `windows`; neither is any time.
    """

    first_date = serializers.DateField()
    last_date = serializers.DateField()
    parts = serializers.ListField(
        child=serializers.ChoiceField(choices=list(PARTS)), required=False, max_length=len(PARTS)
    )
    windows = Window(many=True, required=False, max_length=MOST_WINDOWS)
    name = serializers.CharField(max_length=160)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True, default="")
    phone = Phone(required=False, allow_blank=True, default="")
    language = serializers.CharField(max_length=2, required=False, allow_blank=True, default="")
    texts = serializers.BooleanField(
        default=False, help_text="Whether a text about a free time was agreed to; the phone has to be a mobile one."
    )

    def validate(self, data):
        data = super().validate(data)
        if data["texts"] and not (data["phone"] and can_get_texts(data["phone"])):
            raise serializers.ValidationError({"phone": [NOT_MOBILE]})
        return data


class OfferIn(StrictSerializer):
    """Local dates, both included."""

    first_date = serializers.DateField()
    last_date = serializers.DateField()


def person_of(data):
    return Details(
        name=" ".join(data["name"].split()),
        email=data["email"].lower(),
        phone=data["phone"],
        language=data["language"],
        texts=data["texts"],
    )


def windows_of(data):
    return [PARTS[part] for part in data.get("parts", ())] + [
        (each["start_min"], each["end_min"]) for each in data.get("windows", ())
    ]


class WishFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=WishStatus.choices)
    service_id = filters.UUIDFilter(method="for_service")

    class Meta:
        model = Wish
        fields = ()

    def for_service(self, wishes, name, service):
        return wishes.filter(wanted__service=service).distinct()
