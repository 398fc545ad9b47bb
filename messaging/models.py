"""The outbox: every message is a row before it is anything else."""

import uuid
from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower, Upper
from django.db.models.lookups import LessThanOrEqual

from messaging import triggers
from messaging.placeholders import MAX_BODY, MAX_SUBJECT
from tenants import languages


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    SMS = "sms", "Text message"


class MessageStatus(models.TextChoices):
    """queued → sending → sent | queued (again, later) | dead | unconfirmed; queued → withdrawn; skipped from the start.

    `services.outbox` writes it, and `services.sending` from a claim to its end. Staff may queue again what is dead or
    unconfirmed.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    #: A worker died between sending and writing that down; it may not leave twice, so nobody sends it again by itself.
    UNCONFIRMED = "unconfirmed"
    #: What it is about has changed before it left.
    WITHDRAWN = "withdrawn"
    #: It was never to leave: `reason` says why.
    SKIPPED = "skipped"


#: What has still to leave.
WAITING = (MessageStatus.QUEUED, MessageStatus.SENDING)


class Delivery(models.TextChoices):
    """What the provider says became of it after it had left."""

    UNKNOWN = "", "Not known"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"


class Outgoing(models.Model):
    """A message to one recipient, written in the transaction that causes it and sent after commit."""

    #: Whether its words stay after it has left.
    keeps_words = True
    #: What the last attempt said, where this one says something else.
    words_before = ""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    dedupe_key = models.CharField(
        max_length=200, unique=True, help_text="subject : kind : version : recipient : channel"
    )
    about_id = models.UUIDField(null=True, db_index=True, help_text="What it is about, e.g. a booking's id.")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.EMAIL)
    is_once = models.BooleanField(default=False, help_text="Rather not at all than twice: receipts.")
    recipient = models.CharField(max_length=254)
    reply_to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    text = models.TextField(blank=True, help_text="Empty: it is written when it leaves.")
    html = models.TextField(blank=True)
    #: `body` may be base64, with `"encoding": "base64"`; without one `messaging.files` makes it when it leaves.
    attachments = models.JSONField(default=list, blank=True, help_text="[{name, content_type, body}]; body is text.")
    unsubscribe_url = models.URLField(
        max_length=500, blank=True, help_text="Of what is advertising: the way out of it."
    )
    status = models.CharField(max_length=12, choices=MessageStatus, default=MessageStatus.QUEUED)
    reason = models.CharField(max_length=200, blank=True, help_text="Why it was not sent, as a sentence.")
    due_at = models.DateTimeField(help_text="When it leaves, or would have left.")
    attempts = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that nobody knows the end of: so often it may have left once more."
    )
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=200, blank=True, help_text="What the provider calls it.")
    delivery = models.CharField(max_length=12, choices=Delivery, blank=True, default=Delivery.UNKNOWN)
    delivery_at = models.DateTimeField(null=True, blank=True)
    delivery_detail = models.CharField(max_length=300, blank=True)
    segments = models.PositiveSmallIntegerField(default=0, help_text="Of a text message: how many it is sent as.")

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="%(class)s_due",
                condition=models.Q(status__in=["queued", "sending"]),
            ),
            models.Index(fields=["provider_id"], name="%(class)s_provider_id", condition=~models.Q(provider_id="")),
        ]

    def __str__(self):
        return f"{self.kind} to {self.recipient}"

    @property
    def version(self):
        """Which version of what it is about it speaks of; None once it is forgotten."""
        return int(self._edition[0]) if self._edition[0].isdigit() else None

    @property
    def part(self):
        """Which of several of its kind it is, "" where there is one."""
        return self._edition[1]

    @property
    def _edition(self):
        """`subject:kind:version.part:recipient:channel`, without a dot where there is no part."""
        version, _, part = [*self.dedupe_key.split(":"), "", ""][2].partition(".")
        return version, part


class Message(Outgoing):
    """What a salon says to its customers and owners."""

    also_about = ArrayField(
        models.CharField(max_length=60),
        default=list,
        blank=True,
        help_text="What else it spoke of when it last began to leave: ids with their versions.",
    )

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


class NotificationTemplate(models.Model):
    """A salon's own words for one occasion: an allowlist of placeholders in them, and no language.

    While it is active its words replace the product's; otherwise those are sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=80)
    channel = models.CharField(max_length=8, choices=Channel)
    trigger = models.CharField(max_length=24, choices=triggers.CHOICES)
    language = models.CharField(max_length=2, choices=languages.CHOICES, default=languages.DEFAULT)
    subject = models.CharField(max_length=MAX_SUBJECT, blank=True)
    body = models.TextField(max_length=MAX_BODY)
    is_active = models.BooleanField(default=True)
    sort = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sort", "trigger", "channel", "language", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["trigger", "channel", "language"], condition=Q(is_active=True), name="one_active_template"
            ),
            models.CheckConstraint(condition=Q(language__in=list(languages.NAMES)), name="template_language"),
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


