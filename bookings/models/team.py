import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from phonenumber_field.modelfields import PhoneNumberField

from tenants.models import salon_picture_path


class TeamRole(models.TextChoices):
    OWNER = "owner"
    ADMIN = "admin"
    STAFF = "staff"


class TeamMember(models.Model):
    """A person customers can book. May or may not have a login of their own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.UUIDField(null=True, blank=True, unique=True, help_text="The login, if there is one.")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    display_name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    role = models.CharField(max_length=8, choices=TeamRole, default=TeamRole.STAFF)
    title = models.CharField(max_length=80, blank=True, help_text="Shown to customers, e.g. Senior stylist.")
    bio = models.TextField(blank=True, max_length=2000)
    specialties = models.JSONField(default=list, blank=True)
    profile_image = models.ImageField(upload_to=salon_picture_path, blank=True)
    color = models.CharField(max_length=7, default="#7c3f58")
    is_active = models.BooleanField(default=True)
    max_concurrent_bookings = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    buffer_time_minutes = models.PositiveSmallIntegerField(
        default=0,
        validators=[MaxValueValidator(240)],
        help_text="At least this long is kept free after each of this person's visits.",
    )
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["sort_order", "first_name", "last_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(max_concurrent_bookings__gte=1, max_concurrent_bookings__lte=20),
                name="team_member_capacity",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """What customers read."""
        return self.display_name or f"{self.first_name} {self.last_name}".strip()
