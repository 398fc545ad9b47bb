"""How far an owner has come with opening a salon. Lives in `public`: it begins before the salon has a schema."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.models import Business, User

FIRST_STEP, LAST_STEP = 1, 12


class Provisioning(models.TextChoices):
    """What has become of the salon's address, rows and schema."""

    NOT_ASKED = "not_asked"
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class OnboardingProgress(models.Model):
    """One salon on its way to its first customer. `id` is the salon's own id, from the first step on.

    Until the salon exists (`business`), its first answers stand here; from then on in the salon itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="onboardings")
    business = models.OneToOneField(Business, on_delete=models.CASCADE, null=True, related_name="onboarding")

    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=160, blank=True)
    industry = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True, max_length=2000)
    slug = models.CharField(max_length=40, blank=True)

    like = models.UUIDField(
        null=True, help_text="Another salon of the owner's whose menu, rules and looks it starts with."
    )

    provisioning = models.CharField(max_length=10, choices=Provisioning, default=Provisioning.NOT_ASKED)
    provisioning_error = models.CharField(max_length=300, blank=True)
    provisioning_asked_at = models.DateTimeField(null=True, blank=True)
    provisioning_attempts = models.PositiveSmallIntegerField(default=0)

    current_step = models.PositiveSmallIntegerField(default=FIRST_STEP)
    completed_steps = models.JSONField(default=list, help_text="Numbers of the steps that were answered.")
    skipped_steps = models.JSONField(default=list, help_text="Numbers of the steps left for later.")
    sample = models.JSONField(default=dict, help_text="Ids of the rows that are sample data, by model.")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField(auto_now=True)
    live_at = models.DateTimeField(null=True, blank=True, help_text="When the booking page was first published.")

    class Meta:
        verbose_name_plural = "onboarding progress"
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(current_step__gte=FIRST_STEP, current_step__lte=LAST_STEP), name="onboarding_step"
            ),
            models.CheckConstraint(
                condition=Q(business=None) | Q(business=models.F("id")), name="onboarding_id_is_the_salons"
            ),
            models.CheckConstraint(
                condition=Q(provisioning="done", business__isnull=False) | ~Q(provisioning="done") & Q(business=None),
                name="onboarding_done_has_a_salon",
            ),
        ]

    def __str__(self):
        return self.name
