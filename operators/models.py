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


class FailedTask(models.Model):
    """A piece of background work that ended in an error: which, of whom, where in the code. Never what it was about.

    `services.failures` is the only writer. Kept for 30 days.
    """

    class State(models.TextChoices):
        """open → again | done, by an operator."""

        OPEN = "open"
        AGAIN = "again", "Run again"
        DONE = "done", "Done with"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task_id = models.CharField(max_length=64, unique=True, help_text="A message that comes back fails as one.")
    name = models.CharField(max_length=120)
    schema_name = models.CharField(max_length=63, blank=True, help_text="Of the salon; `public` for the platform's.")
    arguments = models.JSONField(default=dict, help_text="Ids by name; null for what is none.")
    error = models.CharField(max_length=120, help_text="The error's name: what it says may hold an address.")
    traceback = models.TextField(blank=True, help_text="Places in the code, without values.")
    times = models.PositiveSmallIntegerField(default=1)
    failed_at = models.DateTimeField()
    state = models.CharField(max_length=5, choices=State, default=State.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-failed_at"]
        indexes = [
            models.Index(fields=["-failed_at", "id"], name="failed_task_newest"),
            models.Index(fields=["-failed_at"], name="failed_task_open", condition=models.Q(state="open")),
        ]

    def __str__(self):
        return f"{self.name}: {self.error}"
