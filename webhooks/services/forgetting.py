"""What was told is not kept for ever: after a month its words go, its line stays."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from webhooks.models import WebhookDelivery, WebhookEvent

KEPT = timedelta(days=30)
BATCH = 1000


@transaction.atomic
def forget_old(*, now):
    """Empty old events, whose numbers stay, and what was answered to them; returns how many."""
    old = WebhookEvent.objects.filter(occurred_at__lt=now - KEPT).exclude(payload={})
    rows = list(old.select_for_update(skip_locked=True).order_by("position").values_list("pk", flat=True)[:BATCH])
    WebhookDelivery.objects.filter(event__in=rows).update(response_text="")
    return WebhookEvent.objects.filter(pk__in=rows).update(payload={})


def forget_person(*, person):
    """Take a customer out of what was told of them and of their visits, in the caller's transaction; ids and amounts stay."""
    told = Q(booking_id__in=person.booking_ids) | Q(payload__customer__id__in=person.ids)
    for event in WebhookEvent.objects.filter(told).order_by("position"):
        WebhookEvent.objects.filter(pk=event.pk).update(payload=_without(person, event.payload))
    WebhookDelivery.objects.filter(event__in=WebhookEvent.objects.filter(told)).update(response_text="")


def _without(person, payload):
    """What was told, without the person: also where they had another name or address then."""
    told = person.words.taken_out(payload)
    for who in (told.get("customer"), told.get("booking", {}).get("contact")):
        if who:
            who.update(name=person.words.instead, email="", phone="")
    return told
