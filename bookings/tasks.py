"""Background work of the diary."""

from celery import shared_task

from bookings import services
from tenants.tasks import for_each_salon


@shared_task(public=True)
def sweep_holds():
    """Queue the ending of run-out holds for every open salon."""
    for_each_salon(expire_holds)


@shared_task
def expire_holds():
    services.expire_holds()
