"""How a message leaves: an e-mail by `mails`, a text by Twilio."""

from messaging import callbacks, gateway, mails
from messaging.failures import MayHaveLeft, TryLater, Undeliverable
from messaging.models import Channel, Message

__all__ = ["MayHaveLeft", "TryLater", "Undeliverable", "can_be_asked", "send"]


def send(message):
    """Hand a message to its channel; returns what the provider calls it.

    Raises Undeliverable for good, OSError for now, MayHaveLeft among those where it may have been taken all the same.
    """
    return _send_text(message) if message.channel == Channel.SMS else mails.send(message)


def can_be_asked(message):
    """Whether the provider knows of a message that nobody here knows the end of: then it never leaves twice."""
    return message.channel == Channel.SMS


def _send_text(message):
    """Tried before, it may have left with its answer lost: Twilio is asked first."""
    if not gateway.is_on():
        raise Undeliverable("Text messages are not switched on.")
    try:
        if (message.last_error or message.repeats) and (sid := _taken_already(message)):
            return sid
        return gateway.send(to=message.recipient, body=message.text, status_url=callbacks.status_url(message))
    except gateway.Refused as exc:
        raise Undeliverable(str(exc), exc.cause) from exc


def _taken_already(message):
    """What Twilio calls this very message, where it has it. The same words may have been sent for another one."""
    words = {message.text, message.words_before}
    found = gateway.find(to=message.recipient, bodies=words, since=message.created_at)
    others = Message.objects.filter(provider_id__in=found).exclude(pk=message.pk)
    known = set(others.values_list("provider_id", flat=True))
    return next((sid for sid in found if sid not in known), None)
