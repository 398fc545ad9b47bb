"""Roles in a team: changed, taken away, and the salon handed over. All of it works with the next request."""

from django.db import transaction
from django_tenants.utils import tenant_context

from accounts.api_tokens.services import end_tokens_of
from accounts.models import Invitation, PastMembership
from accounts.services import mail
from audit import actors
from audit.services import record
from messaging.notices import services as notices
from tenants import limits, policies, queries
from tenants.addresses import bucket
from tenants.api.accounts import LOGIN, WrongPassword
from tenants.errors import DomainError
from tenants.models import Business, Membership, Role
from tenants.permissions import Permission

#: What can be given. A salon has one owner, who hands it over.
GIVEN = (Role.VIEWER, Role.STAFF, Role.ADMIN)


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403
    message = "Your role does not include this."


class OwnerStays(DomainError):
    code = "owner_stays"
    status = 409
    message = "A salon always has its owner. Hand it over first."


class NotAnAdmin(DomainError):
    code = "not_an_admin"
    status = 409
    message = "Only an admin of the salon can become its owner. Make the person an admin first."


class OwnRole(DomainError):
    code = "own_role"
    status = 409
    message = "Nobody changes their own role. Ask somebody else of the team."


class NoSuchMember(DomainError):
    code = "not_found"
    status = 404
    message = "This person is not in the team any more."


class NoPassword(DomainError):
    code = "no_password"
    status = 409
    message = "Your account has no password yet. Set one on the page “Password”, and come back."


def lock(business):
    """Hold the salon's team: whoever changes it waits here. Call within a transaction."""
    Business.objects.select_for_update(no_key=True).only("pk").get(pk=business.pk)


def check_may_give(*, business, by, role):
    """Raises NotAllowed unless `by` may let people in and stands no lower than `role`."""
    membership = queries.standing_of(by, business)
    manages = policies.may(membership, Permission.MANAGE_ACCESS)
    if role not in GIVEN or not (manages and policies.has_role(membership, role)):
        raise NotAllowed


@transaction.atomic
def change_role(*, business, membership_id, role, by, address, now):
    """Raises NotAllowed, NoSuchMember, OwnerStays, OwnRole."""
    membership = _of(business, membership_id)
    check_may_give(business=business, by=by, role=role)
    _check_not_owner(membership)
    if membership.user_id == by.pk:
        raise OwnRole
    before = membership.role
    if before == role:
        return membership
    membership.role = role
    membership.save(update_fields=["role"])
    _trail(membership, "role_changed", by, address, now, before={"role": before}, after={"role": role})
    return membership


@transaction.atomic
def remove_member(*, business, membership_id, by, address, now):
    """Take somebody out of the team, or oneself; open invitations they sent end. Raises as `change_role` does."""
    membership = _of(business, membership_id)
    _check_not_owner(membership)
    if membership.user_id != by.pk:
        check_may_give(business=business, by=by, role=membership.role)
    leave(membership, by=by, address=address, now=now)


def leave(membership, *, by, address, now):
    """End a membership of a locked team: open invitations and API tokens end with it, and that it was is remembered."""
    Invitation.objects.open().filter(business=membership.business, invited_by=membership.user).update(revoked_at=now)
    end_tokens_of(user=membership.user, business=membership.business, by=by, address=address, now=now)
    with tenant_context(membership.business):
        notices.forget_person(reader_id=membership.user_id, now=now)
    _trail(membership, "left", by, address, now, before={"role": membership.role})
    PastMembership.objects.create(
        user=membership.user,
        business=membership.business,
        role=membership.role,
        joined_at=membership.created_at,
        left_at=now,
    )
    membership.delete()


@transaction.atomic
def transfer_ownership(*, business, membership_id, by, address, now):
    """Make an admin the owner; the owner becomes an admin. Raises NotAllowed, NoSuchMember, NotAnAdmin.

    The password is asked for before (`confirm_password`): the team is not locked while somebody guesses.
    """
    heir = _of(business, membership_id)
    owner = Membership.objects.filter(business=business, user=by, role=Role.OWNER).first()
    if owner is None:
        raise NotAllowed
    if heir.role != Role.ADMIN or not heir.user.is_active:
        raise NotAnAdmin
    owner.role, heir.role = Role.ADMIN, Role.OWNER
    Membership.objects.bulk_update([owner, heir], ["role"])
    _trail(heir, "handed_over", by, address, now, before={"owner": str(by)}, after={"owner": str(heir.user)})
    for person in (by, heir.user):
        mail.write(
            template="handed_over",
            recipient=person.email,
            subject=f"{business.name} has a new owner",
            context={"business": business, "before": by, "after": heir.user},
            now=now,
        )
    return heir


def confirm_password(*, user, password, address):
    """Raises NoPassword, WrongPassword, limits.TooMany, limits.NotNow; guessing counts like guessing at the login."""
    place = bucket(address)
    limits.take(LOGIN, user.email, place, address=address)
    if not user.has_usable_password():
        raise NoPassword
    if not user.check_password(password):
        raise WrongPassword
    limits.give_back(LOGIN, user.email, place, address=address)


def _of(business, membership_id):
    """A member of the locked team."""
    lock(business)
    membership = Membership.objects.select_related("user").filter(business=business, pk=membership_id).first()
    if membership is None:
        raise NoSuchMember
    return membership


def _check_not_owner(membership):
    if membership.role == Role.OWNER:
        raise OwnerStays


def _trail(membership, verb, by, address, now, **change):
    with tenant_context(membership.business):
        record(actor=actors.user(by, address), action=f"team.{verb}", subject=membership, at=now, **change)
