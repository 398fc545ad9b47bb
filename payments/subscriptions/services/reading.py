"""Reading a plan at Stripe: after every event about it, once a day, and whenever something falls due."""

from datetime import timedelta

from django.conf import settings

from audit.actors import SYSTEM
from payments import gateway
from payments.subscriptions import rules
from payments.subscriptions.services import writing
from tenants import clock
from tenants.models import PauseReason, SubscriptionStatus, TenantBilling


def billing_of(business):
    return TenantBilling.objects.get(business=business)


def refresh(*, business, now, by=SYSTEM):
    """Read the salon's subscription and write down what it says; returns the TenantBilling.

    One whose answer was lost is found by its customer. Raises gateway.GatewayError.
    """
    billing = billing_of(business)
    read_at = clock.database_now()
    found = _found(business, billing)
    if found is None:
        return billing
    billing = writing.write_down(business=business, found=found, read_at=read_at, by=by, now=now)
    if _follow_up(billing, found):
        return refresh(business=business, now=now, by=by)
    return billing


def _found(business, billing):
    """The salon's subscription; after an ended one a newer one that nobody has told us of."""
    if billing.subscription_id and billing.subscription_status != SubscriptionStatus.CANCELED:
        return gateway.retrieve_subscription(subscription_id=billing.subscription_id)
    if not billing.stripe_customer_id:
        return None
    found = gateway.find_subscription(customer_id=billing.stripe_customer_id)
    return found if found and writing.adopt(business=business, found=found) else None


def _follow_up(billing, found):
    """A salon that is closed for not paying runs up no more debt; one that has paid is billed again. Whether it acted."""
    if found.ended or found.id != billing.subscription_id:
        return False
    closed = billing.pause_reason == PauseReason.UNPAID
    if closed and not found.paused:
        gateway.pause_collection(subscription_id=found.id, reason=PauseReason.UNPAID)
    elif not closed and found.paused and found.pause_reason == PauseReason.UNPAID and found.status == "active":
        gateway.resume_collection(subscription_id=found.id)
    else:
        return False
    return True


def catch_up(*, business, now):
    """What time and lost messages have left undone: a trial not begun, one that ran out, an old reading.

    Raises what `start_trial` and `refresh` raise.
    """
    from payments.subscriptions.services.verbs import start_trial  # verbs read, too: the import would be circular

    billing = billing_of(business)
    if billing.subscription_id or billing.subscription_status == SubscriptionStatus.CANCELED:
        return refresh(business=business, now=now)
    if not billing.trial_ends_at or now < billing.trial_ends_at - timedelta(hours=1):
        return start_trial(business=business, by=SYSTEM, now=now)
    where = rules.unpaid(billing.grace_ends_at or billing.trial_ends_at + settings.SUBSCRIPTION_GRACE, now)
    return writing.settle_without_stripe(business=business, where=where, by=SYSTEM, now=now)
