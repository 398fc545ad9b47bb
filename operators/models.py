"""What the platform's own staff has done. Lives in `public`: it is about salons and people, not of one salon."""

import uuid

from django.db import models

from tenants.models import User


class OperatorEntry(models.Model):
    """One act of one operator; nobody changes or deletes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(db_index=True)
    operator = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="operator_entries")
    operator_label = models.CharField(max_length=200, help_text="Who it was, also when the account is gone.")
    action = models.CharField(max_length=60, help_text="A verb, e.g. support.opened.")
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=64)
    subject_label = models.CharField(max_length=200)
    reason = models.TextField(blank=True, max_length=1000)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "operator entries"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "-at"], name="operator_entry_subject")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.operator_label}: {self.action} {self.subject_label}"
