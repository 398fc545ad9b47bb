"""What customers are told about money, once per movement."""

from django.db import connection
from django.template.loader import render_to_string
from django.urls import reverse

from audit.actors import Actor
from bookings import links
from messaging import services as messaging
from tenants.models import Business


def actor_of(action):
    """Whoever pressed the button, also where the act is finished in the background."""
    return Actor(label=action.actor_label or "Tithi", id=action.actor_id)


def queue_receipt(*, action, payment, now):
    """The receipt of a capture; one per action."""
    _queue(action, payment, now, kind="receipt", subject="Your receipt from {business}")


def queue_refund_notice(*, action, payment, now):
    _queue(action, payment, now, kind="refunded", subject="Your refund from {business}")


def _queue(action, payment, now, *, kind, subject):
    booking = action.booking
    if not booking.contact_email:
        return
    business = Business.objects.get(schema_name=connection.schema_name)
    path = reverse("bookings:manage", args=[links.manage_token(booking)], urlconf="config.urls_salon")
    context = {
        "business": business,
        "booking": booking,
        "payment": payment,
        "action": action,
        "card": getattr(booking, "card_setup", None),
        "manage_url": business.url + path,
    }
    messaging.queue(
        kind=kind,
        about_id=action.pk,
        recipient=booking.contact_email,
        reply_to=business.email,
        subject=subject.format(business=business.name),
        text=render_to_string(f"payments/mail/{kind}.txt", context),
        html=render_to_string(f"payments/mail/{kind}.html", context),
        now=now,
    )
