import uuid
from datetime import time

from django.db import models
from django.db.models import Q

from bookings.reminders import Kind, Quiet, Rule
from messaging.models import Channel

MAX_MINUTES = 60 * 24 * 60
MAX_DAYS = 60
MIN_MINUTES = 15


class ReminderSettings(models.Model):
    """How the salon reminds: one row, or none where nobody has said anything yet."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    has_own_rules = models.BooleanField(default=False, help_text="The rows of ReminderRule count, also where none are.")
    quiet_from = models.TimeField(null=True, blank=True, default=time(21))
    quiet_until = models.TimeField(null=True, blank=True, default=time(8))
    follow_up_min = models.PositiveIntegerField(
        default=0, help_text="Minutes after the visit was completed; 0 for no follow-up."
    )
    stale_since = models.DateTimeField(
        null=True, blank=True, help_text="Visits to come are still reminded of by earlier rules."
    )

    class Meta:
        verbose_name_plural = "reminder settings"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_row_of_reminder_settings"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=models.F("quiet_until")),
                name="quiet_hours_have_two_ends",
            ),
            models.CheckConstraint(condition=Q(follow_up_min__lte=MAX_MINUTES), name="follow_up_within_reach"),
        ]

    def __str__(self):
        return "Reminders"

    @property
    def quiet(self):
        return Quiet(self.quiet_from, self.quiet_until) if self.quiet_from is not None else None


class ReminderRule(models.Model):
    """One reminder of each visit, as `bookings.reminders.Rule` means it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in Kind])
    minutes = models.PositiveIntegerField(default=0)
    days = models.PositiveSmallIntegerField(default=0)
    at = models.TimeField(null=True, blank=True, help_text="Empty: the time of day of the visit.")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=Kind.BEFORE.value,
                    minutes__gte=MIN_MINUTES,
                    minutes__lte=MAX_MINUTES,
                    days=0,
                    at__isnull=True,
                )
                | Q(kind=Kind.DAY_BEFORE.value, days__gte=1, days__lte=MAX_DAYS, minutes=0),
                name="reminder_rule_of_one_kind",
            ),
            models.UniqueConstraint(
                fields=["kind", "minutes", "days", "at", "channel"], nulls_distinct=False, name="reminder_rule_once"
            ),
        ]

    def __str__(self):
        return self.rule.about

    @property
    def rule(self):
        return Rule(Kind(self.kind), self.minutes, self.days, self.at, self.channel)
