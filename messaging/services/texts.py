"""Text messages: which of a salon's occasions leave as one, what became of it, and who wants no more."""

import structlog
from django.db import transaction
from django_tenants.utils import tenant_context

from messaging import gateway, metering, placeholders, queries
from messaging.dispatch import services as dispatch
from messaging.models import Channel, Delivery, Message, Suppression, SuppressionScope
from messaging.numbers import can_get_texts
from messaging.services import outbox, suppression
from tenants.models import Business

logger = structlog.get_logger("tithi.messaging")

#: What Twilio takes; longer words end here.
LONGEST = 1600
ENDS = {"delivered": Delivery.DELIVERED, "undelivered": Delivery.FAILED, "failed": Delivery.FAILED}


def queue_text(*, trigger, recipient, values, now, kind="", **more):
    """The text message about an occasion, in the transaction that causes it; `kind` where that is not the trigger's name.

    Returns the Message; None where the salon sends none about this, the number cannot get one, or it is there already.
    Whether its owner agreed is the caller's to know. `values` and the rest as in `own_words` and `queue`.
    """
    if not can_get_texts(recipient):
        return None
    text = own_text(trigger=trigger, values=values)
    if text is None:
        return None
    return outbox.queue(kind=kind or trigger, channel=Channel.SMS, recipient=str(recipient), text=text, now=now, **more)


def own_text(*, trigger, values):
    """The words of an occasion's text message, filled in; None where the salon has switched none on.

    `values` is a function, called only where there is a text. Words that cannot be filled in are logged, and not sent.
    """
    template = queries.active_template(trigger=trigger, channel=Channel.SMS) if gateway.is_on() else None
    if template is None:
        return None
    try:
        return placeholders.fill(template.body, values())[:LONGEST].strip() or None
    except Exception:
        logger.exception("template_failed", trigger=trigger, template_id=str(template.pk))
        return None


@transaction.atomic
def note_status(*, message_id, provider_id, status, code, now):
    """What became of a text of the current salon, by Twilio. Told again, late or in another order it changes nothing.

    What did not arrive is given back to who paid for it; a number that does not exist gets nothing more.
    """
    message = Message.objects.select_for_update().filter(pk=message_id, channel=Channel.SMS).first()
    if message is None or message.delivery or message.provider_id not in ("", provider_id):
        return  # over already, or about an attempt before this one
    message.provider_id = provider_id[:200]
    if status in ENDS:
        message.delivery, message.delivery_at = ENDS[status], now
    if message.delivery == Delivery.FAILED:
        message.delivery_detail, cause = gateway.told_later(code)
        metering.give_back(message, now)
        if cause:
            _suppress(message.recipient, cause, now)
    message.save(update_fields=["provider_id", "delivery", "delivery_at", "delivery_detail"])


def stop_texts(*, number, now):
    """STOP was answered: no salon that has written to this number does so again. Returns how many. Call in `public`."""
    return _in_salons(number, lambda: _suppress(number, Suppression.Cause.STOPPED, now))


def start_texts(*, number):
    """START was answered: they may again. What had another cause stays. Returns how many. Call in `public`."""
    stopped = {"channel": Channel.SMS, "address": number, "cause": Suppression.Cause.STOPPED}
    return _in_salons(number, lambda: Suppression.objects.filter(**stopped).delete())


def _in_salons(number, act):
    schemas = dispatch.salons_that_texted(number)
    salons = Business.objects.filter(schema_name__in=schemas).order_by("schema_name")
    for business in salons:
        with tenant_context(business):
            act()
    return len(salons)


def _suppress(number, cause, now):
    suppression.suppress(channel=Channel.SMS, address=number, scope=SuppressionScope.ALL, cause=cause, now=now)
