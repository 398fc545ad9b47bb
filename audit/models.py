"""Who did what, when and from where: the salon's append-only change log."""

import uuid

from django.db import models


class AuditEntry(models.Model):
    """One act of one person (or of the product itself, with no actor)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, help_text="The user's id; users live outside the salon's schema.")
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=60, help_text="A verb, e.g. booking.completed.")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        # What the trail is filtered by, each in the order it is read in: a page is one step of an index.
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="audit_subject"),
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["actor_id", "-at", "-id"], name="audit_actor"),
            models.Index(fields=["action", "-at", "-id"], name="audit_action"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label or 'Tithi'}: {self.action} {self.subject_label}"
