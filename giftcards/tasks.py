"""Background work of gift cards."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import where_work


@shared_task(public=True)
def sweep_gift_cards():
    """Queue what the calendar does to cards, where it does something. Today is another day in another zone."""
    from giftcards import services  # as below

    now = timezone.now()
    where_work(
        look_after_gift_cards,
        lambda salon: [services.to_deliver(business=salon, now=now), services.to_expire(business=salon, now=now)],
        alike=lambda salon: salon.timezone,
    )


@shared_task
def look_after_gift_cards():
    """Mail the cards whose day has come, and end those whose last day is over."""
    from giftcards import services  # services queue this task: the import would be circular

    business, now = connection.tenant, timezone.now()
    services.deliver_due(business=business, now=now)
    services.expire_due(business=business, now=now)
