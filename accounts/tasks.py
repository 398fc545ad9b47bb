"""Background work: the accounts' outbox, and what is left of sign-ins that have ended."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from tenants.tasks import for_each_salon


@shared_task(public=True)
def send_account_mail():
    """Send what is due; every press queues it, and the clock does for what failed or was left behind."""
    from accounts import services  # services queue this task: the import would be circular

    services.send_due(now=timezone.now())


@shared_task(public=True)
def forget_old_mail():
    from accounts import services

    services.forget_old(now=timezone.now())


@shared_task(public=True)
def forget_ended_sign_ins():
    """Rows of sign-ins, and sessions on every host, that have run out."""
    from accounts.services import sign_ins

    # A day more than a session lives without being used.
    lifetime = timedelta(seconds=settings.SESSION_COOKIE_AGE, days=1)
    sign_ins.forget_ended(now=timezone.now(), lifetime=lifetime)
    sign_ins.forget_sessions(now=timezone.now())
    for_each_salon(forget_sessions)


@shared_task
def forget_sessions():
    from accounts.services import sign_ins

    sign_ins.forget_sessions(now=timezone.now())
