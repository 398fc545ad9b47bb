"""What people see of their credits."""

from django.db.models import Q, Sum

from payments.credits.models import CreditEntry, CreditPurchase, PurchaseStatus
from tenants.models import Membership

RECENT = 20


def recent_entries(user):
    """The latest changes of the person's balance, newest first."""
    return CreditEntry.objects.filter(profile__user=user)[:RECENT]


def paid_purchases(user):
    """The person's latest purchases that were paid, newest first; `cents_back` is what went back of each, or None."""
    paid = CreditPurchase.objects.filter(profile__user=user, status=PurchaseStatus.PAID)
    cents_back = Sum("money_back__amount_cents", filter=Q(money_back__undone_at=None))
    return paid.annotate(cents_back=cents_back).order_by("-paid_at")[:RECENT]


def memberships(user):
    """The person's salons, by name."""
    return Membership.objects.filter(user=user).select_related("business__billing").order_by("business__name")


def purchase_of(user, purchase_id):
    """A purchase of the person's own, or None."""
    return CreditPurchase.objects.filter(pk=purchase_id, profile__user=user).first()
