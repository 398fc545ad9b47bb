"""What anymail has read from a provider's post, led to the message it is about."""

import structlog
from anymail.signals import EventType, RejectReason, tracking
from django.dispatch import receiver
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from messaging import links, services
from messaging.models import Channel, Delivery, Message
from tenants.models import Business

logger = structlog.get_logger("tithi.messaging")

DELIVERIES = {
    EventType.DELIVERED: Delivery.DELIVERED,
    EventType.BOUNCED: Delivery.BOUNCED,
    EventType.COMPLAINED: Delivery.COMPLAINED,
    EventType.REJECTED: Delivery.FAILED,
    EventType.FAILED: Delivery.FAILED,
}
#: The outbox of mails about accounts, told of by the app that has it.
_public = []


def of_accounts(box):
    """From an app's `ready`: messages of `public` lie in this model."""
    _public[:] = [box]


@receiver(tracking)
def note_event(*, event, esp_name, **rest):
    """Only what was signed when the message left says whose it is; the rest of the post is not asked."""
    try:
        schema_name, message_id = links.message_of(event.metadata or {})
    except links.BadLink:
        logger.info("mail_event_of_nobody", provider=esp_name, event_type=event.event_type)
        return
    if schema_name == "public":
        with schema_context("public"):
            _note(event, message_id, _public[0])
    elif business := Business.objects.filter(schema_name=schema_name).first():
        with tenant_context(business):
            _note(event, message_id, Message)


def _note(event, message_id, box):
    now = timezone.now()
    if event.event_type == EventType.UNSUBSCRIBED:
        if box is Message and (message := Message.objects.filter(pk=message_id).exclude(recipient="").first()):
            services.unsubscribe(channel=Channel(message.channel), address=message.recipient, now=now)
    elif event.event_type in DELIVERIES:
        services.note_delivery(
            message_id=message_id,
            delivery=DELIVERIES[event.event_type],
            at=event.timestamp,
            detail=str(event.mta_response or event.description or ""),
            gone=_is_gone(event),
            now=now,
            box=box,
        )


def _is_gone(event):
    """Whether there is no such address, for good."""
    if event.event_type == EventType.REJECTED:
        return event.reject_reason in (RejectReason.BOUNCED, RejectReason.INVALID)
    return event.reject_reason in (None, RejectReason.BOUNCED, RejectReason.INVALID) and not _is_for_now(
        event.esp_event
    )


def _is_for_now(raw):
    """A full mailbox or a server that is away: anymail calls that bounced as well, so each provider's own word is read."""
    return (
        raw.get("Type") == "SoftBounce"  # Postmark
        or raw.get("event") == "soft_bounce"  # Brevo
        or raw.get("type") == "blocked"  # SendGrid
        or raw.get("hard_bounce") is False  # Mailjet
        or _within(raw, "bounce").get("bounceType") in ("Transient", "Undetermined")  # Amazon SES
        or _within(_within(raw, "data"), "bounce").get("type") in ("Transient", "Undetermined")  # Resend
    )


def _within(raw, name):
    found = raw.get(name)
    return found if isinstance(found, dict) else {}
