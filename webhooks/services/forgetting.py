"""What was told is not kept for ever: after a month its words go, its line stays."""

from datetime import timedelta

from django.db import transaction

from webhooks.models import WebhookDelivery, WebhookEvent

KEPT = timedelta(days=30)
BATCH = 1000


@transaction.atomic
def forget_old(*, now):
    """Empty old events, whose numbers stay, and what was answered to them; returns how many."""
    old = WebhookEvent.objects.filter(occurred_at__lt=now - KEPT).exclude(payload={})
    rows = list(old.select_for_update(skip_locked=True).order_by("position").values_list("pk", flat=True)[:BATCH])
    WebhookDelivery.objects.filter(event__in=rows).update(response_text="")
    return WebhookEvent.objects.filter(pk__in=rows).update(payload={})
