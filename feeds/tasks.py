"""Background work of feeds."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import where_work


@shared_task(public=True)
def sweep_calendars():
    """Queue the calendars that are due, where some are, and the salon has not ended."""
    from feeds import queries

    due = queries.due(now=timezone.now())
    where_work(wake, lambda salon: [] if salon.has_ended else [due], alike=lambda salon: salon.has_ended)


@shared_task
def wake():
    """A task for each calendar: a server that does not answer keeps nobody else's waiting."""
    from feeds import queries

    for calendar_id in queries.due(now=timezone.now()).values_list("pk", flat=True)[: queries.AT_ONCE]:
        read.delay(calendar_id=str(calendar_id))


@shared_task
def read(*, calendar_id):
    from feeds import services  # services queue this task: the import would be circular

    services.read_address(business=connection.tenant, calendar_id=calendar_id, clock=timezone.now)
