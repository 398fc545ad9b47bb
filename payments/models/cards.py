"""Cards on file, for one booking or for the next ones too."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.money import Money


class Card(models.Model):
    """What is known of a card that Stripe keeps."""

    payment_method_id = models.CharField(max_length=64, blank=True)
    brand = models.CharField(max_length=20, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    exp_month = models.PositiveSmallIntegerField(null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.brand} •••• {self.last4}" if self.last4 else "No card yet"


class SavedCard(Card):
    """A card a customer lets the salon keep for later visits. It lives in this salon's account only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey("bookings.Customer", on_delete=models.PROTECT, related_name="saved_cards")
    stripe_account_id = models.CharField(max_length=64)
    stripe_customer_id = models.CharField(max_length=64)
    consented_at = models.DateTimeField(help_text="When the customer agreed to its being kept.")
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="No new visit may use it.")
    detached_at = models.DateTimeField(null=True, blank=True, help_text="Stripe has forgotten it.")

    class Meta:
        ordering = ["-consented_at"]
        constraints = [
            models.UniqueConstraint(fields=["payment_method_id"], name="one_saved_card_per_payment_method"),
            models.CheckConstraint(
                condition=Q(detached_at__isnull=True) | Q(removed_at__isnull=False), name="saved_card_removed_first"
            ),
        ]
        indexes = [
            models.Index(
                fields=["removed_at"],
                name="saved_card_to_forget",
                condition=Q(removed_at__isnull=False, detached_at__isnull=True),
            )
        ]


class CardSetupStatus(models.TextChoices):
    CREATED = "created"
    SUCCEEDED = "succeeded"
    ABANDONED = "abandoned"


class CardSetup(Card):
    """The card of one booking: the SetupIntent made for it on the salon's account, or a kept card chosen again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField("bookings.Booking", on_delete=models.PROTECT, related_name="card_setup")
    saved_card = models.ForeignKey(
        SavedCard, on_delete=models.PROTECT, null=True, blank=True, related_name="card_setups"
    )
    stripe_account_id = models.CharField(max_length=64)
    stripe_customer_id = models.CharField(max_length=64)
    setup_intent_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    replacing_intent_id = models.CharField(
        max_length=64, null=True, blank=True, unique=True, help_text="The SetupIntent of a card that is to replace it."
    )
    checkout_session_id = models.CharField(max_length=128, blank=True)
    keep = models.BooleanField(default=False, help_text="The customer wants it kept for the next visit.")
    status = models.CharField(max_length=10, choices=CardSetupStatus, default=CardSetupStatus.CREATED)
    created_at = models.DateTimeField(auto_now_add=True)
    succeeded_at = models.DateTimeField(null=True, blank=True)


class HoldState(models.TextChoices):
    """planned → creating → confirming → held → consumed | releasing → released; see `services.holding.ALLOWED`."""

    PLANNED = "planned"
    CREATING = "creating"
    CONFIRMING = "confirming"
    HELD = "held"
    CONSUMED = "consumed"
    RELEASING = "releasing"
    RELEASED = "released"
    FAILED = "failed"


class CardHold(models.Model):
    """Money held on the card for a near visit, where the salon wants that. Nothing is taken by it.

    It ends by being captured by a press (consumed), released, or run out (released): Stripe says until when it lasts.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="card_holds")
    stripe_account_id = models.CharField(max_length=64)
    payment_intent_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    amount_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=HoldState, default=HoldState.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    capture_before = models.DateTimeField(null=True, blank=True, help_text="As Stripe says it, never computed.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=~Q(state__in=["consumed", "released", "failed"]),
                name="one_live_hold_per_booking",
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "updated_at"],
                name="card_hold_live",
                condition=Q(state__in=["planned", "creating", "confirming", "held", "releasing"]),
            )
        ]

    def __str__(self):
        return f"Hold of {self.amount}: {self.get_state_display()}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)
