"""An iCalendar feed (RFC 5545) from rows, pure: the same rows are the same bytes, whenever they are asked for.

Written by hand, since a library builds an object for each property: two thousand visits are read in one breath. Instants
are UTC, so that no clock change can be told wrongly.
"""

import re
from datetime import UTC

from bookings.models import Status

#: Raised whenever the same rows are written differently: calendars fetch again.
FORMAT = 1
LONGEST_LINE = 75
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")
ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\t": " "})
STATUS = {Status.PENDING: "TENTATIVE", Status.CANCELED: "CANCELLED"}


def head(*, name, zone, refresh="PT15M"):
    """The lines before the first visit."""
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tithi//Feeds//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{text(name)}",
        f"X-WR-TIMEZONE:{text(zone)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{refresh}",
        f"X-PUBLISHED-TTL:{refresh}",
    ]


def calendar(*, head, visits, uid_domain, location, page_url, names_people):
    """The whole calendar as bytes. `visits` are rows of `queries.VISITS`; `page_url` takes a visit's id."""
    location = text(location)
    lines = list(head)
    for pk, ref, status, sequence, changed_at, start, end, guest, services, people in visits:
        summary = f"{services} · {guest}" if guest else services
        said = f"{services}\nWith {people}\nConfirmation number {ref}."
        changed = instant(changed_at)
        lines += (
            "BEGIN:VEVENT",
            f"UID:{pk}@{uid_domain}",
            f"SEQUENCE:{sequence}",
            f"DTSTAMP:{changed}",
            f"LAST-MODIFIED:{changed}",
            f"DTSTART:{instant(start)}",
            f"DTEND:{instant(end)}",
            f"SUMMARY:{text(f'{summary} ({people})' if names_people else summary)}",
            f"DESCRIPTION:{text(said)}",
            f"LOCATION:{location}",
            f"URL:{page_url(pk)}",
            f"STATUS:{STATUS.get(status, 'CONFIRMED')}",
            "END:VEVENT",
        )
    lines.append("END:VCALENDAR")
    return "".join(map(folded, lines)).encode()


def text(value):
    """A value as TEXT: what ends a line or a value is written so that it does not."""
    return CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).translate(ESCAPED)


def instant(at):
    at = at.astimezone(UTC)
    return f"{at.year:04}{at.month:02}{at.day:02}T{at.hour:02}{at.minute:02}{at.second:02}Z"


def folded(line):
    """The line with its end; of more than 75 bytes it goes on in the next ones, and no letter is cut apart."""
    if len(line) <= LONGEST_LINE and line.isascii():
        return f"{line}\r\n"
    parts, room, part = [], LONGEST_LINE, []
    for letter in line:
        room -= len(letter.encode())
        if room < 0:
            parts.append("".join(part))
            part, room = [], LONGEST_LINE - 1 - len(letter.encode())
        part.append(letter)
    parts.append("".join(part))
    return "\r\n ".join(parts) + "\r\n"
