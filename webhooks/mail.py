"""What owners are told about their endpoints."""

from django.template.loader import render_to_string

from messaging import services as messaging
from tenants.models import Role, User


def queue_disabled(*, business, endpoint, now):
    """To every owner, within the caller's transaction."""
    text = render_to_string("webhooks/mail/disabled.txt", {"business": business, "endpoint": endpoint})
    for owner in User.objects.filter(memberships__business=business, memberships__role=Role.OWNER, is_active=True):
        messaging.queue(
            kind="webhook_disabled",
            about_id=endpoint.pk,
            version=int(now.timestamp()),
            recipient=owner.email,
            subject=f"{business.name}: your webhook endpoint was switched off",
            text=text,
            now=now,
        )
