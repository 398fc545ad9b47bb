"""Events, written in the transaction that causes them."""

from django.db import connection, transaction

from tenants.errors import DomainError
from webhooks import tasks
from webhooks.models import TEST, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookEvent

#: Every step of a visit asks, and hardly ever anybody listens: written out, it is a fifth of the work.
LISTENING = f"""
SELECT id FROM {WebhookEndpoint._meta.db_table} WHERE state = %s AND events @> ARRAY[%s]::varchar[]
 ORDER BY created_at"""  # noqa: S608 -- constants only


class NotActive(DomainError):
    code = "webhook_not_active"
    status = 409
    message = "This endpoint is not active. Resume it first."


def note(*, type, at, payload, booking_id=None):
    """Write an event for the active endpoints that ask for it, inside the caller's transaction, and wake a worker after it.

    `payload` is called where somebody wants the event. Returns the event, or None where nobody does.
    """
    with connection.cursor() as cursor:
        cursor.execute(LISTENING, [EndpointState.ACTIVE.value, str(type)])
        endpoints = [pk for (pk,) in cursor.fetchall()]
    if not endpoints:
        return None
    return _write(endpoints, type=type, at=at, payload=payload(), booking_id=booking_id)


@transaction.atomic
def send_test(*, endpoint, now):
    """An event that says nothing but that it is a test. Raises NotActive."""
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk)
    if endpoint.state != EndpointState.ACTIVE:
        raise NotActive
    event = _write([endpoint.pk], type=TEST, at=now, payload={"test": True}, booking_id=None)
    return event.deliveries.get()


def _write(endpoints, *, type, at, payload, booking_id):
    event = WebhookEvent.objects.create(type=type, occurred_at=at, payload=payload, booking_id=booking_id)
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(event=event, endpoint_id=endpoint_id, due_at=at) for endpoint_id in endpoints
    )
    for endpoint_id in endpoints:
        tasks.deliver.delay_on_commit(endpoint_id=str(endpoint_id))
    return event
