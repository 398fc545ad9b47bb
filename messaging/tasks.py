"""Background work of the outbox."""

from celery import shared_task
from django.utils import timezone

from tenants.tasks import for_each_salon


@shared_task(public=True)
def sweep_outbox():
    """Queue the sending of what is due for every open salon: retries, and what a dead worker left."""
    for_each_salon(send_due)


@shared_task
def send_due():
    from messaging import services  # services queue this task: the import would be circular

    services.send_due(now=timezone.now())
