"""Who belongs where."""

from tenants.models import Business, Membership


def membership_of(user, business):
    """The person's Membership in a salon, or None; read from the database, never from a token."""
    if not user.is_authenticated or not user.is_active:
        return None
    return Membership.objects.filter(user=user, business=business).first()


def businesses_of(user):
    """The salons a person belongs to, by name."""
    return Business.objects.filter(memberships__user=user).order_by("name")
