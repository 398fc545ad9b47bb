"""How what is due leaves: claimed in batches, begun and ended one by one, each in a transaction of its own.

A worker may die anywhere. Before a message has begun nothing has happened to it, and another worker takes it when the
claim ends. Between beginning and ending nobody can know whether it left: it leaves again and says so in `repeats`, or,
where it may not leave twice, waits for staff as `unconfirmed`.
"""

import time
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django_tenants.utils import tenant_context

from messaging import channels, composing, metering, signals, sms
from messaging.dispatch import services as dispatch
from messaging.models import Channel, Message, MessageStatus, SuppressionScope
from messaging.services import suppression
from tenants.models import Business

logger = structlog.get_logger("tithi.messaging")

MAX_ATTEMPTS = 8
BATCH = 50
#: A call takes no new batch after this long: whatever is left, the next one finds.
LONGEST = timedelta(seconds=45)
#: What it is about was being changed: nobody changes a thing for longer than this.
A_MOMENT = timedelta(seconds=5)
UNCONFIRMED = "Nobody can tell whether this left: the worker that was sending it died. It is not sent twice by itself."
ANSWER_LOST = "Nobody can tell whether this left: the mail server’s answer was lost. It is not sent twice by itself."


class Clock:
    """The instant of the call, and real time from there on: a batch may take a while, and its claims must not."""

    def __init__(self, now):
        self._now, self._began = now, time.monotonic()

    def now(self):
        return self._now + self.elapsed()

    def elapsed(self):
        return timedelta(seconds=time.monotonic() - self._began)


def send_due(*, now, box=Message):
    """Send what is due in the outbox of the current schema, oldest first; returns how many left.

    Safe to run in many workers at once, and any number of times.
    """
    return _send_all(Clock(now), lambda batch, clock: _send_batch(batch, box, clock), connection.schema_name, LONGEST)


def send_due_of_all(*, now, longest=LONGEST):
    """The same for all salons, whichever their messages are of; returns how many left. Call in `public`."""
    return _send_all(Clock(now), _send_of_salons, None, longest)


def _send_all(clock, send, schema_name, longest):
    sent = 0
    while clock.elapsed() < longest:
        batch = dispatch.claim(now=clock.now(), size=BATCH, schema_name=schema_name)
        if not batch:
            break
        sent += send(batch, clock)
    return sent


def _send_of_salons(batch, clock):
    """A batch of several salons: each is entered once."""
    by_salon = {}
    for each in batch:
        by_salon.setdefault(each.schema_name, []).append(each)
    salons = Business.objects.select_related("billing").in_bulk(by_salon, field_name="schema_name")
    sent = 0
    for schema_name, of_salon in by_salon.items():
        if schema_name not in salons:
            dispatch.drop_salon(schema_name)
            continue
        with tenant_context(salons[schema_name]), structlog.contextvars.bound_contextvars(salon=schema_name):
            try:
                sent += _send_batch(of_salon, Message, clock)
            except Exception:  # whatever is wrong with one salon, the others' messages leave
                logger.exception("outbox_failed")
    return sent


def _send_batch(batch, box, clock):
    return sum(_send(each, box, clock) for each in batch)


def _send(each, box, clock):
    message = _begin(each, box, clock.now())
    if message is None:
        return 0
    try:
        provider_id = channels.send(message)
    except channels.Undeliverable as exc:
        _failed(message, exc, clock.now(), final=True)
    except OSError as exc:  # smtplib's errors are OSErrors; the server is away or refuses for now
        if isinstance(exc, channels.MayHaveLeft) and message.is_once:
            _in_doubt(message, exc, clock.now())
            return 0
        _failed(message, exc, clock.now(), final=message.attempts >= MAX_ATTEMPTS)
    else:
        _sent(message, provider_id, clock.now())
        return 1
    return 0


