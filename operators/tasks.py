"""The platform's own background work."""

from celery import shared_task
from django.utils import timezone

from operators import health, services


@shared_task(public=True)
def pulse():
    health.beat(now=timezone.now())


@shared_task(public=True)
def forget_old_failures():
    services.forget_old_failures(now=timezone.now())
