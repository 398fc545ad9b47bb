"""What there is to be allowed in a salon, and who is: one table of permissions × roles.

Pages, admin, API, exports and WebSockets ask `policies.may(membership, permission)`; menus leave out what it refuses.
An owner may change the cells in `EDITABLE`; what is kept of that on the salon (`Business.role_changes`) counts for
these cells alone, so that a row somebody wrote there by another way opens nothing.
"""

import itertools

from django.db import models

from tenants.models import Role


class Permission(models.TextChoices):
    VIEW_DIARY = "view_diary", "See the calendar and visits"
    WORK_DIARY = "work_diary", "Book, move and check in visits"
    CLOSE_VISITS = "close_visits", "Press Completed, No-show and Cancelled"
    REFUND = "refund", "Give money back, correct closed visits and answer disputes"
    WAIVE_FEES = "waive_fees", "Let fees go"
    VIEW_MONEY = "view_money", "See payments"
    VIEW_CUSTOMERS = "view_customers", "See customers"
    EDIT_CUSTOMERS = "edit_customers", "Add and change customers"
    EXPORT_CUSTOMERS = "export_customers", "Take customers along as a file, and bring them in from one"
    ERASE_CUSTOMERS = "erase_customers", "Merge and erase customers"
    VIEW_ANALYTICS = "view_analytics", "See and download figures"
    ARRANGE = "arrange", "Change services, team, hours, rooms and booking rules"
    MANAGE_GIFT_CARDS = "manage_gift_cards", "Issue and change gift cards"
    WRITE_WORDS = "write_words", "Change the words of messages and the website"
    MANAGE_ACCESS = "manage_access", "Invite people and take them out"
    MANAGE_INTEGRATIONS = "manage_integrations", "API tokens and webhooks"
    VIEW_TRAIL = "view_trail", "See who did what"
    OWN = "own", "Plan, Stripe, roles, closing the salon"


def _row(owner, admin, staff, viewer):
    return {Role.OWNER: owner, Role.ADMIN: admin, Role.STAFF: staff, Role.VIEWER: viewer}


#: Permission → role → whether it is allowed where the owner has changed nothing.
TABLE = {
    Permission.VIEW_DIARY: _row(True, True, True, True),
    Permission.WORK_DIARY: _row(True, True, True, False),
    Permission.CLOSE_VISITS: _row(True, True, True, False),
    Permission.REFUND: _row(True, True, False, False),
    Permission.WAIVE_FEES: _row(True, True, False, False),
    Permission.VIEW_MONEY: _row(True, True, True, True),
    Permission.VIEW_CUSTOMERS: _row(True, True, True, True),
    Permission.EDIT_CUSTOMERS: _row(True, True, True, False),
    Permission.EXPORT_CUSTOMERS: _row(True, True, False, False),
    Permission.ERASE_CUSTOMERS: _row(True, True, False, False),
    Permission.VIEW_ANALYTICS: _row(True, True, True, True),
    Permission.ARRANGE: _row(True, True, False, False),
    Permission.MANAGE_GIFT_CARDS: _row(True, True, False, False),
    Permission.WRITE_WORDS: _row(True, True, False, False),
    Permission.MANAGE_ACCESS: _row(True, True, False, False),
    Permission.MANAGE_INTEGRATIONS: _row(True, True, False, False),
    Permission.VIEW_TRAIL: _row(True, True, False, False),
    Permission.OWN: _row(True, False, False, False),
}

#: Which cells an owner may change. Never: owning, whatever writes for viewers, and what the roles are for at all.
EDITABLE = {
    Permission.CLOSE_VISITS: (Role.STAFF,),
    Permission.REFUND: (Role.ADMIN, Role.STAFF),
    Permission.WAIVE_FEES: (Role.ADMIN, Role.STAFF),
    Permission.VIEW_MONEY: (Role.STAFF, Role.VIEWER),
    Permission.VIEW_CUSTOMERS: (Role.VIEWER,),
    Permission.EDIT_CUSTOMERS: (Role.STAFF,),
    Permission.EXPORT_CUSTOMERS: (Role.ADMIN, Role.STAFF),
    Permission.ERASE_CUSTOMERS: (Role.ADMIN,),
    Permission.VIEW_ANALYTICS: (Role.STAFF, Role.VIEWER),
    Permission.ARRANGE: (Role.STAFF,),
    Permission.MANAGE_GIFT_CARDS: (Role.STAFF,),
    Permission.WRITE_WORDS: (Role.ADMIN,),
    Permission.MANAGE_ACCESS: (Role.ADMIN,),
    Permission.MANAGE_INTEGRATIONS: (Role.ADMIN,),
}
#: Highest first: what a role may, those before it may too.
HIGHEST_FIRST = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)


def is_editable(permission, role):
    return role in EDITABLE.get(permission, ())


def allows(permission, role, changes):
    """Whether a role has a permission where the owner has made `changes`: {permission: {role: bool}}."""
    default = TABLE[permission][role]
    if not is_editable(permission, role) or not isinstance(changes, dict):
        return default
    row = changes.get(permission)
    changed = row.get(role) if isinstance(row, dict) else None
    return changed if isinstance(changed, bool) else default


def changes_of(wanted):
    """What of {(permission, role): bool} differs from the table, as it is kept."""
    changes = {}
    for (permission, role), allowed in sorted(wanted.items()):
        if allowed != TABLE[permission][role]:
            changes.setdefault(str(permission), {})[str(role)] = allowed
    return changes


def out_of_order(changes):
    """The first (permission, role) that may what the role above it may not, or None.

    Whoever invites people could give that role to themselves under another name.
    """
    for permission in Permission:
        for above, role in itertools.pairwise(HIGHEST_FIRST):
            if allows(permission, role, changes) and not allows(permission, above, changes):
                return permission, role
    return None
