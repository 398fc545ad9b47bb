"""Reads of notices, and of who wants to be told what."""

from dataclasses import dataclass
from datetime import time

from django.db import connection

from messaging.models import Notice, NoticeSettings
from messaging.notices.events import EVENTS, how_of
from tenants import policies
from tenants.models import Membership
from tenants.permissions import Permission

#: A bell counts no further.
MOST = 100


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the salon and its people say about being told: `rows` is user's id, None for the salon → NoticeSettings."""

    rows: dict

    @property
    def salon(self):
        return self.rows.get(None) or NoticeSettings()

    def how(self, reader_id, event):
        own = self.rows.get(reader_id)
        return how_of(event, *([own.rules] if own else []), self.salon.rules)

    def only_mine(self, reader_id):
        return reader_id in self.rows and self.rows[reader_id].only_mine

    @property
    def digest_at(self) -> time:
        return self.salon.digest_at


def wishes():
    """One query."""
    return Wishes({row.reader_id: row for row in NoticeSettings.objects.all()})


def team():
    """The memberships of the current salon whose person can sign in. One query."""
    found = Membership.objects.with_roles().filter(business__schema_name=connection.schema_name, user__is_active=True)
    members = list(found.select_related("user"))
    for member in members:  # the salon is at hand: every member would bring it along anew, the widest row there is
        member.business = connection.tenant
    return members


def events_for(membership):
    """The events that concern a member."""
    return [event for event in EVENTS.values() if policies.may(membership, event.permission)]


def notices_of(membership):
    """What the dashboard shows a member, newest first: theirs, and nothing they may not see any more."""
    return Notice.objects.filter(
        reader_id=membership.user_id,
        is_shown=True,
        event__in=[event.value for event in events_for(membership)],
        permission__in=[permission.value for permission in Permission if policies.may(membership, permission)],
    )


def unread_of(membership):
    """How many notices wait for a member, MOST at most. One query; none for support, who is told nothing."""
    return 0 if membership.support else notices_of(membership).filter(read_at=None)[:MOST].count()


def told_since(membership, after):
    """(event, id of what it is about) of what a member was told after an instant."""
    return notices_of(membership).filter(at__gt=after).values_list("event", "about_id")


def copy_address(business):
    """Where the salon's own copy of a booking goes; "" where it gets none."""
    salon = NoticeSettings.objects.filter(reader_id=None).first() or NoticeSettings()
    return (salon.copy_to or business.email) if salon.sends_copy else ""