@transaction.atomic
def _begin(each, box, now):
    """The message that leaves now, with its words, or None where it does not."""
    message = box.objects.select_for_update().filter(pk=each.message_id).first()
    if not dispatch.keep(each, now=now):
        return None  # our claim has ended, and somebody else has it
    if message is None or message.status not in (MessageStatus.QUEUED, MessageStatus.SENDING):
        dispatch.forget([each.message_id])
        return None
    if message.status == MessageStatus.SENDING:
        message.repeats += 1
        logger.warning("message_may_repeat", message_id=str(message.pk), kind=message.kind)
        if message.is_once and not channels.can_be_asked(message):
            _end(message, MessageStatus.UNCONFIRMED, UNCONFIRMED, now)
            return None
    if box is Message and (reason := _reason_not_to(message)):
        return _end(message, MessageStatus.SKIPPED, reason, now)
    try:
        _write(message, now)
        metering.charge(message, now)
    except composing.NotAnyMore as exc:
        return _end(message, MessageStatus.WITHDRAWN, str(exc), now)
    except composing.NotNow:
        dispatch.plan(message=message, at=now + A_MOMENT)
        return None
    except metering.NotPaid as exc:
        return _end(message, MessageStatus.DEAD, str(exc), now)
    message.status = MessageStatus.SENDING
    message.attempts += 1
    message.save()
    if message.channel == Channel.SMS:
        dispatch.note_texted(message.recipient)
    return message


def _reason_not_to(message):
    """Why its address gets nothing; an account's mails always leave."""
    return suppression.reason_not_to(
        channel=message.channel, address=message.recipient, advertising=bool(message.unsubscribe_url)
    )


def _write(message, now):
    """Its words, where it has none yet. What is written when it leaves is written for every attempt: what it speaks of
    may have changed since the last one."""
    if message.text and not composing.writes(message.kind):
        return
    message.words_before = message.text
    words = composing.compose(message, now)
    message.subject, message.text, message.html = " ".join(words.subject.split())[:250], words.text, words.html
    message.attachments, message.also_about = list(words.attachments), list(words.also_about)
    if message.channel == Channel.SMS:
        message.segments = sms.segments(words.text)


def _end(message, status, reason, now):
    """It does not leave; the worker has nothing to send."""
    message.status, message.reason = status, reason[:200]
    message.save()
    if status in (MessageStatus.WITHDRAWN, MessageStatus.SKIPPED):
        dispatch.forget([message.pk])
    else:
        _give_up(message, status, now)


def _give_up(message, reason, now):
    dispatch.give_up(message=message, reason=reason, now=now)
    if isinstance(message, Message):  # a salon's: accounts have no team to tell
        signals.gave_up.send(sender=Message, message=message, at=now)


@transaction.atomic
def _sent(message, provider_id, now):
    message.status, message.sent_at, message.last_error = MessageStatus.SENT, now, ""
    message.provider_id = (provider_id or "")[:200]
    message.save(update_fields=["status", "sent_at", "last_error", "provider_id", *_forget_words(message)])
    dispatch.forget([message.pk])


@transaction.atomic
def _in_doubt(message, exc, now):
    """What may not leave twice waits for staff, or for the provider to say that it has arrived."""
    message.last_error = f"{type(exc).__name__}: {exc}"[:1000]
    _end(message, MessageStatus.UNCONFIRMED, ANSWER_LOST, now)


@transaction.atomic
def _failed(message, exc, now, *, final):
    message.last_error = f"{type(exc).__name__}: {exc}"[:1000]
    message.status = MessageStatus.DEAD if final else MessageStatus.QUEUED
    message.due_at = now + timedelta(seconds=30 * 2**message.attempts)
    message.save(update_fields=["status", "due_at", "last_error", *(_forget_words(message) if final else ())])
    if final:
        metering.give_back(message, now)
        if cause := getattr(exc, "cause", ""):
            suppression.suppress(
                channel=message.channel, address=message.recipient, scope=SuppressionScope.ALL, cause=cause, now=now
            )
        _give_up(message, type(exc).__name__, now)
    else:
        dispatch.plan(message=message, at=message.due_at)
    logger.warning("message_failed", message_id=str(message.pk), final=final, error=type(exc).__name__)


def _forget_words(message):
    """Empty what may not stay once nothing more is sent; returns the fields to save."""
    if message.keeps_words:
        return ()
    message.text = message.html = ""
    return ("text", "html")
