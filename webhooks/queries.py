"""Reads of endpoints and deliveries."""

from django.db.models import Exists, OuterRef, Q

from webhooks.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

AT_ONCE = 100


def endpoints_due(*, now):
    """Ids of those."""
    return list(due(now=now).values_list("pk", flat=True)[:AT_ONCE])


def due(*, now):
    """Active endpoints with something to send and nobody at it."""
    waiting = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"), status=DeliveryStatus.PENDING, due_at__lte=now)
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return WebhookEndpoint.objects.filter(free, Exists(waiting), state=EndpointState.ACTIVE)
