"""The inbox: store, answer, process after. dj-stripe keeps its copies; our handlers act on what Stripe says now."""

import structlog
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context
from djstripe.models import Event as SyncedEvent

from payments.services import events
from payments.webhooks import platform, tasks
from payments.webhooks.models import EventStatus, StripeEvent
from tenants.models import TenantBilling

logger = structlog.get_logger("tithi.stripe")

MAX_ATTEMPTS = 10


def receive(*, payload):
    """Store an event whose signature was checked, once, and queue its processing. True if it is new."""
    try:
        with transaction.atomic():
            event = StripeEvent.objects.create(
                event_id=payload["id"],
                account=payload.get("account") or "",
                type=payload["type"],
                payload=payload,
            )
    except IntegrityError:
        return False
    tasks.process_event.delay_on_commit(event_id=event.pk)
    return True


def process(*, event_id):
    """Process one stored event; safe to run twice and in any order. Raises what made it fail, noted on the row."""
    event = _claim(event_id)
    if event is None:
        return
    billing = TenantBilling.objects.select_related("business").filter(stripe_account_id=event.account).first()
    if event.account and billing is None:
        logger.error("stripe_event_quarantined", event_id=event.pk, account=event.account)
        _finish(event, EventStatus.QUARANTINED, "No salon has this account.")
        return
    try:
        _act_on(event, billing)
        SyncedEvent.process(event.payload)
    except Exception as exc:
        _finish(event, EventStatus.FAILED if event.attempts >= MAX_ATTEMPTS else EventStatus.RECEIVED, repr(exc))
        raise
    _finish(event, EventStatus.PROCESSED, "")


def forget_account(*, account_id):
    """Erase what Stripe told us of a salon's customers: its account's events, and dj-stripe's copies. Call in `public`.

    Within the transaction that erases the salon: an event that comes later finds no salon and is put aside.
    """
    if not account_id:
        return
    StripeEvent.objects.filter(account=account_id).delete()
    for model in apps.get_app_config("djstripe").get_models():
        if any(field.name == "djstripe_owner_account" for field in model._meta.concrete_fields):
            model.objects.filter(djstripe_owner_account__id=account_id).delete()


def _act_on(event, billing):
    data = event.payload["data"]["object"]
    if billing is None:
        platform.handle(kind=event.type, data=data)
        return
    with tenant_context(billing.business):
        events.handle(business=billing.business, kind=event.type, data=data)


def replay(*, event_id):
    """Process a stored event once more, whatever became of it; what handlers write down they write once."""
    StripeEvent.objects.filter(pk=event_id).update(status=EventStatus.RECEIVED, attempts=0)
    process(event_id=event_id)


@transaction.atomic
def requeue(*, event_id):
    """Let a worker process an event again that was given up or belonged to nobody; False where it is neither."""
    stuck = StripeEvent.objects.filter(pk=event_id, status__in=(EventStatus.QUARANTINED, EventStatus.FAILED))
    if not stuck.update(status=EventStatus.RECEIVED, attempts=0):
        return False
    tasks.process_event.delay_on_commit(event_id=event_id)
    return True


@transaction.atomic
def _claim(event_id):
    """Count the attempt; None where it is done or another worker has it in hand this very moment."""
    event = (
        StripeEvent.objects.select_for_update(skip_locked=True).filter(pk=event_id, status=EventStatus.RECEIVED).first()
    )
    if event:
        event.attempts += 1
        event.save(update_fields=["attempts"])
    return event


def _finish(event, status, error):
    event.status, event.error = status, error[:2000]
    event.processed_at = timezone.now() if status != EventStatus.RECEIVED else None
    event.save(update_fields=["status", "error", "processed_at"])
