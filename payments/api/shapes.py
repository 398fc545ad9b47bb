"""How checkout and money are written in JSON."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from bookings import links, queries, terms
from bookings.api.shapes import BookingOut, PlaceOut, iso, part
from bookings.models import Booking
from bookings.terms import wording
from giftcards.models import GiftReservation, ReservationState
from payments import services
from payments.models import (
    ActionState,
    CardHold,
    CardSetup,
    Dispute,
    DisputeStatus,
    HoldState,
    LedgerEntry,
    LedgerKind,
    MoneyAction,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
)
from payments.queries import card_of, payment_of
from payments.services import gifts
from tenants.api.permissions import sees
from tenants.permissions import Permission

#: A payment and the parts it is made of.
PAYMENT_FIELDS = (
    "status",
    "method",
    "amount_cents",
    "tip_cents",
    "discount_cents",
    "gift_cents",
    "captured_cents",
    "cash_cents",
    "waived_cents",
    "refunded_cents",
    "gift_restored_cents",
    "application_fee_cents",
    "currency_code",
)


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
    gift = gifts.gift_for(business=business, booking=booking)
    return {
        "hold_id": str(booking.pk),
        "expires_at": iso(booking.hold_expires_at),
        "team_member_id": str(booking.team_member_id),
        "start_time": iso(booking.start_at),
        "end_time": iso(booking.end_at),
        "services": parts(booking),
        "price_cents": booking.price_cents,
        "currency_code": booking.currency_code,
        **paid_with(booking, gift),
        "terms": offered(queries.offer_for(business=business, booking=booking), booking, gift, now),
        "setup_intent": setup_intent(business, intent),
    }


def paid_with(booking, gift):
    """What a gift card (`terms.Gift`) pays of the price, and what it leaves."""
    shown = gift and {
        "name": gift.name,
        "discount_percent": gift.percent,
        "discount_cents": gift.discount_cents,
        "paid_cents": gift.paid_cents,
    }
    return {"gift_card": shown, "rest_cents": gift.card_cents + gift.salon_cents if gift else booking.price_cents}


def offered(offer, booking, gift, now):
    """What the customer is to agree to: `anybody`, and `some` who pay a deposit; `version` goes into the consent."""
    return {
        "version": offer.version,
        "in_words": wording.on_the_page(offer=offer, zone=booking.zone, now=now, card=booking.card_required, gift=gift),
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
        **paid_with(booking, terms.gift_of(booking.consent)),
        "expires_at": iso(booking.hold_expires_at) if booking.hold_expires_at else None,
        "setup_intent": setup_intent(business, intent),
    }


def parts(booking):
    return [part(item, booking.attendee_count) for item in booking.items.all()]


class RefundOut(serializers.ModelSerializer):
    """`amount_cents` went back to the card, `gift_cents` to the gift card."""

    status = serializers.CharField(help_text=", ".join(RefundStatus.values))

    class Meta:
        model = Refund
        fields = ("id", "amount_cents", "gift_cents", "reason", "refund_type", "status", "created_at")


class DisputeOut(serializers.ModelSerializer):
    id = serializers.CharField(source="stripe_id")
    status = serializers.CharField(help_text=", ".join(DisputeStatus.values))

    class Meta:
        model = Dispute
        fields = (
            "id",
            "status",
            "reason",
            "amount_cents",
            "currency_code",
            "evidence_due_at",
            "opened_at",
            "closed_at",
        )


class PaymentOut(serializers.ModelSerializer):
    """Once settled, gift + discount + captured + cash + waived = amount + tip."""

    status = serializers.CharField(help_text=", ".join(PaymentStatus.values))
    booking_id = serializers.UUIDField()
    refunds = RefundOut(many=True)
    disputes = DisputeOut(many=True)

    class Meta:
        model = Payment
        fields = (
            "id",
            "booking_id",
            "is_current",
            *PAYMENT_FIELDS,
            "tax_cents",
            "no_show_fee_cents",
            "provider",
            "provider_payment_id",
            "created_at",
            "captured_at",
            "refunds",
            "disputes",
        )


class CardOut(serializers.ModelSerializer):
    """A saved card, as far as a receipt would name it."""

    booking_id = serializers.UUIDField()
    customer_id = serializers.UUIDField(source="booking.customer_id")

    class Meta:
        model = CardSetup
        fields = ("id", "customer_id", "booking_id", "brand", "last4", "exp_month", "exp_year", "succeeded_at")


class HoldOut(serializers.ModelSerializer):
    """Money held on the card before the visit; nothing is taken by it."""

    status = serializers.CharField(source="state", help_text=", ".join(HoldState.values))

    class Meta:
        model = CardHold
        fields = ("id", "status", "amount_cents", "currency_code", "capture_before", "created_at")


class PressOut(serializers.ModelSerializer):
    """One press of a money button; `card_cents` is the card's part, or what a refund gave back to it."""

    card_cents = serializers.IntegerField(source="amount_cents")
    pressed_by = serializers.CharField(source="actor_label")

    class Meta:
        model = MoneyAction
        fields = (
            "id",
            "kind",
            "state",
            "price_cents",
            "tip_cents",
            "discount_cents",
            "gift_cents",
            "card_cents",
            "cash_cents",
            "waived_cents",
            "application_fee_cents",
            "currency_code",
            "reason",
            "last_error",
            "decline_code",
            "pressed_by",
            "created_at",
        )


