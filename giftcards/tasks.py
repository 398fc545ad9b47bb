"""Background work of gift cards."""

from celery import shared_task
from django.db import connection
from django.utils import timezone

from tenants.tasks import for_each_salon


@shared_task(public=True)
def sweep_gift_cards():
    """Queue what the calendar does to cards, for every open salon."""
    for_each_salon(look_after_gift_cards)


@shared_task
def look_after_gift_cards():
    """Mail the cards whose day has come, and end those whose last day is over."""
    from giftcards import services  # services queue this task: the import would be circular

    business, now = connection.tenant, timezone.now()
    services.deliver_due(business=business, now=now)
    services.expire_due(business=business, now=now)
