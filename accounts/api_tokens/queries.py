"""Which keys a salon has, and which of them are good."""

import re
from dataclasses import dataclass

from django.db.models import Q

from accounts.api_tokens.models import MARK, APIToken
from tenants import bearer
from tenants.models import Membership

SHAPE = re.compile(rf"{MARK}[0-9a-f]{{8}}_[A-Za-z0-9_-]{{43}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Listed:
    """A token as its salon sees it. `state` is "active", "expired" or "ended": whoever made it is gone."""

    token: APIToken
    state: str


def good_token(*, text, business, now):
    """(token, its maker's Membership today) of a key of the current salon, or None, whatever is wrong with it.

    Looked up by its digest: how long that takes says nothing about how much of a guess was right.
    """
    if not SHAPE.fullmatch(text):
        return None
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    token = APIToken.objects.kept().filter(alive, digest=bearer.digest(text)).first()
    membership = token and _makers(business, [token]).get(token.membership_id)
    return (token, membership) if membership else None


def listed(business, now):
    """The salon's kept tokens, newest first."""
    tokens = list(APIToken.objects.kept())
    makers = _makers(business, tokens)
    return [Listed(token, _state(token, makers, now)) for token in tokens]


def _makers(business, tokens):
    """The memberships tokens were made under, as far as they are good today."""
    rows = Membership.objects.with_roles().filter(
        business=business, pk__in=[token.membership_id for token in tokens], user__is_active=True
    )
    return {row.pk: row for row in rows.select_related("user")}


def _state(token, makers, now):
    if token.membership_id not in makers:
        return "ended"
    return "expired" if token.expires_at and token.expires_at <= now else "active"
