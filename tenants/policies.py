"""Who may what (`may`), and who stands above whom (`has_role`): owner > admin > staff > viewer.

An operator who is let in for support looks, and may be let arrange things. Whether somebody may do a thing is asked
of `may` alone; the order of roles is for rules about people: who may invite and remove whom.
"""

from tenants.models import Role
from tenants.permissions import Permission, allows, is_editable

ORDER = {Role.VIEWER: 0, Role.STAFF: 1, Role.ADMIN: 2, Role.OWNER: 3}


def has_role(membership, at_least):
    """Whether a membership, or its absence, reaches a role.

    Support reaches viewer and no more, whatever role it was given: money, customers, logins and the plan stay shut. An
    API token reaches admin and no more, whosever it is.
    """
    if not membership:
        return False
    role = Role(membership.role)
    if membership.through_token:
        role = min(role, Role.ADMIN, key=ORDER.get)
    return ORDER[Role.VIEWER if membership.support else role] >= ORDER[Role(at_least)]


def is_support_for_settings(membership):
    return bool(membership) and membership.support is not None and membership.role == Role.ADMIN


#: What support sees, and what it may be let change.
SUPPORT = frozenset(
    {Permission.VIEW_DIARY, Permission.VIEW_MONEY, Permission.VIEW_CUSTOMERS, Permission.VIEW_ANALYTICS}
)


def may(membership, permission):
    """Whether a membership, or its absence, has a permission (`tenants.permissions`)."""
    if not membership:
        return False
    if membership.support:
        return permission in SUPPORT or (permission == Permission.ARRANGE and is_support_for_settings(membership))
    if permission == Permission.OWN and membership.through_token:
        return False
    role = Role(membership.role)
    return allows(permission, role, membership.role_changes if is_editable(permission, role) else {})


def may_remove(membership, permission):
    """Whether a membership has a permission and is no support's: what is gone would be gone, so support deletes nothing."""
    return may(membership, permission) and not membership.support
