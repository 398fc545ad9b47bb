"""From the platform into a salon without a second sign-in: a token for one person, one salon, one use, thirty seconds."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django_tenants.utils import tenant_context

from accounts import policies
from accounts.models import Entry
from audit import actors
from audit.services import record
from tenants import bearer
from tenants import queries as tenants_queries
from tenants.errors import DomainError
from tenants.models import Business, User

LIFE = timedelta(seconds=30)
#: An answer to “is it you?” holds on the host where it was given.
NOT_CARRIED = "reauthenticated"


class NoEntry(DomainError):
    """Unknown, used, too old, another salon's, not in the team: one answer for all."""

    code = "no_entry"
    status = 404
    message = "This way in is used up or too old. Go back to “My salons” and press the button once more."


class SecondStepMissing(DomainError):
    """The account asks for a second step, and this session has not gone it: the salon's own sign-in does."""

    code = "second_step_missing"
    status = 409
    message = "Please sign in with your second step."


@dataclass(frozen=True, slots=True)
class Entered:
    user: User
    methods: list


@transaction.atomic
def open_entry(*, user, business, methods, now):
    """A token for the person and the salon; an earlier one ends. Raises NoEntry, SecondStepMissing.

    `methods` is how the person signed in on the platform; the salon's session will know it too.
    """
    if not tenants_queries.membership_of(user, business):
        raise NoEntry
    if not policies.has_second_step(user, methods):
        raise SecondStepMissing
    token = bearer.new()
    carried = [{name: value for name, value in method.items() if name != NOT_CARRIED} for method in methods]
    Entry.objects.update_or_create(
        user=user,
        business=business,
        defaults={"token_digest": bearer.digest(token), "methods": carried, "expires_at": now + LIFE},
    )
    return token


def find_entry(*, token, business, now):
    """The Entry behind a token, left as it is. Raises NoEntry."""
    entry = _open_entries(token, business, now).select_related("user").first()
    if entry is None:
        raise NoEntry
    return entry


@transaction.atomic
def use_entry(*, token, business, address, now):
    """Who may be signed in on this salon's host, written into its trail. Works once. Raises NoEntry."""
    entry = _open_entries(token, business, now).select_for_update().first()
    if entry is None:
        raise NoEntry
    entry.delete()
    membership = tenants_queries.membership_of(entry.user, business)
    if not membership or not policies.has_second_step(entry.user, entry.methods):
        raise NoEntry
    with tenant_context(business):
        record(actor=actors.user(entry.user, address), action="team.entered", subject=membership, at=now)
    return Entered(user=entry.user, methods=entry.methods)


def _open_entries(token, business, now):
    return Entry.objects.filter(token_digest=bearer.digest(token), business=business, expires_at__gt=now)


def business_of(*, user, business_id):
    """One of the person's salons. Raises NoEntry."""
    business = Business.objects.filter(pk=business_id, memberships__user=user).first()
    if business is None:
        raise NoEntry
    return business
