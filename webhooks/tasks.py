"""Background work of webhooks."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import for_each_salon, where_work


@shared_task(public=True)
def sweep_webhooks():
    """Queue what is due where something is: retries, and what a dead worker left."""
    from webhooks import queries

    due = queries.due(now=timezone.now())
    where_work(wake, lambda salon: [due])


@shared_task
def wake():
    """A task for each endpoint that is due: they wait for themselves only."""
    from webhooks import queries

    for endpoint_id in queries.endpoints_due(now=timezone.now()):
        deliver.delay(endpoint_id=str(endpoint_id))


@shared_task
def deliver(*, endpoint_id):
    from webhooks import services  # services queue this task: the import would be circular

    services.deliver(endpoint_id=endpoint_id, business=connection.tenant)


@shared_task(public=True)
def sweep_old_events():
    for_each_salon(forget_old)


@shared_task
def forget_old():
    from webhooks import services

    services.forget_old(now=timezone.now())
