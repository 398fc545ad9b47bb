"""The table of permissions, as an owner reads and changes it."""

from dataclasses import dataclass

from tenants.models import Role
from tenants.permissions import EDITABLE, HIGHEST_FIRST, TABLE, Permission, allows, is_editable

#: What follows from it, beyond what its name says.
MEANS = {
    Permission.VIEW_DIARY: "Everybody of the team needs it: without it there is nothing to sign in for.",
    Permission.WORK_DIARY: "Take bookings at the desk, move them, check guests in, read messages that were sent.",
    Permission.CLOSE_VISITS: "These buttons charge the guest’s card, by what the guest agreed to.",
    Permission.REFUND: "Money leaves the salon’s account at once and does not come back by itself.",
    Permission.WAIVE_FEES: "A fee that was let go is not asked for again.",
    Permission.VIEW_MONEY: "Payments, the ledger, saved cards’ last digits and gift cards. Prices of visits stay visible.",
    Permission.VIEW_CUSTOMERS: "Their page with address, notes and history. The calendar still names who comes.",
    Permission.EDIT_CUSTOMERS: "Correct names, addresses and notes, and remove a saved card.",
    Permission.EXPORT_CUSTOMERS: "Whoever has it can take all your customers’ names and addresses away.",
    Permission.ERASE_CUSTOMERS: "What is erased or merged cannot be brought back.",
    Permission.VIEW_ANALYTICS: "Visits and takings by day, service and person.",
    Permission.ARRANGE: "What changes here can leave visits without their time, and changes what can be booked.",
    Permission.MANAGE_GIFT_CARDS: "A gift card is money: whoever issues one gives it out.",
    Permission.WRITE_WORDS: "What your customers read in mails and text messages, and whether the directory lists you.",
    Permission.MANAGE_ACCESS: "Nobody lets in anybody who stands above them.",
    Permission.MANAGE_INTEGRATIONS: "Programs read and write your salon’s data with these keys.",
    Permission.VIEW_TRAIL: "Everything anybody did here, with the address they did it from.",
    Permission.OWN: "Only ever the owner.",
}


@dataclass(frozen=True, slots=True)
class Cell:
    role: str
    name: str
    allowed: bool
    suggested: bool
    editable: bool

    @property
    def differs(self):
        return self.allowed != self.suggested


@dataclass(frozen=True, slots=True)
class Row:
    permission: str
    label: str
    means: str
    cells: list
    wrong: str


def rows(changes, *, editable, refused=None):
    """Every permission with what each role may; `refused` is the RolesOutOfOrder that kept the changes from being saved."""
    return [
        Row(
            permission.value,
            permission.label,
            MEANS[permission],
            [_cell(permission, role, changes, editable) for role in HIGHEST_FIRST],
            str(refused) if refused and refused.permission == permission else "",
        )
        for permission in Permission
    ]


def _cell(permission, role, changes, editable):
    return Cell(
        role=Role(role).label,
        name=f"{permission}.{role}",
        allowed=allows(permission, role, changes),
        suggested=TABLE[permission][role],
        editable=editable and is_editable(permission, role),
    )


def wanted(names):
    """{(permission, role): bool} of the cells that were ticked; what cannot be changed is not looked at."""
    return {
        (permission, role): f"{permission}.{role}" in names for permission, roles in EDITABLE.items() for role in roles
    }
