"""Somebody proves that the address of an account is theirs, for the first time: whoever opened it never did."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.services import sign_ins


@transaction.atomic
def keep_the_new_password(*, user):
    """Somebody chose a new password by a link in a mail: where the account's own address was never confirmed, no other
    way in is left beside it. Nothing counts as confirmed by that: the link may have come to another address of the account.
    """
    if not EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists():
        for rows in _other_ways(user):
            rows.delete()


def _other_ways(user):
    return (
        EmailAddress.objects.filter(user=user).exclude(email=user.email),
        SocialAccount.objects.filter(user=user),
    )


@transaction.atomic
def keep_what_is_proved(*, user):
    """End every way into the account but its own address, and every sign-in: a stranger may have made them and be waiting.

    A second step stays: nobody sets one up before the address is confirmed, and a code must not take it away.
    Returns whether there was another way in.
    """
    others = _other_ways(user)
    found = user.has_usable_password() or any(rows.exists() for rows in others)
    for rows in others:
        rows.delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sign_ins.end_all(user=user)
    return found
