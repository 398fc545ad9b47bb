"""Background work of the outbox."""

from celery import shared_task
from django.utils import timezone

from tenants.tasks import for_each_salon


@shared_task(public=True)
def sweep_outbox():
    """Send what is due in any salon: what was planned for now, retries, and what a dead worker left."""
    from messaging import services  # services queue this task: the import would be circular

    services.send_due_of_all(now=timezone.now())


@shared_task
def send_due():
    """Send what is due in the salon it was queued in: right after the transaction that caused it."""
    from messaging import services

    services.send_due(now=timezone.now())


@shared_task(public=True)
def sweep_old_notices():
    for_each_salon(forget_old_notices)


@shared_task
def forget_old_notices():
    from messaging.notices import forgetting

    forgetting.forget_old(now=timezone.now())
