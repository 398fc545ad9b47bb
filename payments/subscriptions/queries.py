"""Which salons a person pays for, and what stands on their bills."""

from tenants.models import Membership, Role


def memberships_of(user):
    """The person's memberships as owner, by the salon's name, with what the billing page shows of it."""
    rows = Membership.objects.filter(user=user, role=Role.OWNER).select_related("business__billing")
    return rows.order_by("business__name")


def membership_in(user, business_id):
    """The person's membership in a salon, or None."""
    return Membership.objects.select_related("business__billing").filter(user=user, business=business_id).first()
