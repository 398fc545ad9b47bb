"""The product's own account of what Stripe moved, and of what was disputed. Only ever added to."""

from django.db import models

from tenants.money import Money


class LedgerKind(models.TextChoices):
    CAPTURE = "capture"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    DISPUTE_WON = "dispute_won"


#: Kinds that take money from the salon again.
BACK = (LedgerKind.REFUND, LedgerKind.DISPUTE)


class LedgerEntry(models.Model):
    """One movement of money on the salon's Stripe account, written in the transaction that learnt of it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=14, choices=LedgerKind)
    stripe_id = models.CharField(max_length=64, help_text="The charge, refund or dispute.")
    stripe_account_id = models.CharField(max_length=64)
    payment_intent_id = models.CharField(max_length=64)
    amount_cents = models.PositiveIntegerField(help_text="Which way it went, the kind says.")
    application_fee_cents = models.PositiveIntegerField(default=0, help_text="The platform's part, going the same way.")
    currency_code = models.CharField(max_length=3)
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    order = models.ForeignKey(
        "payments.GiftCardOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    action = models.ForeignKey(
        "payments.MoneyAction", on_delete=models.PROTECT, null=True, blank=True, related_name="ledger_entries"
    )
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "stripe_id"], name="one_ledger_entry_per_movement")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)


class DisputeStatus(models.TextChoices):
    OPEN = "open"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


class Dispute(models.Model):
    """A customer's bank takes a payment back and asks the salon for proof."""

    stripe_id = models.CharField(max_length=64, primary_key=True)
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    order = models.ForeignKey(
        "payments.GiftCardOrder", on_delete=models.PROTECT, null=True, blank=True, related_name="disputes"
    )
    charge_id = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=DisputeStatus, default=DisputeStatus.OPEN)
    reason = models.CharField(max_length=60, blank=True)
    amount_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    evidence_due_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self):
        return f"Dispute {Money(self.amount_cents, self.currency_code)}: {self.get_status_display()}"
