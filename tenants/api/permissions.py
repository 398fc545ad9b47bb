"""Who may call: a member of the host's salon, by what their role may in the database now.

No login is 401; not a member is 404, as if the address did not exist; a role that may not is 403.
"""

from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission

from tenants import policies, queries
from tenants.permissions import Permission


def require(request, *permissions):
    """Return the caller's Membership, or raise NotAuthenticated, NotFound, PermissionDenied. One of `permissions` is enough."""
    if not request.user.is_authenticated:
        raise exceptions.NotAuthenticated
    membership = membership_of(request)
    if membership is None:
        raise exceptions.NotFound
    if not any(policies.may(membership, permission) for permission in permissions):
        raise exceptions.PermissionDenied(f"Your role does not include this: {permissions[0].label.lower()}.")
    return membership


def membership_of(request):
    """The caller's Membership in the host's salon, read once a request; None elsewhere."""
    if not hasattr(request, "_salon_membership"):
        business = getattr(request, "tenant", None)
        request._salon_membership = queries.membership_of(request.user, business) if business else None
    return request._salon_membership


def sees(request, permission):
    """Whether answers tell the caller what the permission is about: a program's key may be made for less."""
    membership = membership_of(request)
    return policies.may(membership, permission) and permission not in membership.withheld


class Needs(BasePermission):
    """One of `read` for reading, one of `write` for everything else."""

    read = write = (Permission.OWN,)

    def has_permission(self, request, view):
        require(request, *(self.read if request.method in SAFE_METHODS else self.write))
        return True


class IsSalonStaff(Needs):
    """The default: who sees the diary reads, who works in it acts."""

    read, write = (Permission.VIEW_DIARY,), (Permission.WORK_DIARY,)


def needs(*write, read=()):
    """A permission class: one of `write` for acting and, unless `read` says otherwise, for reading."""
    return type("Needs", (Needs,), {"read": tuple(read) or write, "write": write})
