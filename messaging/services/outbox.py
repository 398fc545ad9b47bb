"""Writes of the outbox in the transaction that causes a message; `sending` is what happens to it afterwards."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q

from audit import services as audit
from messaging import sms, tasks
from messaging.dispatch import services as dispatch
from messaging.models import WAITING, Channel, Message, MessageStatus, Suppression
from messaging.notices import forgetting
from tenants.errors import DomainError

#: Staff may have these sent after all.
RESENDABLE = (MessageStatus.DEAD, MessageStatus.UNCONFIRMED)
#: In one message, as every step of a visit asks for it: locked in order, and looked at anew behind the lock.
WITHDRAW = """
  WITH found AS (
       SELECT id FROM {box} WHERE about_id = %s AND kind = ANY(%s) AND status = %s ORDER BY id FOR UPDATE)
UPDATE {box} AS message SET status = %s, reason = %s FROM found WHERE message.id = found.id
RETURNING message.id"""
#: How the key begins of a message whose words are gone.
FORGOTTEN = "forgotten:"


class NotResendable(DomainError):
    code = "not_resendable"
    status = 409
    message = "Only what was given up can be sent again."


@dataclass(frozen=True, slots=True)
class Draft:
    """A message that is not written yet; `again` as in `queue`."""

    message: Message
    again: bool


def queue(*, now, **told):
    """Write one message into the outbox of the current salon; it leaves after commit, or at `send_at`.

    `told` as in `draft`. The same (about, kind, version, part, recipient, channel) is written once; returns the Message,
    or None for a repeat.
    """
    [message] = queue_all(drafts=[draft(now=now, **told)], now=now)
    return message


def queue_all(*, drafts, now):
    """`queue` for several, with no more questions than for one. Returns [Message, or None for a repeat], in their order."""
    messages = [each.message for each in drafts]
    # A booking writes four of these: neither a look at what is hardly ever there, nor a savepoint for it.
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    new = _plan_new([each for each in messages if each.status == MessageStatus.QUEUED], now)
    if skipped := [each.pk for each in messages if each.status == MessageStatus.SKIPPED]:
        new |= set(Message.objects.filter(pk__in=skipped).values_list("pk", flat=True))
    return [each.message if each.message.pk in new else _repeated(each, now) for each in drafts]


def _plan_new(messages, now):
    """Have those of these that were written leave; the set of their ids."""
    written = dispatch.plan_new(messages=messages) if messages else set()
    if any(each.pk in written and each.due_at <= now for each in messages):
        tasks.send_due.delay_on_commit()
    return written


def _repeated(draft, now):
    message = draft.message
    if message.status == MessageStatus.SKIPPED or not draft.again:
        return None
    return _take_back(Message.objects.get(dedupe_key=message.dedupe_key), message.due_at, now)


def draft(
    *,
    kind,
    recipient,
    now,
    subject="",
    text="",
    html="",
    channel=Channel.EMAIL,
    about_id=None,
    version=0,
    send_at=None,
    once=False,
    skipped="",
    part="",
    again=False,
    reply_to="",
    attachments=(),
    unsubscribe_url="",
):
    """A Draft that leaves `now`, or at `send_at`.

    `part` tells several of a kind apart. `again`: what had been withdrawn or skipped leaves after all.
    Without a text it gets its words when it leaves (`composing`). `once`: rather not at all than twice. With a sentence
    in `skipped` it does not leave, and stands there with it.
    """
    edition = f"{version}.{part}" if part else version
    key = f"{about_id}:{kind}:{edition}:{recipient}:{channel}"[:200]
    message = Message(
        dedupe_key=key,
        about_id=about_id,
        kind=kind,
        channel=channel,
        is_once=once,
        recipient=recipient,
        reply_to=reply_to,
        subject=" ".join(subject.split())[:250],
        text=text,
        html=html,
        attachments=list(attachments),
        unsubscribe_url=unsubscribe_url,
        segments=sms.segments(text) if channel == Channel.SMS else 0,
        due_at=send_at or now,
        status=MessageStatus.SKIPPED if skipped else MessageStatus.QUEUED,
        reason=skipped[:200],
    )
    return Draft(message, again)


def plan(*, message, at, now):
    """Have it leave at this instant; wakes a worker after commit where that is now."""
    dispatch.plan(message=message, at=at)
    if at <= now:
        tasks.send_due.delay_on_commit()


def _take_back(message, at, now):
    """Have what was not to leave any more leave after all; None where it is not that, or has left."""
    row = Message.objects.select_for_update().get(pk=message.pk)
    if row.status not in (MessageStatus.WITHDRAWN, MessageStatus.SKIPPED):
        return None
    row.status, row.reason, row.due_at = MessageStatus.QUEUED, "", at
    row.save(update_fields=["status", "reason", "due_at"])
    plan(message=row, at=at, now=now)
    return row


def put_off(*, message, at, now):
    """Have a message that is queued leave at another instant; returns whether it was still queued."""
    row = Message.objects.select_for_update().filter(pk=message.pk, status=MessageStatus.QUEUED).first()
    if row is None:
        return False
    row.due_at = at
    row.save(update_fields=["due_at"])
    plan(message=row, at=at, now=now)
    return True


def drop(*, message, reason):
    """Have one message that is queued not leave; returns whether it was still queued."""
    found = Message.objects.filter(pk=message.pk, status=MessageStatus.QUEUED)
    if not found.update(status=MessageStatus.WITHDRAWN, reason=reason[:200]):
        return False
    dispatch.forget([message.pk])
    return True


def withdraw(*, about_id, kinds, reason, now):
    """What is queued of these kinds about something does not leave; returns how many. What is leaving, leaves."""
    with connection.cursor() as cursor:
        box = connection.ops.quote_name(Message._meta.db_table)
        asked = [about_id, list(kinds), MessageStatus.QUEUED.value, MessageStatus.WITHDRAWN.value, reason[:200]]
        cursor.execute(WITHDRAW.format(box=box), asked)
        withdrawn = [pk for (pk,) in cursor.fetchall()]
    if withdrawn:
        dispatch.forget(withdrawn)
    return len(withdrawn)


def is_resendable(message):
    """Whether it was given up and is still known: what was forgotten has neither words nor a recipient."""
    is_known = bool(message.recipient) and not message.dedupe_key.startswith(FORGOTTEN)
    return message.status in RESENDABLE and is_known


@transaction.atomic
def resend(*, message, by, now):
    """Have what was given up leave once more, by a press of staff, and write that into the trail; returns it.

    Raises NotResendable.
    """
    row = Message.objects.select_for_update().get(pk=message.pk)
    if not is_resendable(row):
        raise NotResendable
    before = {"status": row.status}
    row.status, row.attempts, row.due_at, row.reason = MessageStatus.QUEUED, 0, now, ""
    row.save(update_fields=["status", "attempts", "due_at", "reason"])
    plan(message=row, at=now, now=now)
    audit.record(
        actor=by, action="message.sent_again", subject=row, at=now, before=before, after={"status": row.status}
    )
    return row


def forget(*, about, recipients=(), only_sent=False, whom=False):
    """Empty the messages about these ids, and those to these addresses: that they were sent, and when, stays.

    What has not left does not leave any more; `only_sent` lets it, and keeps its words. With `whom` all of
    these lose to whom they went as well.
    """
    wanted = Q(about_id__in=about)
    for address in recipients:
        wanted |= Q(recipient__iexact=address)
    ids = list(Message.objects.filter(wanted).values_list("pk", flat=True))
    forgetting.forget_about([*about, *ids])
    found = Message.objects.filter(wanted | Q(about_id__in=ids))  # the team was told of those that failed
    if only_sent:
        found = found.filter(status=MessageStatus.SENT)
    stopped = []
    for message in found.select_for_update().order_by("pk"):
        if whom or message.recipient.lower() in recipients:
            message.recipient = ""
        message.dedupe_key = f"{FORGOTTEN}{message.pk}"
        message.subject = message.text = message.html = message.last_error = ""
        message.unsubscribe_url = message.delivery_detail = ""
        message.attachments, message.also_about = [], []
        if message.status in WAITING:
            message.status = MessageStatus.DEAD
            stopped.append(message.pk)
        message.save()
    dispatch.forget(stopped)
    Suppression.objects.filter(address__in=[address.lower() for address in recipients]).delete()
    dispatch.forget_texted(recipients)
