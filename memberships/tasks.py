"""Background work of memberships."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import where_work


@shared_task(public=True)
def sweep_memberships():
    """Queue a look at what falls due, where something does."""
    from memberships import services  # services reach tasks of other apps: as everywhere, looked up when it runs

    now = timezone.now()
    where_work(look_after_memberships, lambda salon: [services.to_look_after(now=now)])


@shared_task
def look_after_memberships():
    from memberships import services  # as above

    services.look_after(business=connection.tenant, now=timezone.now())
