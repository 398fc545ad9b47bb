"""JWTs: a family per sign-in. Its refresh tokens replace each other; its access tokens live as long as it does.

A family is live while one of its refresh tokens is not blacklisted. Logging out ends it; so does the second use of a
refresh token, for then a thief has one of the two. Both kinds of token also carry a fingerprint of the password, so
that changing it ends every family. Roles in a token are for reading only: `authentication` asks the database.
"""

import secrets
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, Token
from rest_framework_simplejwt.tokens import RefreshToken as BaseRefreshToken
from rest_framework_simplejwt.utils import datetime_from_epoch

from tenants import queries
from tenants.errors import DomainError

PLATFORM = "platform"


class Refused(DomainError):
    """The token is expired, revoked, for another host, or none of ours: the caller signs in again."""

    code = "token_not_valid"
    status = 401
    message = "This token is not valid here. Please sign in again."


class RefreshToken(BaseRefreshToken):
    """Checked against the blacklist by `rotate`, which has to tell a reused one from an unknown one."""

    def verify(self, *args, **kwargs):
        Token.verify(self, *args, **kwargs)


def audience(business):
    return str(business.pk) if business else PLATFORM


def issue(*, user, business):
    """The tokens of a new sign-in on `business`'s host (None: the platform's): {"access", "refresh"}."""
    return _pair(user, business, family=secrets.token_hex(16))


def rotate(*, text, business):
    """New tokens for a refresh token, which is used up. Raises Refused; a reused one ends its family."""
    tokens, reused = _rotate(_read(RefreshToken, text, business), business)
    if reused:  # written down after the refusal's transaction, not undone with it
        end_family(reused)
        raise Refused
    return tokens


@transaction.atomic
def _rotate(token, business):
    row = OutstandingToken.objects.select_for_update().filter(jti=token["jti"]).first()
    if row is None:
        raise Refused
    if BlacklistedToken.objects.filter(token=row).exists():
        return None, token["family"]
    user = user_of(token)
    BlacklistedToken.objects.create(token=row)
    return _pair(user, business, family=token["family"]), None


def log_out(*, text, business):
    """End the family of a refresh token; an ended one stays ended. Raises Refused for what is no token of ours."""
    end_family(_read(RefreshToken, text, business)["family"])


@transaction.atomic
def end_family(family):
    rows = _live(family).select_for_update(of=("self",))
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=row) for row in rows], ignore_conflicts=True)


def end_all(user):
    """End every sign-in of a person."""
    rows = OutstandingToken.objects.filter(user=user, blacklistedtoken=None)
    BlacklistedToken.objects.bulk_create([BlacklistedToken(token=row) for row in rows], ignore_conflicts=True)


def read_access(text, business):
    """The claims of an access token for this host, whose family is live. Raises Refused."""
    token = _read(AccessToken, text, business)
    if not _live(str(token.get("family"))).exists():
        raise Refused
    return token


def user_of(token):
    """The active person a token was issued to, with the password it was issued under. Raises Refused."""
    try:
        user = get_user_model().objects.get(pk=UUID(token["sub"]))
    except (get_user_model().DoesNotExist, ValueError, KeyError) as exc:
        raise Refused from exc
    if not user.is_active or not secrets.compare_digest(str(token.get("pwd", "")), fingerprint(user)):
        raise Refused
    return user


def fingerprint(user):
    """Changes with the password and says nothing about it."""
    return user.get_session_auth_hash()[:32]


def _read(kind, text, business):
    try:
        token = kind(text)
    except TokenError as exc:
        raise Refused from exc
    if token.get("aud") != audience(business) or "family" not in token:
        raise Refused
    return token


def _live(family):
    return OutstandingToken.objects.filter(jti__startswith=f"{family}.", blacklistedtoken=None)


def _pair(user, business, *, family):
    membership = queries.membership_of(user, business) if business else None
    refresh = RefreshToken()
    refresh["jti"] = f"{family}.{secrets.token_hex(16)}"
    refresh.payload |= {
        "sub": str(user.pk),
        "email": user.email,
        "tenant_id": str(business.pk) if business else None,
        "membership_role": membership.role if membership else None,
        "aud": audience(business),
        "family": family,
        "pwd": fingerprint(user),
    }
    OutstandingToken.objects.create(
        user=user,
        jti=refresh["jti"],
        token="",
        created_at=refresh.current_time,
        expires_at=datetime_from_epoch(refresh["exp"]),
    )
    return {"access": str(refresh.access_token), "refresh": str(refresh)}