class MovementOut(serializers.ModelSerializer):
    """A line of the salon's ledger: what Stripe moved."""

    kind = serializers.CharField(help_text=", ".join(LedgerKind.values))

    class Meta:
        model = LedgerEntry
        fields = ("kind", "stripe_id", "amount_cents", "application_fee_cents", "currency_code", "at")


class GiftOut(serializers.ModelSerializer):
    """What a gift card has put aside for the visit, paid, or had back."""

    code_tail = serializers.CharField(source="card.code_tail")
    status = serializers.CharField(source="state", help_text=", ".join(ReservationState.values))
    discount_percent = serializers.IntegerField(source="percent")
    amount_cents = serializers.IntegerField(source="cents")

    class Meta:
        model = GiftReservation
        fields = ("id", "code_tail", "status", "amount_cents", "discount_percent", "created_at")


MONEY_OF_A_BOOKING = (
    "captured_cents",
    "refunded_cents",
    "payment_status",
    "payments",
    "card",
    "gift_card",
    "holds",
    "disputes",
    "presses",
    "ledger",
)


class BookingDetailOut(BookingOut):
    """A booking with its money. `payments` has more than one row where a press was corrected; the first one counts.

    What of it is money is null for whose role does not see payments, and for API tokens without `money:read`.
    """

    holds = HoldOut(source="card_holds", many=True)
    presses = PressOut(source="money_actions", many=True)
    ledger = MovementOut(source="ledger_entries", many=True)
    gift_card = serializers.SerializerMethodField()
    disputes = serializers.SerializerMethodField()

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
            "gift_card",
            "holds",
            "disputes",
            "presses",
            "ledger",
            "terms",
            "moved_from",
        )

    def to_representation(self, booking):
        shown = super().to_representation(booking)
        return (
            shown if sees(self.context["request"], Permission.VIEW_MONEY) else shown | dict.fromkeys(MONEY_OF_A_BOOKING)
        )

    def get_captured_cents(self, booking) -> int:
        return sum(payment.captured_cents for payment in payments_of(booking))

    def get_refunded_cents(self, booking) -> int:
        return sum(payment.refunded_cents for payment in payments_of(booking))

    def get_payment_status(self, booking) -> str | None:
        return next((payment.status for payment in payments_of(booking) if payment.is_current), None)

    def get_payments(self, booking) -> list:
        return PaymentOut(payments_of(booking), many=True).data

    def get_disputes(self, booking) -> list:
        return DisputeOut(
            [dispute for payment in payments_of(booking) for dispute in payment.disputes.all()], many=True
        ).data

    def get_gift_card(self, booking) -> dict | None:
        """The latest one; what an earlier one had put aside is in its own ledger."""
        reservations = list(booking.gift_reservations.all())
        return GiftOut(reservations[0]).data if reservations else None

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


def action(action, *, now):
    """The answer to a money button."""
    booking, payment = action.booking, action.payment
    return {
        "booking_id": str(booking.pk),
        "booking_status": booking.status,
        "action": {
            "id": str(action.pk),
            "kind": action.kind,
            "state": action.state,
            "price_cents": action.price_cents,
            "tip_cents": action.tip_cents,
            "discount_cents": action.discount_cents,
            "gift_cents": action.gift_cents,
            "card_cents": action.amount_cents,
            "cash_cents": action.cash_cents,
            "waived_cents": action.waived_cents,
        },
        "payment": {"id": str(payment.pk), **{name: getattr(payment, name) for name in PAYMENT_FIELDS}},
    } | _next(action, now)


def _next(action, now):
    """Why a charge stopped, and whether the same card may be tried again."""
    if action.state not in (ActionState.FAILED, ActionState.NEEDS_CUSTOMER):
        return {}
    return {"decline_code": action.decline_code, "may_retry": services.may_retry(action=action, now=now)}


def preview(split, booking, *, kind):
    """What a press would take, part by part, and from which card."""
    setup = card_of(booking) if split.card_cents else None
    return {
        "booking_id": str(booking.pk),
        "booking_status": booking.status,
        "kind": kind,
        "price_cents": split.price_cents,
        "tip_cents": split.tip_cents,
        "discount_cents": split.discount_cents,
        "gift_cents": split.gift_cents,
        "card_cents": split.card_cents,
        "cash_cents": split.cash_cents,
        "waived_cents": split.waived_cents,
        "application_fee_cents": services.platform_fee(split=split),
        "currency_code": booking.currency_code,
        "card": {"brand": setup.brand, "last4": setup.last4} if setup else None,
        "version": services.version_of(split=split, booking=booking),
    }
