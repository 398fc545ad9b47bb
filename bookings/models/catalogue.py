import uuid

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from tenants.models import FeeType, hex_color, salon_picture_path

MAX_MINUTES = 24 * 60


def validate_phases(value):
    """Phases are [{"kind": "active" | "processing", "minutes": n}], active at both ends."""
    if not isinstance(value, list) or any(
        not isinstance(phase, dict)
        or set(phase) != {"kind", "minutes"}
        or phase["kind"] not in ("active", "processing")
        or not isinstance(phase["minutes"], int)
        or not 0 < phase["minutes"] <= MAX_MINUTES
        for phase in value
    ):
        raise ValidationError("Each phase needs a kind (active or processing) and whole minutes.")
    if value and (value[0]["kind"] != "active" or value[-1]["kind"] != "active"):
        raise ValidationError("A visit starts and ends with an active phase.")


class ServiceCategory(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80, unique=True)
    description = models.TextField(blank=True, max_length=1000)
    color = models.CharField(max_length=7, default="#7c3f58", validators=[hex_color])
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name_plural = "service categories"
        ordering = ["sort_order", "name"]

    def __str__(self):
        return self.name


class ServiceQuerySet(models.QuerySet):
    def bookable(self):
        """Active services that at least one active team member performs."""
        able = ServiceTeamAssignment.objects.filter(service=models.OuterRef("pk"), team_member__is_active=True)
        return self.filter(models.Exists(able), active=True, deleted_at=None)


class Service(models.Model):
    """What customers book. Prices are in minor units of the salon's currency."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    category = models.ForeignKey(
        ServiceCategory, on_delete=models.SET_NULL, null=True, blank=True, related_name="services"
    )
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    short_description = models.CharField(blank=True, max_length=200)
    duration_min = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(5), MaxValueValidator(MAX_MINUTES)], help_text="Minutes, without buffers."
    )
    price_cents = models.PositiveIntegerField(validators=[MaxValueValidator(100_000_000)])
    deposit_type = models.CharField(
        max_length=8, choices=FeeType, blank=True, help_text="Empty: as the salon asks for all its services."
    )
    deposit_cents = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(100_000_000)])
    deposit_percent = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(100)])
    phases = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_phases],
        help_text='Leave empty for one active phase; else [{"kind": "active", "minutes": 30}, …] adding up to the duration.',
    )
    buffer_before_min = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])
    buffer_after_min = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(240)])
    min_notice_min = models.PositiveIntegerField(null=True, blank=True)
    horizon_days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(730)]
    )
    slot_step_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(240)]
    )
    image = models.ImageField(upload_to=salon_picture_path, blank=True)
    instructions = models.TextField(blank=True, max_length=2000)
    is_featured = models.BooleanField(default=False)
    sort_order = models.PositiveSmallIntegerField(default=0)
    requires_team_member_selection = models.BooleanField(default=False)
    allow_group_booking = models.BooleanField(default=False)
    max_group_size = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])
    shared_session = models.BooleanField(
        default=False, help_text="A class: guests who do not know each other share one session and its seats."
    )
    scheduled_only = models.BooleanField(
        default=False, help_text="A class that takes place only at the sessions the salon has put up."
    )
    parallel_ok = models.BooleanField(
        default=False, help_text="Somebody else may work on the same guest at the same time."
    )
    active = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    resources = models.ManyToManyField("bookings.Resource", blank=True, related_name="services")
    team = models.ManyToManyField("bookings.TeamMember", through="ServiceTeamAssignment", related_name="services")

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["sort_order", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_min__gte=5, duration_min__lte=MAX_MINUTES), name="service_duration"
            ),
            models.CheckConstraint(condition=Q(max_group_size__gte=1), name="service_group_size"),
            models.CheckConstraint(
                condition=Q(shared_session=False) | Q(allow_group_booking=True), name="service_class_is_a_group"
            ),
            models.CheckConstraint(
                condition=Q(scheduled_only=False) | Q(shared_session=True), name="service_scheduled_is_a_class"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def seats(self):
        """How many guests one session takes; 1 where a visit is one booking's alone."""
        return self.max_group_size if self.shared_session else 1

    @property
    def largest_party(self):
        """How many guests one booking may bring."""
        return self.max_group_size if self.allow_group_booking else 1

    def clean(self):
        if self.phases and sum(phase["minutes"] for phase in self.phases) != self.duration_min:
            raise ValidationError({"phases": "The phases must add up to the duration."})


class ServiceTeamAssignment(models.Model):
    """Who performs a service; an empty price or duration means the service's own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="assignments")
    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.CASCADE, related_name="assignments")
    price_cents = models.PositiveIntegerField(null=True, blank=True, validators=[MaxValueValidator(100_000_000)])
    duration_min = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(MAX_MINUTES)]
    )

    class Meta:
        verbose_name = "team assignment"
        constraints = [
            models.UniqueConstraint(fields=["service", "team_member"], name="one_assignment_per_person"),
            models.CheckConstraint(
                condition=Q(duration_min=None) | Q(duration_min__gte=5, duration_min__lte=MAX_MINUTES),
                name="assignment_duration",
            ),
        ]

    def __str__(self):
        return f"{self.team_member} performs {self.service}"

    def clean(self):
        if self.duration_min and self.service_id and self.service.phases:
            raise ValidationError({"duration_min": "A service with phases takes the same time with everybody."})
