"""Events on their way: claimed in a transaction, sent outside of any, the outcome written in another."""

import json
import random
from datetime import timedelta

import structlog
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from tenants.errors import DomainError
from webhooks import gateway, mail, payloads, schedule, signing, tasks
from webhooks.models import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint, WebhookEvent

logger = structlog.get_logger("tithi.webhooks")

BATCH = 5
#: A worker that died while sending: after this long somebody else takes over. Longer than a batch may last.
CLAIM = timedelta(minutes=3)
#: A task's own share of time, short of the limit on tasks; the sweep goes on with the rest.
BUDGET = timedelta(seconds=30)
TRIES_KEPT = 20
GONE = 410


class Forgotten(DomainError):
    code = "webhook_forgotten"
    status = 409
    message = "This event is too old: what it said is not kept any more."


def deliver(*, endpoint_id, business, now=timezone.now):
    """Send what is due to one endpoint, in the order it happened; returns how much arrived.

    One worker at a time speaks to an endpoint, and stops at the first failure: whoever does not answer keeps nobody else
    waiting for longer than one time-out.
    """
    arrived, ends = 0, now() + BUDGET
    while now() < ends and (batch := _claim(endpoint_id, now())):
        try:
            for delivery in batch:
                if not _send(delivery, business, now):
                    return arrived
                arrived += 1
        finally:
            _release(endpoint_id)
    return arrived


@transaction.atomic
def _claim(endpoint_id, now):
    """The next deliveries of an endpoint nobody else speaks to; none where there are none or somebody does."""
    mine = WebhookEndpoint.objects.select_for_update(skip_locked=True, no_key=True)
    endpoint = mine.filter(pk=endpoint_id, state=EndpointState.ACTIVE).first()
    if endpoint is None or (endpoint.claimed_until and endpoint.claimed_until > now):
        return []
    due = WebhookDelivery.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    due = due.filter(endpoint=endpoint, status=DeliveryStatus.PENDING, due_at__lte=now)
    batch = list(due.select_related("event").order_by("event__position")[:BATCH])
    if batch:
        endpoint.claimed_until = now + CLAIM
        endpoint.save(update_fields=["claimed_until"])
        _number({delivery.event.booking_id for delivery in batch} - {None})
        for delivery in batch:
            delivery.event.refresh_from_db(fields=["sequence"])
            delivery.endpoint = endpoint
    return batch


def _number(booking_ids):
    """Give the events of these bookings their numbers, in the order of writing. Who comes second waits here."""
    waiting = WebhookEvent.objects.filter(booking_id__in=booking_ids, sequence=None)
    rows = list(waiting.select_for_update(no_key=True).order_by("position"))
    if not rows:
        return
    numbered = WebhookEvent.objects.filter(booking_id__in=booking_ids).order_by().values("booking_id")
    last = {row["booking_id"]: row["last"] or 0 for row in numbered.annotate(last=Max("sequence"))}
    for event in rows:
        last[event.booking_id] += 1
        event.sequence = last[event.booking_id]
        event.save(update_fields=["sequence"])


def _release(endpoint_id):
    """Let others speak to the endpoint again."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).update(claimed_until=None)


def _send(delivery, business, clock):
    """One attempt; whether it arrived."""
    started = clock()
    message = json.dumps(payloads.body(delivery.event, business), separators=(",", ":"), ensure_ascii=False).encode()
    headers = signing.headers(delivery.endpoint, event_id=delivery.event.public_id, body=message, now=started)
    code, text, reason, final = None, "", "", False
    try:
        answer = gateway.post(delivery.endpoint.url, body=message, headers=headers)
    except gateway.Refused as exc:
        reason, final = str(exc), True
    except gateway.Unreachable as exc:
        reason = str(exc)
    else:
        code, text = answer.code, answer.text
        reason = "" if 200 <= code < 300 else f"Answered with {code}."
    return _write(delivery.pk, code=code, text=text, reason=reason, final=final, began=started, now=clock())


@transaction.atomic
def _write(delivery_id, *, code, text, reason, final, began, now):
    """The outcome of an attempt: the endpoint's row first, as everybody locks it."""
    endpoint_id = WebhookDelivery.objects.filter(pk=delivery_id).values_list("endpoint_id", flat=True).first()
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=endpoint_id).first()
    if endpoint is None:  # deleted meanwhile, and its deliveries with it
        return False
    delivery = WebhookDelivery.objects.select_for_update(no_key=True).get(pk=delivery_id)
    delivery.attempts += 1
    delivery.begun_at = delivery.begun_at or began
    delivery.tries = [*delivery.tries, {"at": began.isoformat(), "code": code, "reason": reason}][-TRIES_KEPT:]
    delivery.response_code, delivery.response_text, delivery.reason = code, text, reason
    if reason:
        _failed(endpoint, delivery, code, final, now)
    else:
        delivery.status, delivery.delivered_at = DeliveryStatus.DELIVERED, now
        if endpoint.failing_since:
            endpoint.failing_since = None
            endpoint.save(update_fields=["failing_since"])
    delivery.save()
    return not reason


def _failed(endpoint, delivery, code, final, now):
    """Another time, or never. An endpoint that says it is gone, or takes nothing for days, is told no more."""
    logger.warning("webhook_failed", delivery_id=str(delivery.pk), attempts=delivery.attempts, reason=delivery.reason)
    at = schedule.next_try(
        attempts=delivery.attempts,
        begun_at=delivery.begun_at,
        now=now,
        luck=random.random(),  # noqa: S311 -- spreads retries, guards nothing
    )
    if final or at is None or code == GONE:
        delivery.status = DeliveryStatus.DEAD
    else:
        delivery.due_at = at
        if at - now < timedelta(seconds=30):  # the sweep comes less often
            tasks.deliver.apply_async_on_commit(
                kwargs={"endpoint_id": str(endpoint.pk)}, countdown=(at - now).seconds + 1
            )
    endpoint.failing_since = endpoint.failing_since or now
    if code == GONE:
        _disable(endpoint, "It answered that it is gone (410).", now)
    elif now - endpoint.failing_since >= schedule.ENDURANCE:
        _disable(endpoint, "Nothing has arrived there for three days.", now)
    endpoint.save(update_fields=["failing_since", "state", "disabled_reason"])


def _disable(endpoint, reason, now):
    if endpoint.state == EndpointState.ACTIVE:
        endpoint.state, endpoint.disabled_reason = EndpointState.DISABLED, reason
        mail.queue_disabled(business=connection.tenant, endpoint=endpoint, now=now)


@transaction.atomic
def replay(*, delivery, now):
    """Send a delivery once more, with all its attempts. Raises Forgotten."""
    if not _again(WebhookDelivery.objects.filter(pk=delivery.pk), now):
        raise Forgotten


@transaction.atomic
def replay_dead(*, endpoint, now):
    """Send everything that was given up on once more; returns how much."""
    return _again(WebhookDelivery.objects.filter(endpoint=endpoint, status=DeliveryStatus.DEAD), now)


def _again(deliveries, now):
    rows = deliveries.exclude(event__payload={})
    endpoints = set(rows.values_list("endpoint_id", flat=True))
    pks = list(rows.values_list("pk", flat=True))
    count = WebhookDelivery.objects.filter(pk__in=pks).update(
        status=DeliveryStatus.PENDING, due_at=now, attempts=0, begun_at=None, delivered_at=None, reason=""
    )
    for endpoint_id in endpoints:
        tasks.deliver.delay_on_commit(endpoint_id=str(endpoint_id))
    return count
