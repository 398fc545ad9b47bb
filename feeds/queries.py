"""Reads of feeds: what a link opens, and the visits it tells of."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q

from bookings.models import Status, TimeBlock
from feeds import policies
from feeds.models import BusyCalendar, FeedLink
from tenants.models import Membership
from tenants.permissions import Permission
from tenants.policies import may

#: How long what is over stays in the calendar, and what was cancelled is said to be.
PAST, CANCELED = timedelta(days=60), timedelta(days=30)
AHEAD = timedelta(days=2 * 366)
AT_ONCE = 100
SHOWN = (
    Status.PENDING,
    Status.CONFIRMED,
    Status.CHECKED_IN,
    Status.COMPLETED,
    Status.NO_SHOW,
    Status.CANCELED,
)
SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
#: One row a visit: of a person their own part of it, of the salon the whole. Whatever a feed says stands in these columns.
VISITS = """
SELECT visit.id, visit.ref, visit.status, visit.sequence, visit.updated_at,
       min(part.start_at) AS start_at, max(part.end_at) AS end_at,
       CASE WHEN %(names)s THEN split_part(btrim(visit.contact_name), ' ', 1) ELSE '' END AS guest,
       string_agg(part.snapshot->>'name', ' + ' ORDER BY part.position) AS services,
       string_agg(DISTINCT coalesce(nullif(person.display_name, ''), person.first_name), ', ') AS people
  FROM bookings_booking AS visit
  JOIN bookings_bookingitem AS part ON part.booking_id = visit.id
  JOIN bookings_teammember AS person ON person.id = part.team_member_id
 WHERE visit.start_at >= %(since)s AND visit.start_at < %(until)s AND visit.status = ANY(%(shown)s)
   AND (visit.status <> 'canceled' OR visit.canceled_at >= %(canceled_since)s)
   AND (%(person)s::uuid IS NULL OR part.team_member_id = %(person)s::uuid)
 GROUP BY visit.id
 ORDER BY start_at, visit.id"""
#: What all those rows say, in 32 letters: nothing leaves the database for a calendar that has not changed.
DIGEST = f"SELECT md5(coalesce(string_agg(rows::text, '\n'), '')) FROM ({VISITS}) AS rows"  # noqa: S608 -- constants only


@dataclass(frozen=True, slots=True)
class Feed:
    """A link that is good today, and whether it may name customers."""

    link: FeedLink
    names_guests: bool


def digest(token):
    return hashlib.sha256(token.encode()).hexdigest()


def feed_for(*, business, token):
    """The Feed a secret opens in the current salon, or None, whatever is wrong with it.

    Looked up by its digest: how long that takes says nothing about how much of a guess was right.
    """
    if business.has_ended or not SHAPE.fullmatch(token):
        return None
    link = FeedLink.objects.kept().select_related("team_member").filter(digest=digest(token)).first()
    membership = link and makers(business, [link]).get(link.membership_id)
    if not membership or not policies.may_share(membership, link.team_member):
        return None
    return Feed(link, may(membership, Permission.VIEW_CUSTOMERS))


def makers(business, links):
    """{id: Membership} links were made under, as far as they are good today."""
    rows = Membership.objects.with_roles().filter(
        business=business, pk__in=[link.membership_id for link in links], user__is_active=True
    )
    return {row.pk: row for row in rows.select_related("user")}


def visits_digest(feed, *, now):
    """A text that changes when anything does that `visits_of` returns."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, _params(feed, now))
        return cursor.fetchone()[0]


def visits_of(feed, *, now):
    """The visits a feed tells of, in order: named tuples of VISITS' columns."""
    with connection.cursor() as cursor:
        cursor.execute(VISITS, _params(feed, now))
        return cursor.fetchall()


def _params(feed, now):
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "person": feed.link.team_member_id,
        "names": feed.names_guests,
        "shown": list(SHOWN),
        # By whole days: a visit drops out once a day, not at every second's fetch.
        "since": today - PAST,
        "until": today + AHEAD,
        "canceled_since": today - CANCELED,
    }


def kept_links(membership):
    """The links that are in use and somebody may see: their own, and those they may revoke."""
    links = FeedLink.objects.kept().select_related("team_member")
    return [link for link in links if may_revoke(membership, link)]


def may_revoke(membership, link):
    """Whoever could make it, and whoever did."""
    return policies.may_share(membership, link.team_member) or (
        bool(membership) and not membership.support and link.made_by_id == membership.user_id
    )


def calendars_of(membership):
    """The calendars elsewhere that somebody may see: their own, and everybody's for whoever arranges the salon."""
    found = BusyCalendar.objects.select_related("team_member")
    return [calendar for calendar in found if policies.may_bring(membership, calendar.team_member)]


def blocks_ahead(calendars, *, now):
    """{calendar's id: how many of its busy times are still to come}"""
    rows = TimeBlock.objects.filter(source_id__in=[each.pk for each in calendars], ends_at__gt=now)
    return dict(rows.values_list("source_id").annotate(Count("pk")))


def due(*, now):
    """Calendars at addresses that are to be read, and nobody is at it."""
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    return BusyCalendar.objects.filter(free, due_at__lte=now)
