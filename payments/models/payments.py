"""What is owed and paid for a booking, and what was given back."""

import uuid

from django.db import models
from django.db.models import F, Q

from tenants.money import Money


class PaymentStatus(models.TextChoices):
    REQUIRES_ACTION = "requires_action"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELED = "canceled", "Cancelled"
    FAILED = "failed"
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


class Method(models.TextChoices):
    CARD = "card"
    CASH = "cash"
    GIFT = "gift", "Gift card"


class Payment(models.Model):
    """What is owed and paid for one booking. Starts as `requires_action`: nothing is charged at booking.

    A booking has one current payment. A press that corrects an earlier one, after all its money went back, starts a
    new payment; the old one stays as it was. Once settled, gift + discount + card + cash + waived = amount + tip.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="payments")
    is_current = models.BooleanField(default=True)
    customer = models.ForeignKey("bookings.Customer", on_delete=models.PROTECT, related_name="payments")
    status = models.CharField(max_length=20, choices=PaymentStatus, default=PaymentStatus.REQUIRES_ACTION)
    method = models.CharField(max_length=8, choices=Method, default=Method.CARD)
    amount_cents = models.PositiveIntegerField(help_text="The price that is due, or the fee; without the tip.")
    tip_cents = models.PositiveIntegerField(default=0)
    tax_cents = models.PositiveIntegerField(default=0, help_text="Part of the amount.")
    no_show_fee_cents = models.PositiveIntegerField(default=0, help_text="Part of the amount.")
    gift_cents = models.PositiveIntegerField(default=0, help_text="Paid by gift card.")
    discount_cents = models.PositiveIntegerField(default=0, help_text="Taken off by a percentage card.")
    cash_cents = models.PositiveIntegerField(default=0, help_text="Taken by the salon itself.")
    waived_cents = models.PositiveIntegerField(default=0, help_text="Too little to charge, or let go.")
    captured_cents = models.PositiveIntegerField(default=0, help_text="Taken from the card.")
    refunded_cents = models.PositiveIntegerField(default=0, help_text="Given back to the card.")
    gift_restored_cents = models.PositiveIntegerField(default=0, help_text="Given back to the gift card.")
    application_fee_cents = models.PositiveIntegerField(default=0)
    currency_code = models.CharField(max_length=3)
    provider = models.CharField(max_length=10, default="stripe")
    provider_account_id = models.CharField(max_length=64, blank=True)
    provider_payment_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    provider_charge_id = models.CharField(max_length=64, blank=True)
    provider_setup_intent_id = models.CharField(max_length=64, blank=True)
    provider_metadata = models.JSONField(default=dict, blank=True)
    explicit_consent_flag = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    captured_at = models.DateTimeField(null=True, blank=True, help_text="When it was settled.")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(is_current=True), name="one_current_payment_per_booking"
            ),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("captured_cents")), name="refunded_within_captured"
            ),
            models.CheckConstraint(
                condition=Q(gift_restored_cents__lte=F("gift_cents")), name="gift_restored_within_gift"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_cents__gte=F("gift_cents")
                    + F("discount_cents")
                    + F("captured_cents")
                    + F("cash_cents")
                    + F("waived_cents")
                    - F("tip_cents")
                ),
                name="paid_within_due",
            ),
        ]
        indexes = [
            models.Index(fields=["captured_at"], name="payment_settled"),
            models.Index(fields=["-created_at", "-id"], name="payment_newest"),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)

    @property
    def due_cents(self):
        """Amount and tip: what the parts add up to once it is settled."""
        return self.amount_cents + self.tip_cents

    @property
    def captured(self):
        """What the card paid."""
        return Money(self.captured_cents, self.currency_code)

    @property
    def net_captured(self):
        """What is left on the salon's account of what the card paid."""
        return Money(self.captured_cents - self.refunded_cents, self.currency_code)

    @property
    def refundable(self):
        """What a refund can still give back, to the card and to the gift card."""
        return self.net_captured + Money(self.gift_cents - self.gift_restored_cents, self.currency_code)


class RefundType(models.TextChoices):
    FULL = "full"
    PARTIAL = "partial"
    NO_SHOW_FEE_ONLY = "no_show_fee_only"


class RefundStatus(models.TextChoices):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Refund(models.Model):
    """Money given back: `amount_cents` to the card, `gift_cents` to the gift card."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    order = models.ForeignKey(
        "payments.GiftCardOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds"
    )
    action = models.OneToOneField("payments.MoneyAction", on_delete=models.PROTECT, related_name="refund")
    amount_cents = models.PositiveIntegerField()
    gift_cents = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    refund_type = models.CharField(max_length=16, choices=RefundType)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(payment__isnull=True) ^ Q(order__isnull=True), name="refund_of_one")
        ]

    def __str__(self):
        return f"Refund {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_cents + self.gift_cents, (self.payment or self.order).currency_code)
