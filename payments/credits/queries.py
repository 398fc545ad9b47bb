"""What people see of their credits."""

from payments.credits.models import CreditEntry, CreditPurchase
from tenants.models import Membership

RECENT = 20


def recent_entries(user):
    """The latest changes of the person's balance, newest first."""
    return CreditEntry.objects.filter(profile__user=user)[:RECENT]


def memberships(user):
    """The person's salons, by name."""
    return Membership.objects.filter(user=user).select_related("business__billing").order_by("business__name")


def purchase_of(user, purchase_id):
    """A purchase of the person's own, or None."""
    return CreditPurchase.objects.filter(pk=purchase_id, profile__user=user).first()
