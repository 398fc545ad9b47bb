"""A visit as a calendar entry (RFC 5545) with its own time zone, a stable UID and a rising SEQUENCE."""

from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlencode

import icalendar
from django.conf import settings

from bookings import itinerary
from bookings.models import Status


def calendar_file(*, business, booking, now, parts=None):
    """The iCalendar text of one booking, to download; METHOD is CANCEL for a cancelled visit, else PUBLISH.

    `parts` are those of `itinerary.parts_of`, where the caller has read them already.
    """
    method = "CANCEL" if booking.status == Status.CANCELED else "PUBLISH"
    return _calendar(method, [_event(business, booking, now, parts)], booking)


def calendar_of(*, business, bookings, now):
    """The iCalendar text of several bookings in one file, each the event it is in a file of its own.

    To take in, not to answer (PUBLISH): an invitation is about one event (RFC 5546). Those called off say so.
    """
    events = [_event(business, booking, now, None) for booking in bookings]
    return _calendar("PUBLISH", events, *bookings)


def invitation(*, business, booking, now, parts=None):
    """(method, text) for a mail program to put into its reader's calendar (RFC 5546): REQUEST, or CANCEL.

    Nobody is asked for an answer: who has booked comes.
    """
    canceled = booking.status == Status.CANCELED
    event = _event(business, booking, now, parts)
    if booking.status == Status.PENDING:
        event["status"] = icalendar.vText("TENTATIVE")
    event.pop("organizer", None)
    event.add("organizer", _person(business.name, business.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))
    guest = {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
    event.add("attendee", _person(booking.contact_name, booking.contact_email, **guest))
    method = "CANCEL" if canceled else "REQUEST"
    return method, _calendar(method, [event], booking)


def _calendar(method, events, *bookings):
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Tithi//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones(
        first_date=(min(booking.start_at for booking in bookings) - timedelta(days=1)).date(),
        last_date=(max(booking.end_at for booking in bookings) + timedelta(days=400)).date(),
    )
    return calendar.to_ical().decode()


def _event(business, booking, now, parts):
    event = icalendar.Event()
    # Not the salon's address, which may change: the visit stays the same one in everybody's calendar.
    event.add("uid", f"{booking.pk}@{settings.PLATFORM_DOMAIN}")
    event.add("sequence", booking.sequence)
    event.add("dtstamp", now.replace(microsecond=0))
    event.add("dtstart", booking.local_start)
    event.add("dtend", booking.local_end)
    event.add("summary", f"{booking.service_name} at {business.name}")
    event.add("location", ", ".join(business.address_lines))
    event.add("description", description(booking, parts))
    event.add("status", "CANCELLED" if booking.status == Status.CANCELED else "CONFIRMED")
    if business.email:
        event.add("organizer", f"mailto:{business.email}")
    return event


def _person(name, address, **params):
    """A calendar user; a name that holds what a parameter cannot is shown without it."""
    person = icalendar.vCalAddress(f"mailto:{address}")
    shown = "".join(letter for letter in " ".join(name.split()) if letter.isprintable() and letter != '"')
    for key, value in {"CN": shown, **params}.items():
        person.params[key] = icalendar.vText(value)
    return person


def description(booking, parts=None):
    number = f"Confirmation number {booking.ref}."
    parts = parts or itinerary.parts_of(booking)
    lines = [*(part.sentence for part in parts), number]
    if len(parts) == 1:
        lines = [f"With {parts[0].person}. {number}"]
    if booking.status != Status.CANCELED and (instructions := booking.service_snapshot.get("instructions")):
        lines.append(instructions)
    return "\n".join(lines)


def google_link(*, business, booking, parts=None):
    """Google Calendar's "add event" address for a visit."""
    query = {
        "action": "TEMPLATE",
        "text": f"{booking.service_name} at {business.name}",
        "dates": f"{booking.start_at:%Y%m%dT%H%M%SZ}/{booking.end_at:%Y%m%dT%H%M%SZ}",
        "location": ", ".join(business.address_lines),
        "details": description(booking, parts),
        "ctz": booking.booking_tz,
    }
    return "https://calendar.google.com/calendar/render?" + urlencode(query)


def outlook_link(*, business, booking, parts=None):
    """Outlook on the web's "add event" address for a visit."""
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": f"{booking.service_name} at {business.name}",
        "startdt": f"{booking.start_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{booking.end_at:%Y-%m-%dT%H:%M:%SZ}",
        "location": ", ".join(business.address_lines),
        "body": description(booking, parts),
    }
    return "https://outlook.live.com/calendar/0/deeplink/compose?" + urlencode(query)
