"""An account's end: what says who somebody was goes; what says what happened stays."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django_tenants.utils import schema_context, tenant_context
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts import queries, traces
from accounts.models import AccountMessage, Entry, Invitation
from accounts.services import mail, members, sign_ins
from accounts.signals import account_erased
from tenants.errors import DomainError
from tenants.models import Membership, User


class OwnsASalon(DomainError):
    code = "owns_a_salon"
    status = 409
    message = "A salon always has its owner."


@transaction.atomic
def erase_account(*, user, address, now):
    """End an account everywhere. Raises OwnsASalon, with nothing changed, while a live salon has no other owner.

    The row stays as an empty shell: ledgers point at it. Trails keep the name they wrote down at the time. Every
    sign-in ends at once. The address is free for a new account.
    """
    with schema_context("public"):
        memberships = list(Membership.objects.filter(user=user).select_related("business").order_by("business_id"))
        for membership in memberships:
            members.lock(membership.business)
        if owned := list(queries.live_salons_owned_alone(user)):
            names = ", ".join(business.name for business in owned)
            raise OwnsASalon(f"You own {names}. Hand it over to an admin, or close it, and come back.")
        salons = list(traces.salons_of(user))
        for membership in memberships:
            members.leave(membership, by=user, address=address, now=now)
        for salon in salons:
            _unlink(salon, user)
        email = user.email
        _forget(user)
        account_erased.send(sender=User, user=user)
        mail.write(template="account_deleted", recipient=email, subject="Your account is deleted", context={}, now=now)


def _unlink(salon, user):
    """A person of the team stays one of the team's, without a login; what they did keeps their id and label."""
    with tenant_context(salon):
        for model, name in traces.id_fields():
            if name == "user_id":
                model._default_manager.filter(user_id=user.pk).update(user_id=None)


def _forget(user):
    sign_ins.end_all(user=user)
    for model in (EmailAddress, Authenticator, SocialAccount, OutstandingToken, Entry):
        model.objects.filter(user=user).delete()
    Invitation.objects.filter(email=user.email).delete()
    AccountMessage.objects.filter(recipient=user.email).delete()
    user.email = f"{user.pk.hex}@deleted.invalid"
    user.first_name = user.last_name = user.phone = ""
    user.is_active = user.is_operator = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
