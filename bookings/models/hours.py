"""When people work. Wall times are minutes of a local date, 0–2880: past 1440 is the next day."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

DAY = 24 * 60


class Weekday(models.IntegerChoices):
    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


def shift_constraints(prefix):
    """A shift has a length, begins on its own day and ends by the end of the next."""
    return [
        models.CheckConstraint(condition=Q(day_of_week__gte=1, day_of_week__lte=7), name=f"{prefix}_weekday"),
        models.CheckConstraint(
            condition=Q(start_min__lt=F("end_min"), end_min__lte=2 * DAY) & Q(start_min__lt=DAY), name=f"{prefix}_shift"
        ),
    ]


class WeeklyShift(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day_of_week = models.PositiveSmallIntegerField(choices=Weekday)
    start_min = models.PositiveSmallIntegerField(help_text="Minutes after midnight.")
    end_min = models.PositiveSmallIntegerField(
        help_text="Minutes after midnight of the same day; 1560 is 02:00 the next day."
    )

    class Meta:
        abstract = True
        ordering = ["day_of_week", "start_min"]

    def __str__(self):
        return f"{self.get_day_of_week_display()} {clock(self.start_min)}–{clock(self.end_min)}"


def clock(minutes):
    """`570` as "09:30", `1560` as "26:00"."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class OpeningHours(WeeklyShift):
    """The salon's own hours; where there are none, people's hours alone count."""

    class Meta(WeeklyShift.Meta):
        verbose_name_plural = "opening hours"
        constraints = shift_constraints("opening_hours")


class TeamMemberAvailability(WeeklyShift):
    """A weekly shift of a person. Rows with a service replace the general ones for that service."""

    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.CASCADE, related_name="availability")
    service = models.ForeignKey(
        "bookings.Service", on_delete=models.CASCADE, null=True, blank=True, related_name="availability"
    )

    class Meta(WeeklyShift.Meta):
        verbose_name = "weekly hours"
        verbose_name_plural = "weekly hours"
        constraints = shift_constraints("availability")


class ServiceHours(WeeklyShift):
    """When a service is offered at all, whoever performs it; where there are none, people's hours alone count."""

    service = models.ForeignKey("bookings.Service", on_delete=models.CASCADE, related_name="hours")

    class Meta(WeeklyShift.Meta):
        verbose_name = "hours of a service"
        verbose_name_plural = "hours of a service"
        constraints = shift_constraints("service_hours")


class Break(WeeklyShift):
    """Time off within the working day, every week; without a person it is everybody's."""

    team_member = models.ForeignKey(
        "bookings.TeamMember", on_delete=models.CASCADE, null=True, blank=True, related_name="breaks"
    )

    class Meta(WeeklyShift.Meta):
        constraints = shift_constraints("break")


def validate_shifts(value):
    """Shifts of one date: [[start, end], …] in minutes, in order, not overlapping; [] is a day off."""
    if not isinstance(value, list):
        raise ValidationError("Write the shifts as pairs of minutes.")
    last_end = 0
    for shift in value:
        if not (isinstance(shift, list) and len(shift) == 2 and all(isinstance(m, int) for m in shift)):
            raise ValidationError("Write the shifts as pairs of minutes.")
        start, end = shift
        if not (last_end <= start < end <= 2 * DAY and start < DAY):
            raise ValidationError("Shifts must have a length, be in order and not overlap.")
        last_end = end


class SpecialDay(models.Model):
    """Replaces a person's weekly plan on the date the shift starts (D4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_member = models.ForeignKey("bookings.TeamMember", on_delete=models.CASCADE, related_name="special_days")
    date = models.DateField()
    shifts = models.JSONField(
        default=list, blank=True, validators=[validate_shifts], help_text="[[540, 1020]] is 09:00–17:00; [] is off."
    )
    open_anyway = models.BooleanField(default=False, help_text="Work even where the salon is closed.")
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["team_member", "date"], name="one_special_day_per_date")]

    def __str__(self):
        return f"{self.team_member} on {self.date}"


class SpecialOpening(models.Model):
    """Replaces the salon's own hours on the date they start: shorter on Christmas Eve, longer before a feast."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    date = models.DateField(unique=True)
    shifts = models.JSONField(
        default=list, blank=True, validators=[validate_shifts], help_text="[[540, 720]] is 09:00–12:00; [] is shut."
    )
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self):
        return self.reason or f"Hours on {self.date}"


class Closure(models.Model):
    """Days on which the salon is shut, both ends included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    start_date = models.DateField()
    end_date = models.DateField()
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["start_date"]
        constraints = [models.CheckConstraint(condition=Q(start_date__lte=F("end_date")), name="closure_order")]

    def __str__(self):
        return self.reason or f"Closed {self.start_date}"

    def clean(self):
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValidationError({"end_date": "The last day cannot be before the first."})


class TimeBlock(models.Model):
    """Time a person, or a resource, cannot be booked; bookings already there stay and are listed as needing a move."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team_member = models.ForeignKey(
        "bookings.TeamMember", on_delete=models.CASCADE, null=True, blank=True, related_name="time_blocks"
    )
    resource = models.ForeignKey(
        "bookings.Resource", on_delete=models.CASCADE, null=True, blank=True, related_name="time_blocks"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    created_by = models.UUIDField(null=True, blank=True)
    source_id = models.UUIDField(
        null=True, blank=True, editable=False, help_text="The calendar elsewhere it was read from, if it was."
    )

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="time_block_order"),
            models.CheckConstraint(
                condition=Q(source_id=None) | Q(team_member__isnull=False), name="time_block_read_for_a_person"
            ),
            models.UniqueConstraint(
                fields=["source_id", "starts_at"], condition=Q(source_id__isnull=False), name="time_block_read_once"
            ),
            models.CheckConstraint(
                condition=Q(team_member__isnull=True) ^ Q(resource__isnull=True), name="time_block_of_one"
            ),
        ]
        indexes = [
            models.Index(fields=["team_member", "ends_at"], name="time_block_reads"),
            models.Index(fields=["resource", "ends_at"], name="time_block_resource_reads"),
        ]

    def __str__(self):
        return self.reason or "Blocked"

    def clean(self):
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "The end must be after the start."})
