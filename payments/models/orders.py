"""Gift cards bought on the booking site."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from tenants.money import Money


class OrderStatus(models.TextChoices):
    """created → paid → refunded; created → expired; refunded → paid when the bank sends a refund back."""

    CREATED = "created"
    PAID = "paid"
    REFUNDED = "refunded"
    EXPIRED = "expired"


class GiftCardOrder(models.Model):
    """One gift card, or one package, somebody buys. The card is issued, once, when Stripe has the money.

    What a package was when it was ordered is kept: it is what is issued, and by what its sale is refunded.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form_key = models.CharField(max_length=64, unique=True, help_text="Of the form that was sent: twice is once.")
    card = models.OneToOneField(
        "giftcards.GiftCard", on_delete=models.PROTECT, null=True, blank=True, related_name="order"
    )
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.CREATED)
    amount_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    package = models.ForeignKey(
        "giftcards.Package", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    package_title = models.CharField(max_length=120, blank=True)
    package_visits = models.PositiveSmallIntegerField(null=True, blank=True)
    package_services = ArrayField(models.UUIDField(), default=list, blank=True)
    package_months = models.PositiveSmallIntegerField(null=True, blank=True)
    buyer_name = models.CharField(max_length=160)
    buyer_email = models.EmailField()
    recipient_name = models.CharField(max_length=160, blank=True)
    recipient_email = models.EmailField(blank=True)
    message = models.TextField(max_length=500, blank=True)
    deliver_on = models.DateField(null=True, blank=True, help_text="A date of the salon; empty is at once.")
    stripe_account_id = models.CharField(max_length=64)
    checkout_session_id = models.CharField(max_length=128, null=True, blank=True, unique=True)
    payment_intent_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    charge_id = models.CharField(max_length=64, blank=True)
    captured_cents = models.PositiveIntegerField(default=0)
    refunded_cents = models.PositiveIntegerField(default=0)
    application_fee_cents = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("captured_cents")), name="order_refunded_within_captured"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["created", "expired"]) | Q(card__isnull=False), name="paid_order_has_card"
            ),
            models.CheckConstraint(
                condition=Q(package__isnull=True, package_title="", package_visits__isnull=True)
                | Q(package__isnull=False, package_visits__isnull=False, package_visits__gte=1) & ~Q(package_title=""),
                name="order_keeps_its_package",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="gift_card_order_open", condition=Q(status="created"))]

    def __str__(self):
        if self.package_title:
            return f"{self.package_title} for {self.recipient_name or self.buyer_name}"
        return f"Gift card {self.amount} for {self.recipient_name or self.buyer_name}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)
