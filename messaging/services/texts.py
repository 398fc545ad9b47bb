"""Text messages: which of a salon's occasions leave as one, what became of it, and who wants no more."""

from django.db import transaction
from django_tenants.utils import tenant_context

from messaging import gateway, metering, queries
from messaging.dispatch import services as dispatch
from messaging.models import Channel, Delivery, Message, Suppression, SuppressionScope
from messaging.numbers import can_get_texts
from messaging.services import delivery, outbox, suppression, templates
from tenants import languages
from tenants.models import Business

#: What Twilio takes; longer words end here.
LONGEST = 1600


def queue_text(*, trigger, recipient, values, now, kind="", wanted=None, finish=None, **more):
    """The text message about an occasion, in the transaction that causes it; `kind` where that is not the trigger's name.

    Returns the Message; None where the salon sends none about this, the number cannot get one, or it is there already.
    Whether its owner agreed is the caller's to know. `finish` as in `own_text`; `values`, `wanted` and the rest as in
    `own_words` and `queue`.
    """
    if not can_get_texts(recipient):
        return None
    text = own_text(trigger=trigger, values=values, wanted=wanted, finish=finish)
    if text is None:
        return None
    return outbox.queue(kind=kind or trigger, channel=Channel.SMS, recipient=str(recipient), text=text, now=now, **more)


def own_text(*, trigger, values, wanted=None, finish=None):
    """The words of an occasion's text message, filled in; None where the salon has switched none on.

    It is switched on by a text of its own that is in use, in whatever language. `finish` gets the words filled in and
    returns what is sent, with their language spoken. See `own_words`.
    """
    if not queries.texts_offered(trigger=trigger):
        return None
    words = templates.own_words(trigger=trigger, values=values, wanted=wanted, channel=Channel.SMS)
    return (finished(words, finish).strip() or None) if words else None


def finished(words, finish=None):
    """The text of Words, as long as one may be."""
    if finish is None:
        return words.text[:LONGEST]
    with languages.speaking(words.language):
        return finish(words.text)[:LONGEST]


@transaction.atomic
def note_status(*, message_id, provider_id, status, code, now):
    """What became of a text of the current salon, by Twilio. Told again, late or in another order it changes nothing.

    What did not arrive is given back to who paid for it; a number that does not exist gets nothing more.
    """
    message = Message.objects.select_for_update().filter(pk=message_id, channel=Channel.SMS).first()
    if message is None or message.delivery or message.provider_id not in ("", provider_id):
        return  # over already, or about an attempt before this one
    message.provider_id = provider_id[:200]
    message.save(update_fields=["provider_id"])
    if status == "delivered":
        delivery.note_delivery(message_id=message.pk, delivery=Delivery.DELIVERED, at=now, now=now)
    elif status in ("undelivered", "failed"):
        _note_failure(message, code, now)


def _note_failure(message, code, now):
    sentence, cause = gateway.told_later(code)
    news = {"delivery": Delivery.FAILED, "detail": sentence, "gone": cause == Suppression.Cause.BOUNCED}
    delivery.note_delivery(message_id=message.pk, at=now, now=now, **news)
    metering.give_back(message, now)
    if cause == Suppression.Cause.STOPPED:
        _suppress(message.recipient, cause, now)


def stop_texts(*, number, now):
    """STOP was answered: no salon that has written to this number does so again. Returns how many. Call in `public`."""
    return _in_salons(number, lambda: _suppress(number, Suppression.Cause.STOPPED, now))


def start_texts(*, number):
    """START was answered: they may again. What had another cause stays. Returns how many. Call in `public`."""
    stopped = [Suppression.Cause.STOPPED]
    return _in_salons(number, lambda: suppression.allow(channel=Channel.SMS, address=number, causes=stopped))


def _in_salons(number, act):
    schemas = dispatch.salons_that_texted(number)
    salons = Business.objects.filter(schema_name__in=schemas).order_by("schema_name")
    for business in salons:
        with tenant_context(business):
            act()
    return len(salons)


def _suppress(number, cause, now):
    """STOP is the number's own word: it outlasts what the team may take back."""
    row = suppression.suppress(channel=Channel.SMS, address=number, scope=SuppressionScope.ALL, cause=cause, now=now)
    if cause == Suppression.Cause.STOPPED != row.cause:
        row.cause, row.at = cause, now
        row.save(update_fields=["cause", "at"])
