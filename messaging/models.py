"""The outbox: every message is a row before it is anything else."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Upper
from django.db.models.lookups import LessThanOrEqual

from messaging import triggers
from messaging.placeholders import MAX_BODY, MAX_SUBJECT


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

    class Meta(Outgoing.Meta):
        # The outbox, read from its newest end: all of it, and one kind. The last finds parts of words.
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(fields=["-created_at", "-id"], name="message_newest"),
            models.Index(fields=["kind", "-created_at", "-id"], name="message_kind"),
            GinIndex(
                OpClass(Upper("recipient"), name="gin_trgm_ops"),
                OpClass(Upper("subject"), name="gin_trgm_ops"),
                name="message_search",
            ),
        ]


class TemplateChannel(models.TextChoices):
    """How a text is meant to leave. Text messages are kept for when they can be sent: `Channel` has e-mail only."""

    EMAIL = "email", "E-mail"
    SMS = "sms", "Text message"


class NotificationTemplate(models.Model):
    """A salon's own words for one occasion: an allowlist of placeholders in them, and no language.

    While it is active its words replace the product's; otherwise those are sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=TemplateChannel)
    trigger = models.CharField(max_length=24, choices=triggers.CHOICES)
    subject = models.CharField(max_length=MAX_SUBJECT, blank=True)
    body = models.TextField(max_length=MAX_BODY)
    is_active = models.BooleanField(default=True)
    sort = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort", "trigger", "channel", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "channel"], condition=Q(is_active=True), name="one_active_template"
            ),
            models.CheckConstraint(
                condition=(Q(channel="email") & ~Q(subject="")) | Q(channel="sms", subject=""),
                name="template_subject_of_emails",
            ),
            models.CheckConstraint(condition=~Q(subject__regex=r"[\r\n]"), name="template_subject_one_line"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), MAX_BODY) & ~Q(body=""), name="template_body_length"
            ),
        ]

    def __str__(self):
        return self.name
