"""Credits that pay for metered messages: one profile per account, and a ledger that is only ever added to."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tenants.money import Money


class Profile(models.Model):
    """An account's profile and its credits. Its id is the user's."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="credit_profile"
    )
    full_name = models.CharField(max_length=160, blank=True)
    credits = models.PositiveIntegerField(default=0, help_text="The sum of its entries; `services` is the only writer.")
    stripe_customer_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.full_name or self.user_id}: {self.credits} credits"


class CreditEntryKind(models.TextChoices):
    SIGNUP = "signup", "Sign-up"
    PURCHASE = "purchase"
    SPEND = "spend"
    RETURN = "return"
    ADJUST = "adjust"
    REVOKE = "revoke", "Taken back"
    RESTORE = "restore", "Given again"


class CreditEntry(models.Model):
    """One change of a balance; `reference` names its cause, once per kind."""

    id = models.BigAutoField(primary_key=True)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=CreditEntryKind)
    amount_signed = models.IntegerField()
    balance_after = models.PositiveIntegerField()
    reference = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "credit entries"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="one_credit_entry_per_cause")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount_signed:+d}"


class PurchaseStatus(models.TextChoices):
    """created → paid | failed | expired; failed → paid | expired; expired → paid."""

    CREATED = "created"
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class CreditPurchase(models.Model):
    """A pack of credits, bought on Stripe's page on the platform's own account."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="purchases")
    pack = models.CharField(max_length=20)
    credits = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    status = models.CharField(max_length=8, choices=PurchaseStatus, default=PurchaseStatus.CREATED)
    checkout_session_id = models.CharField(max_length=128, null=True, blank=True, unique=True)
    invoice_id = models.CharField(max_length=64, blank=True)
    payment_intent_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    missing_credits = models.PositiveIntegerField(
        default=0, help_text="Credits that were spent already when its money went back."
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(credits__gt=0) & Q(amount_cents__gt=0), name="purchase_of_something"),
            models.CheckConstraint(condition=Q(missing_credits__lte=F("credits")), name="purchase_misses_its_own"),
            models.UniqueConstraint(
                fields=["payment_intent_id"], condition=~Q(payment_intent_id=""), name="one_purchase_per_payment"
            ),
        ]

    def __str__(self):
        return f"{self.credits} credits: {self.get_status_display()}"

    @property
    def amount(self):
        return Money(self.amount_cents, self.currency_code)

    @property
    def amount_back(self):
        """Of a purchase out of `queries.paid_purchases`."""
        return Money(self.cents_back or 0, self.currency_code)


class MoneyBack(models.Model):
    """Money of a purchase that went back at Stripe, by a refund or through a bank, once; and the credits it took along.

    `credits` is its share of what was bought, `taken` what of that was still there. `undone_at`: the refund failed or
    the bank decided for us; the credits were given again.
    """

    stripe_id = models.CharField(max_length=64, primary_key=True)
    purchase = models.ForeignKey(CreditPurchase, on_delete=models.CASCADE, related_name="money_back")
    amount_cents = models.PositiveIntegerField()
    credits = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "money back"
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("credits")), name="money_back_takes_its_share_at_most")
        ]

    def __str__(self):
        return f"{self.stripe_id}: {self.taken} of {self.credits} credits"

    @property
    def missing(self):
        return self.credits - self.taken
