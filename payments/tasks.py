"""Background work of money."""

from celery import shared_task
from django.utils import timezone

from payments import services
from tenants.tasks import for_each_salon


@shared_task(public=True)
def sweep_actions():
    """Queue the finishing of open money actions for every salon."""
    for_each_salon(finish_actions)


@shared_task
def finish_actions():
    services.finish_open_actions(now=timezone.now())
