"""Looking after salons that leave; it runs in `public` and enters the salon in question."""

from celery import shared_task
from django.utils import timezone


@shared_task(public=True)
def sweep_departures():
    """Queue a look at every salon that is about to leave."""
    from onboarding.leaving import queries  # services queue these tasks: the import would be circular

    for departure_id in queries.open_departures():
        look_after_departure.delay(departure_id=str(departure_id))


@shared_task(public=True)
def look_after_departure(*, departure_id):
    from onboarding.leaving import services

    services.look_after(departure_id=departure_id, now=timezone.now())


@shared_task(public=True)
def erase_departed():
    """Erase the salons whose day has come."""
    from onboarding.leaving import services

    services.erase_departed(now=timezone.now())
