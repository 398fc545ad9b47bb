"""Reads of feeds: what a link opens, and the visits it tells of."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Q

from bookings.models import Status, TimeBlock
from feeds import policies
from feeds.models import BusyCalendar, FeedLink
from tenants import bearer
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


def written(instant):
    """SQL for an instant in UTC as calendars write it."""
    return f"""to_char({instant} AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')"""


#: Which visits, and which parts of them.
TOLD = """
  FROM bookings_booking AS visit
  JOIN bookings_bookingitem AS part ON part.booking_id = visit.id
 {people}
 WHERE visit.start_at >= %(since)s AND visit.start_at < %(until)s AND visit.status = ANY(%(shown)s)
   AND (visit.status <> 'canceled' OR visit.canceled_at >= %(canceled_since)s)
   AND (%(person)s::uuid IS NULL OR part.team_member_id = %(person)s::uuid)"""
#: One row a visit: of a person their own part of it, of the salon the whole. Instants as they are written: read as numbers
#: into objects and written again, they would take longer than all the rest.
VISITS = f"""
SELECT visit.id::text, visit.ref, visit.status, visit.sequence,
       {written("visit.updated_at")}, {written("min(part.start_at)")}, {written("max(part.end_at)")},
       CASE WHEN %(names)s THEN split_part(btrim(visit.contact_name), ' ', 1) ELSE '' END,
       string_agg(part.snapshot->>'name', ' + ' ORDER BY part.position),
       string_agg(DISTINCT coalesce(nullif(person.display_name, ''), person.first_name), ', ')
  {TOLD.format(people="JOIN bookings_teammember AS person ON person.id = part.team_member_id")}
 GROUP BY visit.id
 ORDER BY min(part.start_at), visit.id"""
#: Every column that decides on those rows, hashed where it lies and in no order: nothing is sorted, grouped or sent for a
#: calendar that has not changed. No part is in it twice, so that none takes another out of the XOR; with its visit's columns,
#: which change together, it is one value. What people are called is read once for all of them.
DIGEST = f"""
SELECT (SELECT concat(count(*), ' ', bit_xor(hash_record_extended(row(
               visit.id, visit.ref, visit.status, visit.sequence, visit.updated_at,
               CASE WHEN %(names)s THEN visit.contact_name ELSE '' END,
               part.position, part.start_at, part.end_at, part.snapshot->>'name', part.team_member_id), 0)))
          {TOLD.format(people="")}),
       (SELECT bit_xor(hash_record_extended(row(person.id, person.display_name, person.first_name), 0))
          FROM bookings_teammember AS person)"""  # noqa: S608 -- constants only


@dataclass(frozen=True, slots=True)
class Feed:
    """A link that is good today, and whether it may name customers."""

    link: FeedLink
    names_guests: bool


def feed_for(*, business, token):
    """The Feed a secret opens in the current salon, or None, whatever is wrong with it.

    Looked up by its digest: how long that takes says nothing about how much of a guess was right.
    """
    if business.has_ended or not SHAPE.fullmatch(token):
        return None
    try:
        # Programs ask all day: no order, and no person brought along where it is everybody's calendar.
        link = FeedLink.objects.kept().get(digest=bearer.digest(token))
        membership = _good(business, [link]).get()
    except (FeedLink.DoesNotExist, Membership.DoesNotExist):
        return None
    if not policies.may_share(membership, link.team_member):
        return None
    return Feed(link, may(membership, Permission.VIEW_CUSTOMERS))


def makers(business, links):
    """{id: Membership} links were made under, as far as they are good today."""
    return {row.pk: row for row in _good(business, links).select_related("user")}


def _good(business, links):
    return Membership.objects.with_roles().filter(
        business=business, pk__in=[link.membership_id for link in links], user__is_active=True
    )


def visits_digest(feed, *, now):
    """A text that changes when anything does that `visits_of` returns."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, _params(feed, now))
        return " ".join(map(str, cursor.fetchone()))


def visits_of(feed, *, now):
    """The visits a feed tells of, in order: tuples of VISITS' columns."""
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
