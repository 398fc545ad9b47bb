"""Addresses of calendars: made, shown once, taken back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from audit.services import record
from bookings.services import records
from feeds import policies, queries
from feeds.models import FeedLink
from tenants import bearer
from tenants.errors import DomainError

MOST_LINKS = 50
#: "Last fetched" is written once in so long: a phone that asks every minute is no stream of writes.
SEEN_EVERY = timedelta(hours=1)


class NotYours(DomainError):
    code = "not_allowed"
    status = 403
    message = "Your role does not include this."


class TooManyLinks(DomainError):
    code = "limit_reached"
    status = 409
    message = f"There are {MOST_LINKS} calendar addresses already, as many as there may be. Revoke one first."


@transaction.atomic
def make_link(*, membership, by, name, team_member=None, now):
    """A new address for the visits of a person, or of everybody: (its row, the secret in it, which is told this once).

    Raises NotYours, TooManyLinks, records.Refused.
    """
    if not policies.may_share(membership, team_member):
        raise NotYours
    records.lock()
    if FeedLink.objects.kept().count() >= MOST_LINKS:
        raise TooManyLinks
    token = bearer.new()
    link = FeedLink(
        name=name.strip(),
        team_member=team_member,
        digest=bearer.digest(token),
        made_by_id=membership.user_id,
        membership_id=membership.pk,
        created_at=now,
    )
    records.check(link)
    link.save(force_insert=True)
    whose = str(team_member) if team_member else "everybody"
    record(actor=by, action="feed_link.made", subject=link, at=now, after={"visits_of": whose})
    return link, token


@transaction.atomic
def revoke_link(*, membership, by, link, now):
    """End an address; the next program that asks finds nothing. Raises NotYours, records.Gone."""
    if not queries.may_revoke(membership, link):
        raise NotYours
    if not FeedLink.objects.kept().filter(pk=link.pk).update(revoked_at=now):
        raise records.Gone
    record(actor=by, action="feed_link.revoked", subject=link, at=now)


def note_fetch(*, link, now):
    """Remember that a program asked for it."""
    if link.fetched_at is None or link.fetched_at <= now - SEEN_EVERY:
        stale = Q(fetched_at=None) | Q(fetched_at__lte=now - SEEN_EVERY)
        FeedLink.objects.filter(stale, pk=link.pk).update(fetched_at=now)
