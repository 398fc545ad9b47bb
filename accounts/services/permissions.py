"""What each role of a salon may, changed by its owner within `tenants.permissions.EDITABLE`. It holds with the next request."""

from django.db import transaction
from django_tenants.utils import tenant_context

from accounts.services.members import NotAllowed
from audit import actors
from audit.services import record
from tenants import policies, queries
from tenants.errors import DomainError
from tenants.models import Business
from tenants.permissions import Permission, changes_of, is_editable, out_of_order


class FixedPermission(DomainError):
    code = "permission_fixed"
    status = 422
    message = "This cannot be changed: it is what the role is for."


class RolesOutOfOrder(DomainError):
    """A role would reach further than the one above it, and with it whoever invites people into it."""

    code = "roles_out_of_order"
    status = 422

    def __init__(self, permission, role):
        super().__init__(
            f"“{permission.label}” cannot be allowed for the role {role.label.lower()} and not for the role above it."
        )
        self.permission, self.role = permission, role


@transaction.atomic
def change_permissions(*, business, wanted, by, address, now):
    """Let roles do what `wanted` says, {(permission, role): bool}; what it does not name is as in the table again.

    Returns whether anything changed. Raises NotAllowed, FixedPermission, RolesOutOfOrder; then nothing is written.
    """
    salon = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    if not policies.may(queries.standing_of(by, salon), Permission.OWN):
        raise NotAllowed
    if not all(is_editable(permission, role) for permission, role in wanted):
        raise FixedPermission
    changes = changes_of(wanted)
    if found := out_of_order(changes):
        raise RolesOutOfOrder(*found)
    before = salon.role_changes
    if before == changes:
        return False
    salon.role_changes = changes
    salon.save(update_fields=["role_changes"])
    with tenant_context(salon):
        record(
            actor=actors.user(by, address),
            action="roles.changed",
            subject=salon,
            at=now,
            before=_differing(before, changes),
            after=_differing(changes, before),
        )
    return True


def _differing(these, others):
    """The rows of `these` that are not the same in `others`; a row back at the table says so."""
    names = sorted({*these, *others})
    return {name: these.get(name, "as suggested") for name in names if these.get(name) != others.get(name)}
