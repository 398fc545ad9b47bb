"""Writes about people with a login: their mails, and who belongs to which salon."""

from accounts.services.entries import (
    NoEntry,
    SecondStepMissing,
    business_of,
    find_entry,
    open_entry,
    use_entry,
)
from accounts.services.erasing import OwnsASalon, erase_account
from accounts.services.invitations import (
    AccountExists,
    AlreadyInvited,
    AlreadyMember,
    InvitationInvalid,
    WrongPerson,
    accept,
    accept_with_new_account,
    find,
    invite,
    resend,
    revoke,
)
from accounts.services.mail import forget_old, queue, send_due, write
from accounts.services.members import (
    NoPassword,
    NotAllowed,
    OwnerStays,
    change_role,
    confirm_password,
    remove_member,
    transfer_ownership,
)
from accounts.services.permissions import FixedPermission, RolesOutOfOrder, change_permissions
from accounts.services.proving import keep_the_new_password, keep_what_is_proved
from accounts.services.sign_ins import NoSuchSignIn

__all__ = [
    "AccountExists",
    "AlreadyInvited",
    "AlreadyMember",
    "FixedPermission",
    "InvitationInvalid",
    "NoEntry",
    "NoPassword",
    "NoSuchSignIn",
    "NotAllowed",
    "OwnerStays",
    "OwnsASalon",
    "RolesOutOfOrder",
    "SecondStepMissing",
    "WrongPerson",
    "accept",
    "accept_with_new_account",
    "business_of",
    "change_permissions",
    "change_role",
    "confirm_password",
    "erase_account",
    "find",
    "find_entry",
    "forget_old",
    "invite",
    "keep_the_new_password",
    "keep_what_is_proved",
    "open_entry",
    "queue",
    "remove_member",
    "resend",
    "revoke",
    "send_due",
    "transfer_ownership",
    "use_entry",
    "write",
]
