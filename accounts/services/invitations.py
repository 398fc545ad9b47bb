"""Asking somebody into a salon's team, and joining it."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_tenants.utils import tenant_context

from accounts.models import Invitation
from accounts.services import mail, members
from accounts.signals import member_joined
from audit import actors
from audit.services import record
from messaging import services as messaging
from messaging.samples import salon_values
from tenants import bearer, hosts, limits, policies, queries
from tenants.api.accounts import check_strength
from tenants.errors import DomainError
from tenants.models import Membership, Role, User
from tenants.permissions import Permission

LIFE = timedelta(days=7)
#: A salon's team is not a mailing list.
INVITATIONS = limits.Limit("invitations", times=30, seconds=60 * 60)
MAILS = limits.Limit("invitation-mails", times=5, seconds=24 * 60 * 60, everywhere=True)


class InvitationInvalid(DomainError):
    """Never made, used up, called back, run out, or from somebody who may not invite any more: one answer for all."""

    code = "invitation_invalid"
    status = 404
    message = "This invitation is not good any more. Please ask the salon for a new one."


class AlreadyInvited(DomainError):
    code = "already_invited"
    status = 409
    message = "There is an open invitation for this address. Send it again, or call it back first."


class AlreadyMember(DomainError):
    code = "already_member"
    status = 409
    message = "This person is in the team already."


class WrongPerson(DomainError):
    code = "wrong_person"
    status = 403
    message = "This invitation is for another address. Sign in with the one it was sent to."


class AccountExists(DomainError):
    code = "account_exists"
    status = 409
    message = "There is an account with this address. Sign in to accept."


@transaction.atomic
def invite(*, business, email, role, by, address, now):
    """Ask an address to join, by mail. Raises members.NotAllowed, AlreadyMember, AlreadyInvited, limits.TooMany.

    Whether there is an account with the address is not told.
    """
    email = email.strip().lower()
    members.lock(business)
    members.check_may_give(business=business, by=by, role=role)
    if Membership.objects.filter(business=business, user__email=email).exists():
        raise AlreadyMember
    limits.take(INVITATIONS, str(business.pk), address=address)
    limits.take(MAILS, email, address=address)
    Invitation.objects.open().filter(business=business, email=email, expires_at__lte=now).update(revoked_at=now)
    token = bearer.new()
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                business=business,
                email=email,
                role=role,
                token_digest=bearer.digest(token),
                invited_by=by,
                created_at=now,
                expires_at=now + LIFE,
            )
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name != "one_open_invitation":
            raise
        raise AlreadyInvited from exc
    _send(invitation, token, now)
    _trail(invitation, "invited", by, address, now, after={"email": email, "role": role})
    return invitation


@transaction.atomic
def resend(*, business, invitation_id, by, address, now):
    """Send a new link, good for another seven days; the earlier link ends. Raises InvitationInvalid, NotAllowed."""
    members.lock(business)
    invitation = _of(business, invitation_id)
    members.check_may_give(business=business, by=by, role=invitation.role)
    limits.take(INVITATIONS, str(business.pk), address=address)
    limits.take(MAILS, invitation.email, address=address)
    token = bearer.new()
    invitation.token_digest, invitation.expires_at, invitation.invited_by = bearer.digest(token), now + LIFE, by
    invitation.save(update_fields=["token_digest", "expires_at", "invited_by"])
    _send(invitation, token, now)
    _trail(invitation, "invited_again", by, address, now)
    return invitation


@transaction.atomic
def revoke(*, business, invitation_id, by, address, now):
    """Call an invitation back: its link ends. Raises InvitationInvalid, NotAllowed."""
    members.lock(business)
    invitation = _of(business, invitation_id)
    members.check_may_give(business=business, by=by, role=invitation.role)
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    _trail(invitation, "invitation_revoked", by, address, now)


@transaction.atomic
def accept(*, token, user, address, now):
    """Join as the person who was invited; returns the Membership. Works once.

    Raises InvitationInvalid, WrongPerson, AlreadyMember; then nothing is written.
    """
    invitation = _locked(token, now)
    if user.email != invitation.email:
        raise WrongPerson
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, business=invitation.business, role=invitation.role)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name != "one_membership_per_salon":
            raise
        raise AlreadyMember from exc
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    _confirm_address(user)
    _trail(invitation, "joined", user, address, now, after={"role": invitation.role})
    member_joined.send(sender=Membership, user=user, business=invitation.business, address=address, at=now)
    return membership


@transaction.atomic
def accept_with_new_account(*, token, password, first_name, last_name, address, now):
    """Open an account for the invited address and join with it.

    Raises InvitationInvalid, AccountExists, and WeakPassword of the API's accounts; then nothing is written.
    """
    invitation = _locked(token, now)
    if User.objects.filter(email=invitation.email).exists():
        raise AccountExists
    person = User(email=invitation.email, first_name=first_name, last_name=last_name)
    check_strength(password, person)
    try:
        with transaction.atomic():
            person = User.objects.create_user(invitation.email, password, first_name=first_name, last_name=last_name)
    except IntegrityError as exc:
        raise AccountExists from exc
    return accept(token=token, user=person, address=address, now=now)


def find(*, token, now):
    """The invitation a link leads to. Raises InvitationInvalid."""
    rows = Invitation.objects.open().select_related("business", "invited_by")
    invitation = rows.filter(token_digest=bearer.digest(token), expires_at__gt=now).first()
    if invitation is None or not _still_meant(invitation):
        raise InvitationInvalid
    return invitation


def _locked(token, now):
    """The invitation with its team locked: whoever comes second finds it used."""
    members.lock(find(token=token, now=now).business)
    return find(token=token, now=now)


def _still_meant(invitation):
    """Whether who invited may still do so: somebody who was removed leaves no doors behind."""
    membership = queries.standing_of(invitation.invited_by, invitation.business)
    return policies.may(membership, Permission.MANAGE_ACCESS) and policies.has_role(membership, invitation.role)


def _of(business, pk):
    invitation = Invitation.objects.open().filter(business=business, pk=pk).first()
    if invitation is None:
        raise InvitationInvalid
    return invitation


def _confirm_address(user):
    """The link came to the mailbox, so the address is theirs; unless another account has proved that before."""
    if not EmailAddress.objects.filter(email=user.email, verified=True).exclude(user=user).exists():
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def _send(invitation, token, now):
    link = hosts.platform_url() + reverse("invitation", args=[token], urlconf="config.urls_platform")
    business, role = invitation.business, Role(invitation.role).label.lower()
    context = {"invitation": invitation, "business": business, "link": link}
    context |= {"inviter": invitation.invited_by, "role": role, "own": _own_words(invitation, role, link)}
    own = context["own"]
    mail.write(
        template="invitation",
        recipient=invitation.email,
        subject=own.subject if own else f"Join the team of {business.name}",
        context=context,
        now=now,
    )


def _own_words(invitation, role, link):
    """The salon's words above the link; None where the usual ones are sent."""
    business = invitation.business
    values = {"inviter_name": str(invitation.invited_by), "role_name": role, "invitation_link": link}
    with tenant_context(business):
        return messaging.own_words(
            trigger="team_invitation",
            wanted=business.languages_for(),
            values=lambda: salon_values(business) | values,
        )


def _trail(invitation, verb, by, address, now, after=None):
    with tenant_context(invitation.business):
        record(actor=actors.user(by, address), action=f"team.{verb}", subject=invitation, at=now, after=after)
