"""Keys for programs: made, used, taken back."""

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django_tenants.utils import tenant_context

from accounts.api_tokens import queries
from accounts.api_tokens.models import MARK, APIToken
from accounts.api_tokens.scopes import Scope
from audit import actors
from audit.services import record
from tenants import bearer, limits, policies
from tenants.addresses import bucket
from tenants.errors import DomainError
from tenants.permissions import Permission
from tenants.queries import standing_of

YEAR = timedelta(days=365)
#: "Last used" is written once in so long: a busy program is no stream of writes.
SEEN_EVERY = timedelta(minutes=5)
REQUESTS = limits.Limit("api-token", times=600, seconds=60)
GUESSES = limits.Limit("api-token-guesses", times=30, seconds=60)


class TokenRefused(DomainError):
    """Never made, revoked, run out, of another salon, or of somebody who is gone: one answer for all."""

    code = "token_not_valid"
    status = 401
    message = "This API token is not valid here."


class ManagersOnly(DomainError):
    code = "not_allowed"
    status = 403
    message = "Your role does not include this."


class NameTaken(DomainError):
    code = "name_taken"
    status = 409
    message = "There is an API token of this name. Choose another one, or revoke that one first."


class EndsTooEarly(DomainError):
    code = "ends_too_early"
    status = 422
    message = "The end has to lie in the future."


class NoSuchToken(DomainError):
    code = "not_found"
    status = 404
    message = "There is no such API token any more."


@transaction.atomic
def make_token(*, business, name, scopes, by, address, expires_at, now):
    """A new key of the current salon: (its row, the key itself, which is told this once).

    Raises ManagersOnly, NameTaken, EndsTooEarly.
    """
    membership = _manager(business, by)
    if expires_at is not None and expires_at <= now:
        raise EndsTooEarly
    prefix = secrets.token_hex(4)
    text = f"{MARK}{prefix}_{bearer.new()}"
    token = APIToken(
        name=name,
        prefix=prefix,
        digest=bearer.digest(text),
        scopes=[scope.value for scope in Scope if scope in scopes],
        made_by_id=by.pk,
        made_by_label=str(by)[:200],
        membership_id=membership.pk,
        created_at=now,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError as exc:
        if exc.__cause__.diag.constraint_name != "one_kept_api_token_of_a_name":
            raise
        raise NameTaken from exc
    after = {"scopes": token.scopes, "expires_at": expires_at and expires_at.isoformat()}
    record(actor=actors.user(by, address), action="api_token.made", subject=token, at=now, after=after)
    return token, text


@transaction.atomic
def revoke_token(*, business, token_id, by, address, now):
    """End a key; the next request with it is refused. Raises ManagersOnly, NoSuchToken."""
    _manager(business, by)
    token = APIToken.objects.kept().select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NoSuchToken
    _end([token], actors.user(by, address), now)


def end_tokens_of(*, user, business, by, address, now):
    """Whoever leaves a salon, or is shut out, takes their keys along. Call within a transaction."""
    with tenant_context(business):
        tokens = APIToken.objects.kept().filter(made_by_id=user.pk).select_for_update().order_by("pk")
        _end(tokens, actors.user(by, address) if by else actors.SYSTEM, now)


def enter(*, text, business, address, now):
    """(token, Membership of its maker) for a key shown at `business`'s host. Raises TokenRefused, limits.TooMany.

    Guessing is counted by address; where too much was guessed, right keys are not looked at either.
    """
    if business is None:  # the platform's host has no keys
        raise TokenRefused
    place = bucket(address)
    limits.check(GUESSES, place, address=address)
    found = queries.good_token(text=text, business=business, now=now)
    if found is None:
        limits.take(GUESSES, place, address=address)
        raise TokenRefused
    token, _ = found
    limits.take(REQUESTS, str(token.pk), address=address)
    _note_use(token, now)
    return found


def _note_use(token, now):
    if token.last_used_at is None or token.last_used_at <= now - SEEN_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lte=now - SEEN_EVERY)
        APIToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)


def _manager(business, by):
    membership = standing_of(by, business)
    if not policies.may(membership, Permission.MANAGE_INTEGRATIONS):
        raise ManagersOnly
    return membership


def _end(tokens, actor, now):
    for token in tokens:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record(actor=actor, action="api_token.revoked", subject=token, at=now)
