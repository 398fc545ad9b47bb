"""One row for every press of a money button."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.money import Money


class ActionKind(models.TextChoices):
    COMPLETE = "complete", "Completed"
    NO_SHOW = "no_show", "No-show"
    CANCEL = "cancel", "Cancelled"
    REFUND = "refund"
    CASH = "cash", "Paid in cash"
    RETRY = "retry", "Try again"


#: Kinds that take money from a card.
CHARGES = (ActionKind.COMPLETE, ActionKind.NO_SHOW, ActionKind.CANCEL)


class ActionState(models.TextChoices):
    """planned → creating → confirming → capturing → succeeded; see `services.states.ALLOWED`."""

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
#: A charge that did not come through: its customer, another card or the till takes it on.
STOPPED = (ActionState.FAILED, ActionState.NEEDS_CUSTOMER)
#: On its way: somebody drives it, or will.
WAITING = (ActionState.PLANNED, ActionState.CREATING, ActionState.CONFIRMING, ActionState.CAPTURING)
#: A charge that waits for somebody: its customer, another card, or the till.
STOPPED = (ActionState.FAILED, ActionState.NEEDS_CUSTOMER)


class MoneyAction(models.Model):
    """One press: its plan, how far it came, and what Stripe answered. About a booking, or about a sold gift card.

    `amount_cents` is the card's part, or what a refund gives back to the card; the other parts stand beside it. A retry
    moves nothing itself: it says who had the charge beside it tried again, and when.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, null=True, blank=True, related_name="money_actions"
    )
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    order = models.ForeignKey(
        "payments.GiftCardOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    kind = models.CharField(max_length=8, choices=ActionKind)
    client_key = models.CharField(max_length=128, help_text="The presser's idempotency key.")
    params_hash = models.CharField(max_length=64)
    price_cents = models.PositiveIntegerField(default=0, help_text="The final price, or the fee.")
    tip_cents = models.PositiveIntegerField(default=0)
    discount_cents = models.PositiveIntegerField(default=0)
    gift_cents = models.PositiveIntegerField(default=0, help_text="Taken from the gift card, or given back to it.")
    cash_cents = models.PositiveIntegerField(default=0)
    waived_cents = models.PositiveIntegerField(default=0)
    amount_cents = models.PositiveIntegerField()
    application_fee_cents = models.PositiveIntegerField(default=0)
    currency_code = models.CharField(max_length=3)
    reason = models.CharField(max_length=500, blank=True)
    refund_type = models.CharField(max_length=16, blank=True)
    stripe_account_id = models.CharField(max_length=64, blank=True)
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
    decline_code = models.CharField(max_length=64, blank=True)
    declines = models.PositiveSmallIntegerField(default=0)
    first_declined_at = models.DateTimeField(null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state__in=["succeeded", "abandoned"]),
                name="one_open_action_per_order",
            ),
            models.UniqueConstraint(fields=["actor_id", "client_key"], name="one_action_per_key"),
            models.UniqueConstraint(
                fields=["payment_intent_id"],
                condition=Q(kind__in=["complete", "no_show", "cancel"]),
                name="one_charge_per_intent",
            ),
            models.CheckConstraint(condition=Q(booking__isnull=True) ^ Q(order__isnull=True), name="action_about_one"),
        ]
        indexes = [
            models.Index(fields=["payment"], name="money_action_fees", condition=Q(kind__in=["no_show", "cancel"])),
            models.Index(
                fields=["updated_at"],
                name="money_action_open",
                condition=Q(state__in=["planned", "creating", "confirming", "capturing"]),
            ),
            models.Index(
                fields=["updated_at"], name="money_action_stopped", condition=Q(state__in=["failed", "needs_customer"])
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}: {self.get_state_display()}"

    @property
    def amount(self):
        """The card's part."""
        return Money(self.amount_cents, self.currency_code)

    @property
    def subject(self):
        """What the press is about."""
        return self.booking or self.order
