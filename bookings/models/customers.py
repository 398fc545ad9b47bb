import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Upper
from phonenumber_field.modelfields import PhoneNumberField


class Customer(models.Model):
    """A person who visits. A guest who types a known e-mail never changes this row (bookings keep what was typed)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    display_name = models.CharField("name", max_length=160)
    email = models.EmailField("e-mail", blank=True)
    phone = PhoneNumberField(blank=True)
    preferred_member = models.ForeignKey(
        "bookings.TeamMember",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="preferred_by",
        verbose_name="preferred person",
    )
    marketing_opt_in = models.BooleanField(default=False)
    marketing_opt_in_at = models.DateTimeField(null=True, blank=True)
    texts_number = models.CharField(
        max_length=16,
        blank=True,
        default="",
        db_default="",
        help_text="The number text messages were agreed to for: another one is asked for anew.",
    )
    texts_agreed_at = models.DateTimeField(null=True, blank=True)
    notification_preferences = models.JSONField(default=dict, blank=True)
    notes = models.TextField(
        "preferences",
        blank=True,
        max_length=4000,
        help_text="What lasts: allergies, colour formula, likes. For staff only.",
    )
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_customer_per_email"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(email="", phone="", notes="", marketing_opt_in=False, texts_number=""),
                name="erased_customer_is_nobody",
            ),
        ]
        indexes = [
            models.Index(Lower("display_name"), "id", name="customer_name"),
            models.Index("created_at", "id", name="customer_created"),
            models.Index(fields=["phone"], name="customer_phone", condition=~Q(phone="")),
            # Finds a part of a word (`queries.finding`, `queries.customers`), whatever its case.
            GinIndex(
                OpClass(Upper("display_name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                OpClass(F("phone"), name="gin_trgm_ops"),
                name="customer_search",
            ),
        ]

    def __str__(self):
        return self.display_name

    @property
    def wants_texts(self):
        """Whether they have agreed to text messages to the number they have now."""
        return bool(self.texts_number) and self.texts_number == str(self.phone or "")


class CustomerNote(models.Model):
    """What somebody of the team wrote down about a customer, on a day. Never shown to customers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="staff_notes")
    text = models.TextField(max_length=4000)
    author_id = models.UUIDField(null=True, help_text="The user's id; users live outside the salon's schema.")
    author_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="customer_note_says_something")]
        indexes = [models.Index(fields=["customer", "-at"], name="customer_note_newest")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d}: {self.text[:40]}"


class FormerCustomer(models.Model):
    """Somebody who turned out to be another customer: old links lead there, and so does the old e-mail address."""

    id = models.UUIDField(primary_key=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="former")
    email = models.EmailField(blank=True)
    merged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_former_customer_per_email"),
        ]

    def __str__(self):
        return str(self.customer)
