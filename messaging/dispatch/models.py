"""What has to leave, and when: one table for all salons, so that nobody looks for it salon by salon."""

import uuid

from django.db import models
from django.db.models import Q


class Dispatch(models.Model):
    """A message that has not left yet, or was given up: where it lies, never what it says or to whom.

    It is written in the message's own transaction, and removed by the one that ends the message.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    schema_name = models.CharField(max_length=63)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    due_at = models.DateTimeField(help_text="Also the end of a claim: a worker that died loses it then.")
    claim = models.UUIDField(null=True, help_text="Whoever has it in hand; nobody else sends it meanwhile.")
    created_at = models.DateTimeField(auto_now_add=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=80, blank=True, help_text="The name of the error, which holds no address.")

    class Meta:
        verbose_name_plural = "dispatches"
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["schema_name", "message_id"], name="one_dispatch_per_message")]
        indexes = [
            models.Index(fields=["due_at"], name="dispatch_due", condition=Q(gave_up_at=None)),
            models.Index(fields=["schema_name", "due_at"], name="dispatch_due_of_salon", condition=Q(gave_up_at=None)),
            models.Index(fields=["-gave_up_at"], name="dispatch_given_up", condition=~Q(gave_up_at=None)),
        ]

    def __str__(self):
        return f"{self.kind} of {self.schema_name}"


class TextedNumber(models.Model):
    """A number that a salon has sent a text to, so that STOP, which is answered to all of them at once, finds its way.

    A digest with a key of the installation: whoever reads this table learns no number.
    """

    id = models.BigAutoField(primary_key=True)
    schema_name = models.CharField(max_length=63)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "schema_name"], name="one_texted_number_per_salon")]

    def __str__(self):
        return f"a number of {self.schema_name}"