class SuppressionScope(models.TextChoices):
    ALL = "all", "Everything"
    ADVERTISING = "advertising", "Advertising"


class Suppression(models.Model):
    """An address that gets nothing more, or no more advertising, and why. `services.suppression` is the only writer."""

    class Cause(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed"
        STOPPED = "stopped", "Answered STOP"
        BOUNCED = "bounced"
        COMPLAINED = "complained", "Reported as spam"
        STAFF = "staff", "By the team"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=254, help_text="In lower case; a phone number as E.164.")
    scope = models.CharField(max_length=12, choices=SuppressionScope)
    cause = models.CharField(max_length=12, choices=Cause)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["channel", "address", "scope"], name="one_suppression_per_scope"),
            models.CheckConstraint(condition=Q(address=Lower("address")) & ~Q(address=""), name="suppression_address"),
        ]

    def __str__(self):
        return f"{self.address}: {self.get_cause_display()}"


class Notice(models.Model):
    """Something one person of the team is told: what somebody else, or nobody, did. `notices.services` writes it.

    Words stand here as they were at that moment. Who may not see what it is about any more does not see it either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader_id = models.UUIDField(help_text="The user's id; users live outside the salon's schema.")
    event = models.CharField(max_length=24)
    permission = models.CharField(max_length=32, help_text="What it takes to read it.")
    about_id = models.UUIDField(help_text="Of the visit, or of the message.")
    version = models.CharField(max_length=40, help_text="Tells one time from the next; the same is told once.")
    words = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    is_shown = models.BooleanField(default=True, help_text="In the dashboard; else it is only for an e-mail.")
    read_at = models.DateTimeField(null=True, blank=True)
    digest_id = models.UUIDField(null=True, blank=True, help_text="The morning's e-mail it stands in.")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["reader_id", "event", "about_id", "version"], name="one_notice_per_person")
        ]
        indexes = [
            models.Index(fields=["reader_id", "-at", "-id"], name="notice_newest", condition=Q(is_shown=True)),
            models.Index(fields=["reader_id"], name="notice_unread", condition=Q(read_at=None, is_shown=True)),
            models.Index(fields=["digest_id"], name="notice_digest", condition=~Q(digest_id=None)),
            models.Index(fields=["about_id"], name="notice_about"),
            models.Index(fields=["at"], name="notice_age"),
        ]

    def __str__(self):
        return f"{self.event} at {self.at:%Y-%m-%d %H:%M}"


class NoticeSettings(models.Model):
    """What somebody of the team is told and how; the row of nobody says it for the salon, where a person says nothing.

    `notices.settings` is the only writer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader_id = models.UUIDField(null=True, help_text="The user's id; none: the salon's own.")
    rules = models.JSONField(default=dict, blank=True, help_text="Event → shown, mail.")
    only_mine = models.BooleanField(default=False, help_text="Only of visits this person does.")
    digest_at = models.TimeField(default=time(8), help_text="The salon's: when the morning's e-mail leaves.")
    sends_copy = models.BooleanField(default=True, help_text="The salon's: whether it gets a copy of each booking.")
    copy_to = models.EmailField(blank=True, help_text="The salon's: where to; empty: its own address.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader_id"], nulls_distinct=False, name="one_notice_settings"),
            models.CheckConstraint(
                condition=Q(reader_id=None) | Q(digest_at=time(8), sends_copy=True, copy_to=""),
                name="notice_settings_of_the_salon",
            ),
            models.CheckConstraint(
                condition=~Q(reader_id=None) | Q(only_mine=False), name="notice_settings_of_a_person"
            ),
        ]

    def __str__(self):
        return "What the team is told" if self.reader_id is None else "What a person is told"
