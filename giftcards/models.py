"""Gift cards, what is reserved of them, and a ledger that is only ever added to.

The balance changes in one place (`services`), by one guarded statement, together with its ledger entry: at any
moment it is the sum of the entries.
"""

import uuid
from hashlib import sha256

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from tenants.money import Money

FEWEST_VISITS, MOST_VISITS = 2, 100


class Package(models.Model):
    """Visits that are sold together, for some services. Who buys one gets a `GiftCard` with all of this copied."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=400, blank=True)
    visits = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FEWEST_VISITS), MaxValueValidator(MOST_VISITS)]
    )
    price_cents = models.PositiveIntegerField(validators=[MaxValueValidator(100_000_000)], help_text="For all of them.")
    service_ids = ArrayField(models.UUIDField(), help_text="What it pays for: one visit for each service and guest.")
    valid_months = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)], help_text="Empty: no end."
    )
    sold_online = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(visits__range=(FEWEST_VISITS, MOST_VISITS)), name="package_has_visits"),
            # A visit is worth something, so that what is unused can be paid back.
            models.CheckConstraint(condition=Q(price_cents__gte=F("visits")), name="package_costs_something"),
            models.CheckConstraint(condition=~Q(service_ids=[]), name="package_has_services"),
        ]

    def __str__(self):
        return self.name

    @property
    def title(self) -> str:
        """What its cards are called."""
        return f"{self.visits} × {self.name}"

    @property
    def version(self) -> str:
        """Changes with everything a buyer reads of it: which package was on the page."""
        services = sorted(map(str, self.service_ids))
        told = [self.name, self.description, self.visits, self.price_cents, services, self.valid_months]
        return sha256(repr(told).encode()).hexdigest()[:32]


class PaidBy(models.TextChoices):
    """How a package was paid."""

    ONLINE = "online", "Online"
    CASH = "cash", "In cash"
    TERMINAL = "terminal", "At the terminal"
    FREE = "free", "Given free of charge"


#: What the salon took by itself: no ledger of Stripe's knows of it.
TAKEN_AT_THE_DESK = (PaidBy.CASH, PaidBy.TERMINAL)
AT_THE_DESK = (*TAKEN_AT_THE_DESK, PaidBy.FREE)


class GiftCard(models.Model):
    """A fixed amount that pays for visits, or a percentage off them. With a `title` it is a package: visits paid ahead.

    A package takes all of a visit's price off, `usage_limit` times: every service counts, for every guest. What it is
    good for was copied when it was issued; no catalogue changes it afterwards.

    The code is not kept: it follows from the card's id and a secret (`codes`), and is found again by its digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_digest = models.CharField(max_length=64, unique=True)
    code_tail = models.CharField(max_length=4, help_text="The last four characters, to tell cards apart.")
    amount_cents = models.PositiveIntegerField(
        null=True, blank=True, help_text="What was issued; none for percentages."
    )
    balance_cents = models.PositiveIntegerField(default=0)
    discount_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    usage_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many visits a percentage is good for."
    )
    usage_count = models.PositiveIntegerField(default=0, help_text="Visits it was used or is reserved for.")
    title = models.CharField(max_length=120, blank=True, help_text="What a package is called; empty for other cards.")
    service_ids = ArrayField(
        models.UUIDField(), default=list, blank=True, help_text="The services it pays for; empty: every one."
    )
    price_cents = models.PositiveIntegerField(
        null=True, blank=True, help_text="What was paid for all visits of a package."
    )
    package = models.ForeignKey(
        Package, on_delete=models.PROTECT, null=True, blank=True, related_name="cards", help_text="What was sold."
    )
    paid_by = models.CharField(max_length=8, choices=PaidBy, blank=True)
    unsold_at = models.DateTimeField(
        null=True, blank=True, help_text="When its sale at the desk was taken back: nothing was taken for it."
    )
    currency_code = models.CharField(max_length=3)
    expiration_date = models.DateField(null=True, blank=True, help_text="The last day it is good, in the salon's zone.")
    is_active = models.BooleanField(default=True)
    buyer_name = models.CharField(max_length=160, blank=True)
    recipient_name = models.CharField(max_length=160, blank=True)
    recipient_email = models.EmailField(blank=True)
    message = models.TextField(max_length=500, blank=True)
    deliver_on = models.DateField(null=True, blank=True, help_text="A date of the salon; mailed on its morning.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, help_text="For staff only.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=True) ^ Q(discount_percent__isnull=True), name="gift_card_one_kind"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=True, balance_cents=0) | Q(balance_cents__lte=F("amount_cents")),
                name="gift_balance_within_issued",
            ),
            models.CheckConstraint(
                condition=Q(discount_percent__isnull=True) | Q(discount_percent__range=(1, 100)),
                name="gift_percent_sane",
            ),
            models.CheckConstraint(
                condition=Q(usage_limit__isnull=True) | Q(usage_count__lte=F("usage_limit")),
                name="gift_usage_within_limit",
            ),
            models.CheckConstraint(
                condition=Q(title="", price_cents__isnull=True)
                | (
                    ~Q(title="")
                    # A check that is unknown passes: each column is asked whether it is there.
                    & Q(discount_percent__isnull=False, discount_percent=100)
                    & Q(usage_limit__isnull=False, usage_limit__gte=1)
                ),
                name="gift_package_is_counted",
            ),
            models.CheckConstraint(
                condition=Q(unsold_at__isnull=True) | Q(is_active=False, paid_by__in=["cash", "terminal", "free"]),
                name="gift_unsold_is_off",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deliver_on"],
                name="gift_card_to_deliver",
                condition=Q(delivered_at__isnull=True, is_active=True),
            ),
            models.Index(fields=["expiration_date"], name="gift_card_to_expire", condition=Q(balance_cents__gt=0)),
        ]

    def __str__(self):
        return f"{self.title} •••• {self.code_tail}".strip()

    @property
    def balance(self):
        return Money(self.balance_cents, self.currency_code)

    @property
    def is_percentage(self):
        return self.discount_percent is not None

    @property
    def is_package(self):
        return bool(self.title)

    @property
    def is_sold_at_desk(self):
        """Whether it is a package of the catalogue that somebody of the salon handed out."""
        return self.package_id is not None and self.paid_by in AT_THE_DESK

    @property
    def visits_left(self):
        """Of a card that is counted: how many visits it is still good for."""
        return max(self.usage_limit - self.usage_count, 0)

    def covers(self, service_ids):
        """Whether it may pay for all of these services."""
        return not self.service_ids or set(service_ids) <= set(self.service_ids)

    def uses_for(self, needed):
        """How many of its uses a visit takes (`queries.needed_for`): a package counts, other cards know one visit."""
        return needed.visits if self.is_package else 1

    def is_good_on(self, day, *, uses=1):
        """Whether somebody may pay with it on this date of the salon: `services.balance` asks the same of the row."""
        in_time = self.expiration_date is None or day <= self.expiration_date
        has_uses = self.usage_limit is None or self.usage_count + uses <= self.usage_limit
        return self.is_active and in_time and has_uses and bool(self.discount_percent or self.balance_cents)


