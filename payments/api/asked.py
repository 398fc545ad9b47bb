"""What callers may ask of checkout and money: bodies and keys."""

from itertools import pairwise

from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import NotFound

from bookings.api.asked import ServiceChoice, basket_of, must_be_host, service_ids_of
from bookings.api.settings_asked import Zone
from bookings.basket import Basket, Wanted
from bookings.models import Booking, Source, Status
from bookings.services import Details
from giftcards import guessing
from messaging.numbers import NOT_MOBILE, can_get_texts
from payments.models import CardSetup, RefundType
from tenants import languages
from tenants.api.examples import example
from tenants.api.serializers import Instant, Phone, StrictSerializer
from tenants.errors import DomainError

MAX_KEY = 128
MAX_CENTS = 2_000_000_000


class HoldMismatch(DomainError):
    code = "hold_mismatch"
    status = 422
    message = "The hold is for another service, time, person or number of people."


class GiftCode(serializers.CharField):
    """As it was typed: the card is put aside for the visit."""

    def __init__(self, **options):
        super().__init__(**{"max_length": 100, "required": False, "allow_blank": True, "allow_null": True} | options)


class ConsentMissing(DomainError):
    code = "consent_required"
    status = 422
    message = "Please agree to the salon's policies to book."


class CurrencyDiffers(DomainError):
    code = "currency_mismatch"
    status = 422
    message = "This booking is in another currency."


@example(
    "One service at a time that was offered",
    service_id="0b9f5a0e-6a55-4f0c-9d0a-5f6f0a7d1c01",
    start_time="2027-02-10T14:00:00Z",
)
class HoldIn(ServiceChoice):
    start_time = Instant()
    gift_card_code = GiftCode()


class CustomerInfo(StrictSerializer):
    name = serializers.CharField(max_length=160)
    email = serializers.EmailField(max_length=254)
    phone = Phone()


class PaymentMethodIn(StrictSerializer):
    """Taken for compatibility and believed in nothing: a card counts when its SetupIntent has succeeded."""

    type = serializers.CharField(max_length=20, required=False)
    stripe_payment_method_id = serializers.CharField(max_length=255, required=False, allow_null=True)


class ConsentIn(StrictSerializer):
    policies = serializers.BooleanField()
    marketing = serializers.BooleanField(default=False)
    texts = serializers.BooleanField(
        default=False,
        help_text="Whether text messages about this visit were agreed to; the phone has to be a mobile one.",
    )
    version = serializers.CharField(
        max_length=64,
        required=False,
        help_text="The terms' version as the hold answered it; refused with 409 where they have changed since.",
    )


@example(
    "What was held, with the card that was saved",
    hold_id="1f0e7a52-8b0c-4f0e-9a63-2b7d4c9e1a01",
    customer_info={"name": "Anna Berg", "email": "anna@example.com", "phone": "+12125550187"},
    consent={"policies": True, "marketing": False},
    setup_intent_id="seti_1PqVYb2eZvKYlo2C",
)
class CreateIn(ServiceChoice):
    hold_id = serializers.UUIDField(required=False)
    start_time = Instant(required=False)
    party_size = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    together = serializers.BooleanField(required=False)
    customer_info = CustomerInfo()
    consent = ConsentIn()
    payment_method = PaymentMethodIn(required=False, allow_null=True)
    gift_card_code = GiftCode()
    special_requests = serializers.CharField(
        max_length=1000, required=False, allow_blank=True, allow_null=True, trim_whitespace=True
    )
    for_name = serializers.CharField(
        max_length=160,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text="Who comes, where that is not who books. All messages go to who books.",
    )
    setup_intent_id = serializers.CharField(max_length=255, required=False, allow_blank=True, allow_null=True)
    language = serializers.ChoiceField(
        choices=languages.CHOICES,
        required=False,
        help_text="What the customer reads. Without it `Accept-Language` says; the salon's own where it offers neither.",
    )

    timezone = Zone(
        max_length=64,
        required=False,
        help_text="The customer's, as an IANA name: quiet hours for reminders are theirs.",
    )

    def validate(self, data):
        data = super().validate(data)
        if "hold_id" not in data:
            if "start_time" not in data:
                raise serializers.ValidationError({"start_time": ["This field is required."]})
            if data.get("setup_intent_id"):
                raise serializers.ValidationError({"setup_intent_id": ["Send it with the hold_id it was made for."]})
        if data["consent"]["texts"] and not can_get_texts(data["customer_info"]["phone"]):
            raise serializers.ValidationError({"customer_info": {"phone": [NOT_MOBILE]}})
        return data


