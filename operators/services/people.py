"""Who may sign in at all, and who belongs to the platform's staff."""

from django.db import transaction

from accounts.api_tokens.services import end_tokens_of
from accounts.services import sign_ins
from operators.services.support import end_all_of
from operators.services.writing import check_reason, record
from tenants.errors import DomainError
from tenants.models import User
from tenants.queries import businesses_of


class UnknownPerson(DomainError):
    code = "unknown_person"
    message = "Nobody active has an account with this address."
    status = 404


class AccountGone(DomainError):
    code = "account_gone"
    message = "This account was deleted by its owner and stays empty."
    status = 409


class NotYourself(DomainError):
    code = "not_yourself"
    message = "Somebody else has to do that with your account."
    status = 409


class LastOperator(DomainError):
    code = "last_operator"
    message = "The platform always keeps one operator."
    status = 409


@transaction.atomic
def deactivate(*, user, by, reason, now):
    """Shut somebody out of every host. Sessions, tokens and the password end; let in again, they choose a new one.

    Raises ReasonTooShort, NotYourself, LastOperator.
    """
    reason = check_reason(reason)
    if by.user == user:
        raise NotYourself
    user = _locked(user)
    if user.is_operator:
        _check_another_operator(user)
    end_all_of(operator=user, by=by, now=now)
    user.is_active = False
    user.set_unusable_password()  # sessions and tokens carry its fingerprint: they stay ended when the person is back
    user.save(update_fields=["is_active", "password"])
    sign_ins.end_all(user=user)
    for business in businesses_of(user):
        end_tokens_of(user=user, business=business, by=None, address=None, now=now)
    record(by=by, action="user.deactivated", subject=user, at=now, reason=reason)


@transaction.atomic
def reactivate(*, user, by, reason, now):
    """Let somebody in again. Raises ReasonTooShort, AccountGone."""
    reason = check_reason(reason)
    user = _locked(user)
    if user.email.endswith("@deleted.invalid"):
        raise AccountGone
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(by=by, action="user.reactivated", subject=user, at=now, reason=reason)


@transaction.atomic
def make_operator(*, email, by, now):
    """Make somebody with an account one of the platform's staff. Raises UnknownPerson."""
    user = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise UnknownPerson
    if not user.is_operator:
        user.is_operator = True
        user.save(update_fields=["is_operator"])
        record(by=by, action="operator.added", subject=user, at=now)
    return user


@transaction.atomic
def remove_operator(*, email, by, now):
    """Take somebody off the platform's staff; what they have open ends. Raises UnknownPerson, LastOperator."""
    user = User.objects.select_for_update(no_key=True).filter(email=email.strip().lower(), is_operator=True).first()
    if user is None:
        raise UnknownPerson
    _check_another_operator(user)
    end_all_of(operator=user, by=by, now=now)
    user.is_operator = False
    user.save(update_fields=["is_operator"])
    record(by=by, action="operator.removed", subject=user, at=now)
    return user


def _locked(user):
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _check_another_operator(user):
    """Locks every operator in one order, so that two who remove each other leave one."""
    staff = User.objects.filter(is_operator=True, is_active=True).order_by("pk").select_for_update(no_key=True)
    if not any(other.pk != user.pk for other in staff):
        raise LastOperator
