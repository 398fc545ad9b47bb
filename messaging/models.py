"""The outbox: every message is a row before it is anything else."""

import uuid

from django.db import models


class Channel(models.TextChoices):
    EMAIL = "email"


class MessageStatus(models.TextChoices):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"


class Outgoing(models.Model):
    """A message to one recipient, written in the transaction that causes it and sent after commit."""

    #: Whether its words stay after it has left.
    keeps_words = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(
        max_length=200, unique=True, help_text="subject : kind : version : recipient : channel"
    )
    about_id = models.UUIDField(null=True, db_index=True, help_text="What it is about, e.g. a booking's id.")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    recipient = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True, help_text="[{name, content_type, body}]; body is text.")
    status = models.CharField(max_length=8, choices=MessageStatus, default=MessageStatus.QUEUED)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="%(class)s_due",
                condition=models.Q(status__in=["queued", "sending"]),
            )
        ]

    def __str__(self):
        return f"{self.kind} to {self.recipient}"


class Message(Outgoing):
    """What a salon says to its customers and owners."""
