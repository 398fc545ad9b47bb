"""Cards on file, payments, and one row for every press of a money button."""

import uuid

from django.db import models
from django.db.models import F, Q

from tenants.money import Money


class CardSetupStatus(models.TextChoices):
    CREATED = "created"
    SUCCEEDED = "succeeded"
    ABANDONED = "abandoned"


class CardSetup(models.Model):
    """The SetupIntent made for one booking on the salon's account, and the card it saved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="card_setup")
    stripe_account_id = models.CharField(max_length=64)
    stripe_customer_id = models.CharField(max_length=64)
    setup_intent_id = models.CharField(max_length=64, unique=True)
    checkout_session_id = models.CharField(max_length=128, blank=True)
    status = models.CharField(max_length=10, choices=CardSetupStatus, default=CardSetupStatus.CREATED)
    payment_method_id = models.CharField(max_length=64, blank=True)
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    exp_month = models.PositiveSmallIntegerField(null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.brand} •••• {self.last4}" if self.last4 else "No card yet"


class PaymentStatus(models.TextChoices):
    REQUIRES_ACTION = "requires_action"
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    CANCELED = "canceled"
    FAILED = "failed"
    DISPUTED = "disputed"
    WON = "won"
    LOST = "lost"


class Method(models.TextChoices):
    CARD = "card"
    CASH = "cash"


class Payment(models.Model):
    """What is owed and paid for one booking. Starts as `requires_action`: nothing is charged at booking."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="payment")
    customer = models.ForeignKey("bookings.Customer", on_delete=models.PROTECT, related_name="payments")
    status = models.CharField(max_length=20, choices=PaymentStatus, default=PaymentStatus.REQUIRES_ACTION)
    method = models.CharField(max_length=8, choices=Method, default=Method.CARD)
    amount_cents = models.PositiveIntegerField()
    captured_cents = models.PositiveIntegerField(default=0)
    refunded_cents = models.PositiveIntegerField(default=0)
    tip_cents = models.PositiveIntegerField(default=0)
    tax_cents = models.PositiveIntegerField(default=0)
    application_fee_cents = models.PositiveIntegerField(default=0)
    no_show_fee_cents = models.PositiveIntegerField(default=0)
    currency_code = models.CharField(max_length=3)
    provider = models.CharField(max_length=10, default="stripe")
    provider_account_id = models.CharField(max_length=64, blank=True)
    provider_payment_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    provider_charge_id = models.CharField(max_length=64, blank=True)
    provider_setup_intent_id = models.CharField(max_length=64, blank=True)
    provider_metadata = models.JSONField(default=dict, blank=True)
    explicit_consent_flag = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    captured_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("captured_cents")), name="refunded_within_captured"
            ),
            models.CheckConstraint(
                condition=Q(captured_cents__lte=F("amount_cents") + F("tip_cents")), name="captured_within_due"
            ),
        ]

    def __str__(self):
        return f"{self.get_status_display()} {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)

    @property
    def net_captured(self):
        return Money(self.captured_cents - self.refunded_cents, self.currency_code)


class ActionKind(models.TextChoices):
    COMPLETE = "complete"
    REFUND = "refund"


class ActionState(models.TextChoices):
    """planned → creating → confirming → capturing → succeeded; see `services.actions.ALLOWED`."""

    PLANNED = "planned"
    CREATING = "creating"
    CONFIRMING = "confirming"
    CAPTURING = "capturing"
    NEEDS_CUSTOMER = "needs_customer"
    NOTHING_DUE = "nothing_due"
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    ABANDONED = "abandoned"


FINAL_STATES = (ActionState.SUCCEEDED, ActionState.ABANDONED)


class MoneyAction(models.Model):
    """One press of Completed or Refund: its plan, how far it came, and what Stripe answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="money_actions")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=8, choices=ActionKind)
    client_key = models.CharField(max_length=128, help_text="The presser's idempotency key.")
    params_hash = models.CharField(max_length=64)
    amount_cents = models.PositiveIntegerField()
    application_fee_cents = models.PositiveIntegerField(default=0)
    currency_code = models.CharField(max_length=3)
    reason = models.CharField(max_length=500, blank=True)
    payment_intent_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 -- NULLs may repeat
    refund_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    state = models.CharField(max_length=14, choices=ActionState, default=ActionState.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    key_generation = models.PositiveSmallIntegerField(
        default=0,
        help_text="Part of the key sent to Stripe: raised only after a stored failure was seen to have done nothing.",
    )
    leased_until = models.DateTimeField(null=True, blank=True, help_text="Somebody is driving it until then.")
    last_error = models.TextField(blank=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=~Q(state__in=["succeeded", "abandoned"]),
                name="one_open_action_per_booking",
            ),
            models.UniqueConstraint(fields=["actor_id", "client_key"], name="one_action_per_key"),
            models.UniqueConstraint(
                fields=["payment_intent_id"],
                condition=Q(kind="complete"),
                name="one_charge_per_intent",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}: {self.get_state_display()}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)


class RefundType(models.TextChoices):
    FULL = "full"
    PARTIAL = "partial"


class RefundStatus(models.TextChoices):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Refund(models.Model):
    """Money given back for a payment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="refunds")
    action = models.OneToOneField(MoneyAction, on_delete=models.PROTECT, related_name="refund")
    amount_cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    refund_type = models.CharField(max_length=8, choices=RefundType)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return f"Refund {Money(self.amount_cents, self.payment.currency_code)}"
