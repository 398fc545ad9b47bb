"""What a salon's customers pay every month, and the visits each paid month is good for.

A membership is a subscription on the salon's Stripe account; its state is what Stripe said when it was last read
(docs/decisions/0047). What a month is good for is a gift card of one hundred percent: `MembershipGrant`.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from payments.models import DisputeStatus
from tenants import languages
from tenants.money import Money


class MembershipPlan(models.Model):
    """What is offered. Members keep the terms they have agreed to, whatever becomes of the plan."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    description = models.TextField(max_length=500, blank=True)
    price_cents = models.PositiveIntegerField(help_text="A month.")
    currency_code = models.CharField(max_length=3)
    included_visits = models.PositiveSmallIntegerField(help_text="A month; what is not used is not carried over.")
    services = models.ManyToManyField("bookings.Service", related_name="membership_plans")
    is_active = models.BooleanField(default=True, help_text="Whether customers can join.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["price_cents", "name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_membership_plan_per_name"),
            models.CheckConstraint(condition=Q(price_cents__gte=1), name="membership_plan_has_a_price"),
            models.CheckConstraint(condition=Q(included_visits__gte=1), name="membership_plan_includes_visits"),
        ]

    def __str__(self):
        return self.name

    @property
    def price(self):
        return Money(self.price_cents, self.currency_code)


class MembershipState(models.TextChoices):
    """A membership's life; `services.status` has the allowed moves and is the only writer."""

    PENDING = "pending", "Not begun"
    STARTING = "starting", "Being paid"
    ACTIVE = "active"
    PAST_DUE = "past_due", "Not paid"
    CANCELLED = "cancelled", "Ended"


#: A membership in one of these is somebody's: there is one for each plan and address.
LIVING = (MembershipState.STARTING, MembershipState.ACTIVE, MembershipState.PAST_DUE)
OPEN = (MembershipState.PENDING, *LIVING)


class Membership(models.Model):
    """One customer's membership, with the terms they agreed to and what Stripe last said of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form_key = models.CharField(max_length=64, unique=True, help_text="Of the form that was sent: twice is once.")
    plan = models.ForeignKey(MembershipPlan, on_delete=models.PROTECT, related_name="memberships")
    customer = models.ForeignKey(
        "bookings.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        help_text="None until a card was left.",
    )
    name = models.CharField(max_length=160)
    email = models.EmailField(blank=True, help_text="Where its messages go; empty once its customer is forgotten.")
    language = models.CharField(max_length=2, blank=True, choices=languages.CHOICES)
    # What was agreed to.
    plan_name = models.CharField(max_length=80)
    price_cents = models.PositiveIntegerField()
    currency_code = models.CharField(max_length=3)
    included_visits = models.PositiveSmallIntegerField()
    service_ids = ArrayField(
        models.UUIDField(), default=list, help_text="The services the included visits are good for."
    )
    consent = models.TextField(help_text="The sentences that were agreed to.")
    consented_at = models.DateTimeField()
    consent_address = models.GenericIPAddressField(null=True, blank=True)
    # What Stripe said.
    state = models.CharField(max_length=9, choices=MembershipState, default=MembershipState.PENDING)
    stripe_account_id = models.CharField(max_length=64)
    stripe_customer_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    subscription_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    generation = models.PositiveSmallIntegerField(default=0, help_text="Of the keys Stripe knows its requests by.")
    card_page_id = models.CharField(max_length=128, blank=True)
    card_label = models.CharField(max_length=40, blank=True)
    period_starts_at = models.DateTimeField(null=True, blank=True)
    period_ends_at = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False)
    unpaid_since = models.DateTimeField(null=True, blank=True)
    pay_url = models.URLField(max_length=500, blank=True, help_text="Stripe’s page of an invoice that is open.")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the reading that counts began.")
    due_at = models.DateTimeField(help_text="When Stripe is asked again by itself.")
    leased_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "plan",
                Lower("email"),
                condition=Q(state__in=["starting", "active", "past_due"]),
                name="one_living_membership_per_plan",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "cancelled"]) | Q(customer__isnull=False, email__gt=""),
                name="membership_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "starting", "cancelled"]) | Q(subscription_id__isnull=False),
                name="membership_is_subscribed",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") ^ Q(ended_at__isnull=True), name="membership_ends_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="membership_due",
                condition=Q(state__in=["pending", "starting", "active", "past_due"]),
            )
        ]

    def __str__(self):
        return f"{self.plan_name}, {self.name}"

    @property
    def price(self):
        return Money(self.price_cents, self.currency_code)

    @property
    def is_living(self):
        return self.state in LIVING


class MembershipGrant(models.Model):
    """What one paid invoice is good for: made once, its id follows from the invoice's."""

    id = models.UUIDField(primary_key=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="grants")
    card = models.OneToOneField("giftcards.GiftCard", on_delete=models.PROTECT, related_name="membership_grant")
    invoice_id = models.CharField(max_length=64, unique=True)
    payment_intent_id = models.CharField(max_length=64, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    paid_cents = models.PositiveIntegerField()
    application_fee_cents = models.PositiveIntegerField(default=0)
    refunded_cents = models.PositiveIntegerField(default=0)
    currency_code = models.CharField(max_length=3)
    granted_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True, help_text="While set, its card is off.")
    taken_visits = models.PositiveSmallIntegerField(default=0, help_text="What was left of its card then.")
    # What its payer's bank says, where it takes the money back; of several disputes, of the one that counts.
    disputed_cents = models.PositiveIntegerField(default=0, help_text="What the bank has now.")
    disputes = models.JSONField(default=dict, blank=True, help_text="The status of every dispute, by Stripe’s id.")
    dispute_id = models.CharField(max_length=64, blank=True)
    dispute_status = models.CharField(max_length=12, choices=DisputeStatus, blank=True)
    dispute_reason = models.CharField(max_length=60, blank=True)
    dispute_answer_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_at", "-granted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dispute_id="", dispute_status="") | (~Q(dispute_id="") & ~Q(dispute_status="")),
                name="membership_dispute_has_a_status",
            ),
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="membership_grant_order"),
            models.CheckConstraint(
                condition=Q(refunded_cents__lte=F("paid_cents")), name="membership_refunded_within_paid"
            ),
        ]

    def __str__(self):
        return f"{self.membership.plan_name} from {self.starts_at:%Y-%m-%d}"

    @property
    def paid(self):
        return Money(self.paid_cents, self.currency_code)

    @property
    def is_given_back(self):
        return bool(self.refunded_cents) and self.refunded_cents == self.paid_cents

    @property
    def is_disputed(self):
        """Whether the bank has the money now, or asks for it."""
        return bool(self.disputed_cents) or self.dispute_status in (DisputeStatus.OPEN, DisputeStatus.UNDER_REVIEW)
