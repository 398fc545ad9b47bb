"""Background work of the accounts' outbox."""

from celery import shared_task
from django.utils import timezone


@shared_task(public=True)
def send_account_mail():
    """Send what is due; every press queues it, and the clock does for what failed or was left behind."""
    from accounts import services  # services queue this task: the import would be circular

    services.send_due(now=timezone.now())


@shared_task(public=True)
def forget_old_mail():
    from accounts import services

    services.forget_old(now=timezone.now())
