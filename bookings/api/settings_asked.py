"""What may be written into the salon's settings. Everything is optional: what is not named stays."""

from babel import Locale
from babel.numbers import list_currencies
from rest_framework import serializers

from bookings.services import zones
from bookings.settings_rules.limits import DAY
from tenants import media_services
from tenants.api.examples import example
from tenants.api.serializers import Phone, StrictSerializer
from tenants.clock import zone_names
from tenants.models import DepositFor, FeeType, Font, GapOffers, hex_color

MAX_CENTS = 100_000_000
COUNTRIES = frozenset(code for code in Locale("en").territories if len(code) == 2 and code.isalpha()) - {
    "ZZ",
    "EU",
    "UN",
}


class Part(StrictSerializer):
    """A block of which any part may be left out."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, required=False, partial=True, **kwargs)


class Text(serializers.CharField):
    def __init__(self):
        super().__init__(allow_blank=True, max_length=2000)


class Zone(serializers.CharField):
    """An IANA time zone."""

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if value not in zone_names():
            raise serializers.ValidationError(f"“{value}” is not a time zone.")
        return value


class Currency(serializers.CharField):
    """A currency by its three letters."""

    def to_internal_value(self, data):
        value = super().to_internal_value(data).upper()
        if value not in list_currencies():
            raise serializers.ValidationError("Write the currency as three letters, for example USD.")
        return value


class Country(serializers.CharField):
    """A country by its two letters."""

    def to_internal_value(self, data):
        value = super().to_internal_value(data).upper()
        if value not in COUNTRIES:
            raise serializers.ValidationError("Write the country as two letters, for example US.")
        return value


class Amount(Part):
    """A fixed amount, a share of the price, or nothing."""

    fee_type = serializers.ChoiceField(choices=FeeType.choices)
    fee_cents = serializers.IntegerField(min_value=0, max_value=MAX_CENTS)
    fee_percent = serializers.IntegerField(
        min_value=0, max_value=100, error_messages={"max_value": "A share of the price is at most 100 percent."}
    )


class CancellationIn(Amount):
    window_hours = serializers.IntegerField(min_value=0, max_value=720)
    text = Text()


class NoShowIn(Amount):
    text = Text()


class DepositIn(Amount):
    asked_of = serializers.ChoiceField(choices=DepositFor.choices)


class LateArrivalIn(Part):
    after_min = serializers.IntegerField(min_value=0, max_value=240)
    text = Text()


class RefundIn(Part):
    text = Text()


class CardIn(Part):
    required = serializers.BooleanField()
    hold_near_visits = serializers.BooleanField()


class GiftCardsIn(Part):
    sold_online = serializers.BooleanField()
    valid_months = serializers.IntegerField(min_value=0, max_value=120)
    pay_fees = serializers.BooleanField()


class PoliciesIn(Part):
    cancellation = CancellationIn()
    no_show = NoShowIn()
    refund = RefundIn()
    late_arrival = LateArrivalIn()
    deposit = DepositIn()
    card = CardIn()
    gift_cards = GiftCardsIn()


class BookingIn(Part):
    min_notice_min = serializers.IntegerField(min_value=0, max_value=730 * DAY)
    horizon_days = serializers.IntegerField(min_value=1, max_value=730)
    slot_step_min = serializers.IntegerField(min_value=5, max_value=240)
    auto_confirm = serializers.BooleanField()
    gap_offers = serializers.ChoiceField(choices=GapOffers.choices)
    hard_edges = serializers.BooleanField()
    max_wait_min = serializers.IntegerField(min_value=0, max_value=120)
    allow_double_visits = serializers.BooleanField()

    def validate_max_wait_min(self, value):
        if value % 5:
            raise serializers.ValidationError("Write a multiple of 5 minutes.")
        return value


class AddressIn(Part):
    line1 = serializers.CharField(max_length=120, allow_blank=True)
    line2 = serializers.CharField(max_length=120, allow_blank=True)
    city = serializers.CharField(max_length=80, allow_blank=True)
    region = serializers.CharField(max_length=80, allow_blank=True)
    postal_code = serializers.CharField(max_length=20, allow_blank=True)
    country = Country(max_length=2)


@example(
    "Free until a day before, half of the price after",
    policies={"cancellation": {"window_hours": 24, "fee_type": "percent", "fee_percent": 50}},
    booking={"min_notice_min": 120, "horizon_days": 90},
    timezone="America/New_York",
)
class SettingsIn(Part):
    """`keep_visits` says what happens to coming visits where the time zone changes under them."""

    policies = PoliciesIn()
    booking = BookingIn()
    name = serializers.CharField(max_length=120)
    legal_name = serializers.CharField(max_length=160, allow_blank=True)
    category = serializers.CharField(max_length=80, allow_blank=True)
    description = Text()
    phone = Phone(allow_blank=True)
    email = serializers.EmailField(max_length=254, allow_blank=True)
    address = AddressIn()
    timezone = Zone(max_length=64)
    keep_visits = serializers.ChoiceField(choices=zones.CHOICES)
    currency_code = Currency(max_length=3)
    primary_color = serializers.CharField(validators=[hex_color])
    secondary_color = serializers.CharField(validators=[hex_color], allow_blank=True)
    font = serializers.ChoiceField(choices=Font.choices)
    logo = serializers.FileField(allow_null=True, help_text="A picture, in a multipart form; null takes it away.")

    def validate_logo(self, value):
        if value is not None and value.size > media_services.MAX_BYTES:
            raise serializers.ValidationError(media_services.ImageRefused.message)
        return value
