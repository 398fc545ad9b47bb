"""Background work of the Stripe inbox; it runs in `public` and enters the salon an event belongs to."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from payments.webhooks.models import EventStatus, StripeEvent

PATIENCE = timedelta(seconds=60)


@shared_task(public=True)
def process_event(*, event_id):
    from payments.webhooks import services  # services queue this task: the import would be circular

    services.process(event_id=event_id)


@shared_task(public=True)
def sweep_events():
    """Queue again what was received and not processed: a worker died, or Stripe was away."""
    waiting = StripeEvent.objects.filter(status=EventStatus.RECEIVED, received_at__lt=timezone.now() - PATIENCE)
    for event_id in waiting.order_by("received_at").values_list("pk", flat=True)[:200]:
        process_event.delay(event_id=event_id)
