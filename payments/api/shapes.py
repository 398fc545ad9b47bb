"""How checkout and money are written in JSON."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from bookings import links, queries
from bookings.api.shapes import BookingOut, PlaceOut, iso, part
from bookings.models import Booking
from bookings.terms import wording
from payments.models import CardSetup, Payment, PaymentStatus, Refund, RefundStatus
from payments.queries import payment_of


def setup_intent(business, intent):
    """What a browser needs to save a card with Stripe's script; None where no card is asked for."""
    if intent is None:
        return None
    return {
        "id": intent.id,
        "client_secret": intent.client_secret,
        "stripe_account": business.billing.stripe_account_id,
        "publishable_key": settings.STRIPE_PUBLISHABLE_KEY,
    }


def hold(business, booking, intent, now):
    return {
        "hold_id": str(booking.pk),
        "expires_at": iso(booking.hold_expires_at),
        "team_member_id": str(booking.team_member_id),
        "start_time": iso(booking.start_at),
        "end_time": iso(booking.end_at),
        "services": parts(booking),
        "price_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "terms": offered(queries.offer_for(business=business, booking=booking), booking, now),
        "setup_intent": setup_intent(business, intent),
    }


def offered(offer, booking, now):
    """What the customer is to agree to: `anybody`, and `some` who pay a deposit; `version` goes into the consent."""
    return {
        "version": offer.version,
        "in_words": wording.on_the_page(offer=offer, zone=booking.zone, now=now, card=booking.card_required),
        "anybody": offer.anybody.as_json(),
        "some": offer.some and offer.some.as_json(),
        "deposit_for": offer.deposit_for if offer.deposit_cents else None,
    }


def booked(business, booking, intent=None):
    payment = payment_of(booking)
    return {
        "booking_id": str(booking.pk),
        "status": booking.status,
        "payment_status": payment.status if payment else PaymentStatus.REQUIRES_ACTION,
        "confirmation_number": booking.ref,
        "manage_url": business.url + reverse("bookings:manage", args=[links.manage_token(booking)]),
        "start_time": iso(booking.start_at),
        "end_time": iso(booking.end_at),
        "team_member_id": str(booking.team_member_id),
        "services": parts(booking),
        "price_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        "expires_at": iso(booking.hold_expires_at) if booking.hold_expires_at else None,
        "setup_intent": setup_intent(business, intent),
    }


def parts(booking):
    return [part(item, booking.attendee_count) for item in booking.items.all()]


class RefundOut(serializers.ModelSerializer):
    status = serializers.CharField(help_text=", ".join(RefundStatus.values))

    class Meta:
        model = Refund
        fields = ("id", "amount_cents", "reason", "refund_type", "status", "created_at")


class PaymentOut(serializers.ModelSerializer):
    status = serializers.CharField(help_text=", ".join(PaymentStatus.values))
    booking_id = serializers.UUIDField()
    refunds = RefundOut(many=True)

    class Meta:
        model = Payment
        fields = (
            "id",
            "booking_id",
            "status",
            "method",
            "amount_cents",
            "captured_cents",
            "refunded_cents",
            "tip_cents",
            "tax_cents",
            "application_fee_cents",
            "no_show_fee_cents",
            "currency_code",
            "provider",
            "provider_payment_id",
            "created_at",
            "captured_at",
            "refunds",
        )


class CardOut(serializers.ModelSerializer):
    """A saved card, as far as a receipt would name it."""

    booking_id = serializers.UUIDField()
    customer_id = serializers.UUIDField(source="booking.customer_id")

    class Meta:
        model = CardSetup
        fields = ("id", "customer_id", "booking_id", "brand", "last4", "exp_month", "exp_year", "succeeded_at")


class BookingDetailOut(BookingOut):
    """A booking with its money. `payments` has more than one row where a press was corrected; the first one counts."""

    captured_cents = serializers.SerializerMethodField()
    refunded_cents = serializers.SerializerMethodField()
    payment_status = serializers.SerializerMethodField()
    payments = serializers.SerializerMethodField()
    card = serializers.SerializerMethodField()
    terms = serializers.SerializerMethodField()
    moved_from = PlaceOut(allow_null=True)

    class Meta(BookingOut.Meta):
        model = Booking
        fields = (
            *BookingOut.Meta.fields,
            "captured_cents",
            "refunded_cents",
            "payment_status",
            "payments",
            "card",
            "terms",
            "moved_from",
        )

    def get_captured_cents(self, booking) -> int:
        return sum(payment.captured_cents for payment in payments_of(booking))

    def get_refunded_cents(self, booking) -> int:
        return sum(payment.refunded_cents for payment in payments_of(booking))

    def get_payment_status(self, booking) -> str | None:
        return next((payment.status for payment in payments_of(booking) if payment.is_current), None)

    def get_payments(self, booking) -> list:
        return PaymentOut(payments_of(booking), many=True).data

    def get_card(self, booking) -> dict | None:
        setup = getattr(booking, "card_setup", None)
        return CardOut(setup).data if setup and setup.last4 else None

    def get_terms(self, booking) -> dict | None:
        """What the customer agreed to, without the address it came from, and as it reads today."""
        if not booking.consent:
            return None
        today = wording.sentences(
            consent=booking.consent, zone=booking.zone, now=timezone.now(), card=booking.card_required
        )
        return {name: value for name, value in booking.consent.items() if name != "address"} | {"in_words": today}


def payments_of(booking):
    return list(booking.payments.all())


def action(action):
    """The answer to a money button."""
    booking, payment = action.booking, action.payment
    return {
        "booking_id": str(booking.pk),
        "booking_status": booking.status,
        "action": {"id": str(action.pk), "kind": action.kind, "state": action.state},
        "payment": {
            "id": str(payment.pk),
            "status": payment.status,
            "amount_cents": payment.amount_cents,
            "captured_cents": payment.captured_cents,
            "application_fee_cents": payment.application_fee_cents,
            "refunded_cents": payment.refunded_cents,
            "currency_code": payment.currency_code,
        },
    }
