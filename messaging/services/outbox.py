"""Writes of the outbox: queue in the causing transaction, claim and send after commit."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from messaging import channels, tasks
from messaging.models import Channel, Message, MessageStatus

logger = structlog.get_logger("tithi.messaging")

MAX_ATTEMPTS = 8
BATCH = 20
#: A worker that died while sending: after this long its claim is void and the message is tried again.
CLAIM = timedelta(minutes=3)


def queue(*, kind, recipient, subject, text, now, about_id=None, version=0, html="", reply_to="", attachments=()):
    """Write one message into the outbox of the current salon and wake a worker after commit.

    The same (about, kind, version, recipient) is written once; returns the Message, or None for a repeat.
    """
    key = f"{about_id}:{kind}:{version}:{recipient}:{Channel.EMAIL}"[:200]
    message, created = Message.objects.get_or_create(
        dedupe_key=key,
        defaults={
            "about_id": about_id,
            "kind": kind,
            "recipient": recipient,
            "reply_to": reply_to,
            "subject": " ".join(subject.split())[:250],
            "text": text,
            "html": html,
            "attachments": list(attachments),
            "due_at": now,
        },
    )
    if not created:
        return None
    tasks.send_due.delay_on_commit()
    return message


def send_due(*, now, box=Message):
    """Send what is due in an outbox, oldest first; returns how many left. Safe to run in many workers at once."""
    sent = 0
    while batch := _claim(now, box):
        for message in batch:
            sent += _send(message, now)
    return sent


@transaction.atomic
def _claim(now, box=Message):
    """Take up to a batch of due messages; their claim ends by itself, so a killed worker loses none."""
    due = box.objects.select_for_update(skip_locked=True).filter(
        Q(status=MessageStatus.QUEUED) | Q(status=MessageStatus.SENDING), due_at__lte=now
    )
    batch = list(due.order_by("due_at")[:BATCH])
    for message in batch:
        message.status = MessageStatus.SENDING
        message.due_at = now + CLAIM
        message.attempts += 1
        message.save(update_fields=["status", "due_at", "attempts"])
    return batch


def _send(message, now):
    try:
        channels.send(message)
    except channels.Undeliverable as exc:
        _failed(message, exc, now, final=True)
    except OSError as exc:  # smtplib's errors are OSErrors; the server is away or refuses for now
        _failed(message, exc, now, final=message.attempts >= MAX_ATTEMPTS)
    else:
        message.status, message.sent_at, message.last_error = MessageStatus.SENT, now, ""
        message.save(update_fields=["status", "sent_at", "last_error", *_forget_words(message)])
        return 1
    return 0


def _forget_words(message):
    """Empty what may not stay once nothing more is sent; returns the fields to save."""
    if message.keeps_words:
        return ()
    message.text = message.html = ""
    return ("text", "html")


def _failed(message, exc, now, *, final):
    message.last_error = f"{type(exc).__name__}: {exc}"[:1000]
    message.status = MessageStatus.DEAD if final else MessageStatus.QUEUED
    message.due_at = now + timedelta(seconds=30 * 2**message.attempts)
    message.save(update_fields=["status", "due_at", "last_error", *(_forget_words(message) if final else ())])
    logger.warning("message_failed", message_id=str(message.pk), final=final, error=message.last_error)


def forget(*, about, recipients=(), only_sent=False):
    """Empty the messages about these ids, and those to these addresses: that they were sent, and when, stays.

    What has not left does not leave any more; `only_sent` lets it, and keeps its words.
    """
    wanted = Q(about_id__in=about)
    for address in recipients:
        wanted |= Q(recipient__iexact=address)
    found = Message.objects.filter(wanted)
    if only_sent:
        found = found.filter(status=MessageStatus.SENT)
    for message in found.select_for_update().order_by("pk"):
        if message.recipient.lower() in recipients:
            message.recipient = ""
        message.dedupe_key = f"forgotten:{message.pk}"
        message.subject = message.text = message.html = message.last_error = ""
        message.attachments = []
        if message.status in (MessageStatus.QUEUED, MessageStatus.SENDING):
            message.status = MessageStatus.DEAD
        message.save()
