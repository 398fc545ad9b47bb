"""Support access: an operator is let into one salon, for a reason and for a while, and the salon can see all of it."""

from datetime import timedelta

from django.db import transaction
from django_tenants.utils import tenant_context

from accounts import services as accounts
from audit import actors
from audit.services import record as record_in_salon
from operators.services.writing import By, check_reason, record
from tenants import hosts
from tenants.errors import DomainError
from tenants.models import Business, Membership, Role, SupportAccess, User

SHORTEST, LONGEST, USUAL = timedelta(minutes=15), timedelta(hours=4), timedelta(minutes=60)
ROLES = (Role.VIEWER, Role.ADMIN)


class AccessNotAllowed(DomainError):
    code = "support_not_allowed"
    message = "Support looks in for 15 minutes to 4 hours, as a viewer or for settings, where one is no member oneself."
    status = 403


class AccessEnded(DomainError):
    code = "support_ended"
    message = "This support access has already ended."
    status = 409


@transaction.atomic
def open_access(*, business, by, role, reason, length, now):
    """Let an operator into a salon. Its trail says so and its owners get a mail; an access still open there ends.

    Raises ReasonTooShort, AccessNotAllowed.
    """
    reason = check_reason(reason)
    business = Business.objects.select_for_update(no_key=True).get(pk=business.pk)
    operator = User.objects.filter(pk=by.user.pk, is_active=True, is_operator=True).first()
    if operator is None or role not in ROLES or not SHORTEST <= length <= LONGEST:
        raise AccessNotAllowed
    if Membership.objects.filter(user=operator, business=business).exists():
        raise AccessNotAllowed
    for earlier in SupportAccess.objects.open(now).filter(business=business, operator=operator):
        _close(earlier, by=by, now=now)
    access = SupportAccess.objects.create(
        business=business,
        operator=operator,
        operator_label=str(operator)[:200],
        role=role,
        reason=reason,
        opened_at=now,
        ends_at=now + length,
    )
    until = access.ends_at.isoformat()
    record(by=by, action="support.opened", subject=business, at=now, reason=reason, role=role, until=until)
    _trail(access, actors.support(operator, by.address), "opened", now, reason=reason, role=role, until=until)
    _tell_owners(access, now)
    return access


@transaction.atomic
def end_access(*, access, by, address, now):
    """End it before its time; the next request is refused. Whoever is asked to may: its operator, the salon's owner.

    Raises AccessEnded.
    """
    access = (
        SupportAccess.objects.select_for_update(of=("self",)).select_related("business", "operator").get(pk=access.pk)
    )
    if access.closed_at or access.ends_at <= now:
        raise AccessEnded
    _close(access, by=By(by, address), now=now)
    return access


def end_all_of(*, operator, by, now):
    """End whatever an operator has open, inside the caller's transaction."""
    for access in SupportAccess.objects.open(now).filter(operator=operator).select_for_update():
        _close(access, by=by, now=now)


def note_request(*, access, path, method, status, address, now):
    """Write into the current salon's trail that support asked for a page: where, never what was typed into it."""
    record_in_salon(
        actor=actors.Actor(label=f"{access.operator_label} (Tithi support)", id=access.operator_id, address=address),
        action="support.viewed" if method in ("GET", "HEAD", "OPTIONS") else "support.pressed",
        subject=access,
        at=now,
        after={"path": path[:500], "answer": status},
    )


def _close(access, *, by, now):
    access.closed_at = now
    access.save(update_fields=["closed_at"])
    _trail(access, _actor(access, by), "closed", now)
    if by.user is None or by.user.is_operator:
        record(by=by, action="support.closed", subject=access.business, at=now)


def _actor(access, by):
    """How the salon's trail names who ends an access: its operator, another one, the salon's own people, or nobody."""
    if by.user is None:
        return actors.SYSTEM
    own = Membership.objects.filter(user=by.user, business=access.business).exists()
    return (actors.user if own else actors.support)(by.user, by.address)


def _trail(access, actor, verb, now, **after):
    with tenant_context(access.business):
        record_in_salon(actor=actor, action=f"support.{verb}", subject=access, at=now, after=after)


def _tell_owners(access, now):
    business = access.business
    owners = User.objects.filter(memberships__business=business, memberships__role=Role.OWNER, is_active=True)
    for owner in owners:
        accounts.write(
            template="support_opened",
            recipient=owner.email,
            subject=f"Tithi support is looking at {business.name}",
            context={
                "business": business,
                "access": access,
                "until": access.ends_at.astimezone(business.zone),
                "arranges": access.role == Role.ADMIN,
                "page": f"{hosts.platform_url()}/businesses/{business.pk}/support/",
            },
            now=now,
        )
