"""Writes about people with a login: their mails, and who belongs to which salon."""

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

__all__ = [
    "AccountExists",
    "AlreadyInvited",
    "AlreadyMember",
    "InvitationInvalid",
    "NoPassword",
    "NotAllowed",
    "OwnerStays",
    "OwnsASalon",
    "WrongPerson",
    "accept",
    "accept_with_new_account",
    "change_role",
    "confirm_password",
    "erase_account",
    "find",
    "forget_old",
    "invite",
    "queue",
    "remove_member",
    "resend",
    "revoke",
    "send_due",
    "transfer_ownership",
    "write",
]
