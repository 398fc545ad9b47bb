"""Background work of the waiting list."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import for_each_salon, where_work


@shared_task(public=True)
def sweep_waitlist():
    """Queue the next offers, and the end of what is over, where there are some. Today is another day in another zone."""
    from waitlist import services  # services queue a task of this module: the import would be circular

    now = timezone.now()
    where_work(
        offer_free_time,
        lambda salon: [services.to_offer(), services.to_end(business=salon, now=now)],
        alike=lambda salon: salon.timezone,
    )


@shared_task(public=True)
def sweep_new_dates():
    """Once a day another date can be booked: whoever waits for it is asked."""
    for_each_salon(look_at_new_dates)


@shared_task(public=True)
def sweep_ended_wishes():
    """Queue the forgetting where a wish ended long ago."""
    from waitlist import services  # as above

    old = services.to_forget(now=timezone.now())
    where_work(forget_ended, lambda salon: [old])


@shared_task
def offer_free_time():
    """Ask whoever waits for what has come free; what can come no more ends first."""
    from waitlist import services  # as above

    business, now = connection.tenant, timezone.now()
    services.end_over(business=business, now=now)
    services.offer_free_time(business=business, now=now)


@shared_task
def look_at_new_dates():
    from waitlist import services  # as above

    services.note_new_dates(business=connection.tenant, now=timezone.now())


@shared_task
def forget_ended():
    from waitlist import services  # as above

    services.forget_ended(now=timezone.now())