class ReservationState(models.TextChoices):
    """reserved → redeemed | released; redeemed → released when a refund has given all of it back."""

    RESERVED = "reserved"
    REDEEMED = "redeemed"
    RELEASED = "released"


class GiftReservation(models.Model):
    """What a card is going to pay, or has paid, for one booking; `cents` are out of its balance already."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="reservations")
    booking = models.ForeignKey("bookings.Booking", on_delete=models.PROTECT, related_name="gift_reservations")
    state = models.CharField(max_length=8, choices=ReservationState, default=ReservationState.RESERVED)
    cents = models.PositiveIntegerField(help_text="Of a fixed card: reserved, then what was redeemed.")
    percent = models.PositiveSmallIntegerField(default=0)
    uses = models.PositiveSmallIntegerField(default=1, help_text="Of a package: services times guests; else one.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["booking"], condition=Q(state__in=["reserved", "redeemed"]), name="one_gift_card_per_booking"
            )
        ]

    def __str__(self):
        return f"{self.card} for {self.booking_id}: {self.get_state_display()}"


class EntryKind(models.TextChoices):
    ISSUE = "issue"
    RESERVE = "reserve"
    RELEASE = "release"
    REDEEM = "redeem"
    RESTORE = "restore"
    EXPIRE = "expire"
    ADJUST = "adjust"


class GiftCardEntry(models.Model):
    """One change of a balance. `amount_signed_cents` adds up to the balance; never changed, never deleted."""

    id = models.BigAutoField(primary_key=True)
    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind)
    amount_signed_cents = models.IntegerField()
    balance_after_cents = models.PositiveIntegerField()
    booking = models.ForeignKey(
        "bookings.Booking", on_delete=models.PROTECT, null=True, blank=True, related_name="gift_entries"
    )
    action_id = models.UUIDField(null=True, blank=True, help_text="The press of a money button that caused it.")
    actor_id = models.UUIDField(null=True, blank=True)
    actor_label = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "gift card entries"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["action_id", "kind"], name="one_gift_entry_per_action")]

    def __str__(self):
        return f"{self.get_kind_display()} {Money(self.amount_signed_cents, self.card.currency_code)}"
