"""Who may call: a member of the host's salon, by the role the database has now.

No login is 401; not a member is 404, as if the address did not exist; a role too low is 403.
"""

from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission

from tenants import policies, queries
from tenants.models import Role


def require_role(request, at_least):
    """Return the caller's Membership, or raise NotAuthenticated, NotFound, PermissionDenied."""
    if not request.user.is_authenticated:
        raise exceptions.NotAuthenticated
    membership = membership_of(request)
    if membership is None:
        raise exceptions.NotFound
    if not policies.has_role(membership, at_least):
        raise exceptions.PermissionDenied(f"This needs the role {Role(at_least).label.lower()} or above.")
    return membership


def membership_of(request):
    """The caller's Membership in the host's salon, read once a request; None elsewhere."""
    if not hasattr(request, "_salon_membership"):
        business = getattr(request, "tenant", None)
        request._salon_membership = queries.membership_of(request.user, business) if business else None
    return request._salon_membership


class HasRole(BasePermission):
    """`read` for reading, `write` for everything else."""

    read = write = Role.OWNER

    def has_permission(self, request, view):
        require_role(request, self.read if request.method in SAFE_METHODS else self.write)
        return True


class IsSalonStaff(HasRole):
    """The default: every member reads, staff and above act."""

    read, write = Role.VIEWER, Role.STAFF


def role_required(write, *, read=None):
    """A permission class: `write` for acting and, unless `read` says otherwise, for reading."""
    return type(f"Is{write.label}", (HasRole,), {"read": read or write, "write": write})