@example("The card is saved", setup_intent_id="seti_1PqVYb2eZvKYlo2C")
class ConfirmIn(StrictSerializer):
    setup_intent_id = serializers.CharField(max_length=255, required=False, allow_blank=True, allow_null=True)


@example("Once, however often it is sent", idempotency_key="desk-2027-02-10-7KQ2M9XA")
class PressIn(StrictSerializer):
    """What every money button takes. The key may come in the header instead."""

    tenant_id = serializers.UUIDField(required=False, help_text="The host's, if sent.")
    idempotency_key = serializers.CharField(max_length=MAX_KEY, required=False)
    currency_code = serializers.CharField(max_length=3, required=False, help_text="Refused unless it is the booking's.")
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def validate_tenant_id(self, value):
        return must_be_host(value, self.context["request"])


class ClosingIn(PressIn):
    """Completed, No-show, Cancelled. `correction` puts an earlier press right: for admins, with a reason."""

    correction = serializers.BooleanField(default=False)
    seen = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="The `version` of the preview: what is due must be that.",
    )


@example(
    "The price as agreed, and a tip",
    idempotency_key="complete-7KQ2M9XA",
    amount_cents=5000,
    tip_cents=800,
)
class CompleteIn(ClosingIn):
    amount_cents = serializers.IntegerField(
        min_value=0, max_value=MAX_CENTS, required=False, allow_null=True, help_text="The final price, without the tip."
    )
    tip_cents = serializers.IntegerField(min_value=0, max_value=MAX_CENTS, default=0)


@example("The fee of the accepted terms", idempotency_key="fee-7KQ2M9XA", reason="Called an hour before.")
class FeeIn(ClosingIn):
    """No-show and Cancelled: the fee is that of the accepted terms, or it is let go (`waive_fee`, for admins)."""

    waive_fee = serializers.BooleanField(default=False)


@example(
    "A part of it",
    idempotency_key="refund-7KQ2M9XA",
    refund_type="partial",
    amount_cents=1500,
    reason="The colour did not hold.",
)
class RefundIn(PressIn):
    """All that is left, where nothing else is said."""

    refund_type = serializers.ChoiceField(choices=RefundType.choices, required=False)
    amount_cents = serializers.IntegerField(min_value=1, max_value=MAX_CENTS, required=False, allow_null=True)

    def validate(self, data):
        partial, amount = data.get("refund_type") == "partial", data.get("amount_cents")
        if partial and amount is None:
            raise serializers.ValidationError({"amount_cents": ["A partial refund needs its amount."]})
        if amount is not None and not partial and "refund_type" in data:
            raise serializers.ValidationError({"amount_cents": ["Only a partial refund has an amount."]})
        return data


@example(
    "The price as agreed, and a tip",
    booking_id="1f0e7a52-8b0c-4f0e-9a63-2b7d4c9e1a01",
    idempotency_key="complete-7KQ2M9XA",
    amount_cents=5000,
    tip_cents=800,
)
class CaptureIn(CompleteIn):
    booking_id = serializers.UUIDField()


@example(
    "All that is left",
    booking_id="1f0e7a52-8b0c-4f0e-9a63-2b7d4c9e1a01",
    idempotency_key="refund-7KQ2M9XA",
    refund_type="full",
)
class RefundOfIn(RefundIn):
    booking_id = serializers.UUIDField()


@example("The fee was paid at the desk", idempotency_key="cash-7KQ2M9XA")
class CashIn(PressIn):
    """`waive` lets it go instead: for admins."""

    waive = serializers.BooleanField(default=False)


class PackIn(StrictSerializer):
    format = serializers.ChoiceField(choices=["json", "pdf"], default="json")


class PreviewIn(StrictSerializer):
    """Which button, and what would be typed beside it."""

    kind = serializers.ChoiceField(choices=["complete", "no_show", "cancel"], default="complete")
    amount_cents = serializers.IntegerField(min_value=0, max_value=MAX_CENTS, required=False)
    tip_cents = serializers.IntegerField(min_value=0, max_value=MAX_CENTS, default=0)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    waive_fee = serializers.BooleanField(default=False)
    correction = serializers.BooleanField(default=False)

    def validate(self, data):
        if data["kind"] != "complete" and ("amount_cents" in data or data["tip_cents"]):
            raise serializers.ValidationError({"amount_cents": ["Only Completed has a price and a tip."]})
        if data["kind"] == "complete" and data["waive_fee"]:
            raise serializers.ValidationError({"waive_fee": ["Completed has no fee to let go."]})
        return data


