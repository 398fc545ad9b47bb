"""Background work of the diary."""

from celery import shared_task

from bookings import services
from tenants.clock import database_now
from tenants.tasks import where_work


@shared_task(public=True)
def sweep_holds():
    """Queue the ending of run-out holds where there are some."""
    over = services.run_out(now=database_now())
    where_work(expire_holds, lambda salon: [over])


@shared_task
def expire_holds():
    services.expire_holds()
