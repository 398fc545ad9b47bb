"""Calendars and their addresses, for tests."""

import uuid

import icalendar
from django.urls import reverse
from django.utils import timezone

from audit import actors
from feeds import sealing, services
from feeds.models import BusyCalendar


def by(membership):
    return actors.user(membership.user, "203.0.113.9")


def feed_link(membership, team_member=None, name="My phone"):
    """(the FeedLink, the path of its calendar)"""
    link, token = services.make_link(
        membership=membership, by=by(membership), name=name, team_member=team_member, now=timezone.now()
    )
    return link, reverse("feeds:calendar", args=[token], urlconf="config.urls_salon")


def busy_at(team_member, url, name="Private", **fields):
    """A calendar of a person's at an address, not read yet."""
    kept = {"sealed_url": sealing.seal(url), "url_digest": sealing.digests(url)[0], "host": services.host_of(url)}
    values = {"made_by_id": uuid.uuid4(), "created_at": timezone.now(), **kept, **fields}
    return BusyCalendar.objects.create(team_member=team_member, name=name, **values)


def events_of(answer):
    """The events of a fetched calendar, as a library reads them."""
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def ics_of(*events):
    """An iCalendar file of events, each a list of lines; a UID of its own where it has none."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number, event in enumerate(events):
        named = any(line.startswith("UID:") for line in event)
        lines += ["BEGIN:VEVENT", *([] if named else [f"UID:{number}@elsewhere.example"]), *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event_at(start, end, *more):
    """An event's lines, from instants."""
    return [f"DTSTART:{start:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}", *more]