class CardFilter(filters.FilterSet):
    customer_id = filters.UUIDFilter(field_name="booking__customer_id")

    class Meta:
        model = CardSetup
        fields = ()


#: fields of a closing body → what services call them
WISHES = {
    "amount_cents": "price_cents",
    "tip_cents": "tip_cents",
    "reason": "reason",
    "waive_fee": "waive_fee",
    "correction": "correcting",
    "seen": "seen",
}


def wish_of(data):
    """What a body asks of Completed, No-show or Cancelled, in the service's words."""
    return {name: data[field] for field, name in WISHES.items() if field in data}


def check_currency(data, booking):
    """Raises CurrencyDiffers: whoever names another currency means another amount."""
    named = data.get("currency_code")
    if named and named.upper() != booking.currency_code:
        raise CurrencyDiffers


def check_wishes(data):
    """Raises ConsentMissing."""
    if not data["consent"]["policies"]:
        raise ConsentMissing


def gift_code_of(data, address):
    """The gift card's code a body names, or "". It is counted: codes are guessed at. Raises limits.TooMany, NotNow."""
    code = data.get("gift_card_code") or ""
    if code:
        guessing.count(address)
    return code


def details_of(data, *, wish=""):
    """`wish` is the language the request itself asks for."""
    who = data["customer_info"]
    return Details(
        name=" ".join(who["name"].split()),
        email=who["email"].lower(),
        phone=who["phone"],
        special_requests=data.get("special_requests") or "",
        marketing=data["consent"]["marketing"],
        language=data.get("language") or wish,
        texts=data["consent"]["texts"],
        for_name=" ".join((data.get("for_name") or "").split()),
        zone=data.get("timezone", ""),
    )


def slot_of(data):
    """What `hold_slot` takes. Raises NotFound."""
    return {"basket": basket_of(data), "start": data["start_time"]}


def open_booking(booking_id, *, states):
    """A booking made through the API: its id is all that proves whose it is. Raises NotFound."""
    booking = (
        Booking.objects.filter(pk=booking_id, browser_key="", source=Source.ONLINE, status__in=states)
        .select_related("team_member", "customer")
        .first()
    )
    if booking is None:
        raise NotFound
    return booking


def hold_of(data):
    """The hold a body names, None where it names none. Raises NotFound, HoldMismatch."""
    if "hold_id" not in data:
        return None
    states = [state for state in Status if state not in (Status.COMPLETED, Status.NO_SHOW)]
    booking = open_booking(data["hold_id"], states=states)
    if not _holds(booking, data):
        raise HoldMismatch
    return booking


def _holds(booking, data):
    """Whether what a body says of the visit, as far as it says anything, is what the hold keeps."""
    items = list(booking.items.select_related("service"))
    services = [item.service_id for item in items]
    people = data.get("team_member_ids") or [data.get("team_member_id")] * len(items)
    return (
        (service_ids_of(data) or services) == services
        and data.get("start_time", booking.start_at) == booking.start_at
        and data.get("party_size", booking.attendee_count) == booking.attendee_count
        and len(people) == len(items)
        and all(asked in (None, item.team_member_id) for asked, item in zip(people, items, strict=True))
        and ("together" not in data or _runs(items, together=data["together"]))
    )


def _runs(items, *, together):
    """Whether the parts run at the same time exactly where that wish makes them."""
    basket = Basket(tuple(Wanted(item.service) for item in items), together=together)
    return all(
        (item.start_at == before.start_at) == basket.runs_with_previous(position)
        for position, (before, item) in enumerate(pairwise(items), start=1)
    )


def key_of(request, data=None):
    """The idempotency key of a request, from its header or its body; "" where there is none.

    Raises DRF's ValidationError for one that is too long, unprintable or said twice differently.
    """
    header = request.headers.get("Idempotency-Key", "").strip()
    body = (data or {}).get("idempotency_key", "")
    if header and body and header != body:
        raise serializers.ValidationError({"idempotency_key": ["Header and body name different keys."]})
    key = header or body
    if len(key) > MAX_KEY or not key.isprintable():
        raise serializers.ValidationError({"idempotency_key": [f"At most {MAX_KEY} printable characters."]})
    return key


def money_key_of(request, data):
    """`key_of`, mandatory: a button that moves money is pressed once, however often it is pressed."""
    key = key_of(request, data)
    if not key:
        raise serializers.ValidationError({"idempotency_key": ["Send a key, one per press, to be charged only once."]})
    return key
