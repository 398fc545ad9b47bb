"""The only writer of a plan's state: what Stripe said, with its consequences for the salon's pages."""

import structlog
from django.conf import settings
from django.db import transaction
from django_tenants.utils import tenant_context

from audit import services as audit
from audit.actors import SYSTEM
from payments.subscriptions import rules, telling, words
from tenants import hosts, queries
from tenants.models import Business, BusinessStatus, SubscriptionStatus, TenantBilling

logger = structlog.get_logger("tithi.plans")

#: What the plan opens and closes. A salon that is not live yet is opened by its owner, not by its plan.
LIVE = (BusinessStatus.ACTIVE, BusinessStatus.PAUSED, BusinessStatus.CANCELED)


def locked(business):
    return TenantBilling.objects.select_for_update().get(business=business)


def write_down(*, business, found, read_at, by=SYSTEM, now):
    """Keep what Stripe said at `read_at` of a subscription (a `gateway.Subscription`); returns the TenantBilling.

    A reading older than one that was kept, or of another subscription, changes nothing.
    """
    with tenant_context(business), transaction.atomic():
        billing = locked(business)
        stale = billing.subscription_read_at and billing.subscription_read_at >= read_at
        if billing.subscription_id != found.id or stale:
            return billing
        _copy(billing, found, read_at)
        grace = settings.SUBSCRIPTION_GRACE
        where = rules.standing(found, grace_ends_at=billing.grace_ends_at, grace=grace, now=now)
        move(business, billing, where, canceled_at=found.canceled_at, by=by, now=now)
    return billing


def adopt(*, business, found):
    """Make a subscription the salon's own, unless it has a living one: the first one stays."""
    with transaction.atomic():
        billing = locked(business)
        if not billing.subscription_id or billing.subscription_status == SubscriptionStatus.CANCELED:
            billing.subscription_id = found.id
            billing.subscription_read_at = None
            billing.save(update_fields=["subscription_id", "subscription_read_at"])
    return billing.subscription_id == found.id


def settle_without_stripe(*, business, where, by, now):
    """A plan that has no subscription at Stripe moves by what we know ourselves."""
    with tenant_context(business), transaction.atomic():
        billing = locked(business)
        if not billing.subscription_id:
            move(business, billing, where, canceled_at=now, by=by, now=now)
    return billing


def _copy(billing, found, read_at):
    billing.subscription_read_at = read_at
    billing.subscription_price_cents = found.price_cents
    billing.trial_ends_at = found.trial_ends_at or billing.trial_ends_at
    billing.cancel_at = None if found.ended else found.cancel_at
    billing.card_label = words.card(found)
    billing.next_billing_at = _next_bill(found)


def _next_bill(found):
    """When the next invoice is made, or None where none will be."""
    if found.ended or (found.cancel_at and found.cancel_at <= found.period_ends_at):
        return None
    if found.paused:
        return found.resumes_at and max(found.resumes_at, found.period_ends_at)
    return found.period_ends_at


def move(business, billing, where, *, canceled_at, by, now):
    """Take a locked plan to a Standing, None being where it is. A way that the table does not have is not gone: it is
    logged, for somebody must have opened it by hand at Stripe."""
    before = SubscriptionStatus(billing.subscription_status), billing.pause_reason
    where = where or rules.Standing(*before, billing.grace_ends_at)
    after = where.status, where.pause_reason
    if where.status != before[0] and where.status not in rules.ALLOWED[before[0]]:
        logger.error("plan_move_refused", salon=business.schema_name, before=before[0], after=where.status)
        billing.refresh_from_db()
        return
    billing.subscription_status, billing.pause_reason = after
    billing.grace_ends_at = where.grace_ends_at
    if after != before:
        _stamp(billing, where.status, canceled_at, now)
    billing.save()
    if after != before:
        _consequences(business, billing, before, by, now)


def _stamp(billing, status, canceled_at, now):
    billing.paused_at = now if status == SubscriptionStatus.PAUSED else None
    billing.canceled_at = (canceled_at or now) if status == SubscriptionStatus.CANCELED else None
    if status == SubscriptionStatus.CANCELED:
        billing.subscription_generation += 1  # the old key would bring the ended subscription back


def _consequences(business, billing, before, by, now):
    after = billing.subscription_status, billing.pause_reason
    audit.record(
        actor=by,
        action="plan.moved",
        subject=business,
        at=now,
        before=dict(zip(("status", "pause_reason"), before, strict=True)),
        after=dict(zip(("status", "pause_reason"), after, strict=True)),
    )
    _open_or_close(business, rules.site_status(*after))
    transaction.on_commit(lambda host=business.host: hosts.forget(host))
    telling.tell(business, billing, now)


def _open_or_close(business, status):
    """A salon that is about to leave stays closed, whatever becomes of its plan."""
    # Locked before it is asked: a departure that is being written at this moment is seen then.
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if not queries.departure_of(business):
        Business.objects.filter(pk=business.pk, status__in=LIVE).update(status=status)
