"""The accounts' outbox: one for all hosts, in `public`."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django_tenants.utils import schema_context

from accounts import tasks
from accounts.models import AccountMessage
from messaging import services as messaging
from messaging.dispatch import services as dispatch
from messaging.models import MessageStatus

KEPT = timedelta(days=30)
ENDED = (MessageStatus.SENT, MessageStatus.DEAD)


def queue(*, kind, recipient, subject, text, now):
    """Write a mail about an account within the caller's transaction, and wake a worker after commit.

    Every call is a mail of its own: somebody who asks for a second code gets a second one.
    """
    message = AccountMessage(
        dedupe_key=uuid.uuid4().hex,
        kind=kind[:40],
        recipient=recipient,
        subject=" ".join(subject.split())[:250],
        text=text,
        due_at=now,
    )
    with schema_context("public"), transaction.atomic():
        message.save()
        dispatch.plan(message=message, at=now)
    tasks.send_account_mail.delay_on_commit()
    return message


def send_due(*, now):
    with schema_context("public"):
        return messaging.send_due(now=now, box=AccountMessage)


def write(*, template, recipient, subject, context, now):
    """Queue a mail whose words are in `accounts/mail/<template>.txt`."""
    text = render_to_string(f"accounts/mail/{template}.txt", context)
    return queue(kind=template, recipient=recipient, subject=subject, text=text.strip(), now=now)


def forget_old(*, now):
    """Who was written to is of no use after a month."""
    AccountMessage.objects.filter(status__in=ENDED, created_at__lt=now - KEPT).delete()
