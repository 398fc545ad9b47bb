import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from phonenumber_field.modelfields import PhoneNumberField


class Customer(models.Model):
    """A person who visits. A guest who types a known e-mail never changes this row (bookings keep what was typed)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    display_name = models.CharField(max_length=160)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    marketing_opt_in = models.BooleanField(default=False)
    marketing_opt_in_at = models.DateTimeField(null=True, blank=True)
    notification_preferences = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True, max_length=4000, help_text="For staff only.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["display_name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="one_customer_per_email"),
        ]

    def __str__(self):
        return self.display_name
