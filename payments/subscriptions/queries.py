"""Which salons a person pays for, what stands on their bills, and which plans want looking after."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from djstripe.models import Invoice

from payments.subscriptions.services.writing import LIVE
from tenants.models import Membership, Role, SubscriptionStatus, TenantBilling
from tenants.money import Money
from tenants.queries import leaving

DAILY = timedelta(hours=24)
MOST_INVOICES = 24


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One invoice; `status` is Stripe's, `url` its page there."""

    number: str
    at: datetime
    total: Money
    status: str
    url: str


def memberships_of(user):
    """The person's memberships as owner, by the salon's name, with what the billing page shows of it."""
    rows = Membership.objects.filter(user=user, role=Role.OWNER).select_related("business__billing")
    return rows.order_by("business__name")


def due_plans(now):
    """Ids of live salons whose plan should be looked at: something falls due, or it was not read for a day.

    Not of those that leave: what they have begun is only ended.
    """
    status = SubscriptionStatus
    due = (
        Q(subscription_read_at=None)
        | Q(subscription_read_at__lt=now - DAILY)
        | Q(subscription_status=status.TRIAL, trial_ends_at__lte=now)
        | Q(subscription_status=status.PAST_DUE, grace_ends_at__lte=now)
        | Q(cancel_at__lte=now)
    )
    rows = TenantBilling.objects.filter(due, business__status__in=LIVE).exclude(subscription_status=status.CANCELED)
    return rows.exclude(pk__in=leaving()).order_by("pk").values_list("pk", flat=True)


def invoices_of(billing):
    """The salon's latest invoices of more than nothing, from dj-stripe's copies; newest first."""
    if not billing.stripe_customer_id:
        return []
    rows = Invoice.objects.filter(customer_id=billing.stripe_customer_id, stripe_data__total__gt=0)
    rows = rows.exclude(stripe_data__status="draft")
    return [_line(row.stripe_data) for row in rows.order_by("-created")[:MOST_INVOICES]]


def _line(raw):
    return InvoiceLine(
        number=raw["number"] or raw["id"],
        at=datetime.fromtimestamp(raw["created"], UTC),
        total=Money(raw["total"], raw["currency"].upper()),
        status=raw["status"],
        url=raw["hosted_invoice_url"] or "",
    )


def membership_in(user, business_id):
    """The person's membership in a salon, or None."""
    return Membership.objects.select_related("business__billing").filter(user=user, business=business_id).first()
