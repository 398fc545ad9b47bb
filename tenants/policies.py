"""Roles: owner > admin > staff > viewer."""

from tenants.models import Role

ORDER = {Role.VIEWER: 0, Role.STAFF: 1, Role.ADMIN: 2, Role.OWNER: 3}


def has_role(membership, at_least):
    """Whether a membership, or its absence, reaches a role."""
    return bool(membership) and ORDER[Role(membership.role)] >= ORDER[Role(at_least)]


def can_view(membership):
    return has_role(membership, Role.VIEWER)


def can_work(membership):
    """Bookings, customers, check-in, Completed."""
    return has_role(membership, Role.STAFF)


def can_manage(membership):
    """Services, team, hours, refunds, settings."""
    return has_role(membership, Role.ADMIN)


def can_own(membership):
    """Billing, Stripe, roles."""
    return has_role(membership, Role.OWNER)
