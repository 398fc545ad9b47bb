"""An iCalendar feed (RFC 5545) from rows, pure: the same rows are the same bytes, whenever they are asked for.

Written by hand, since a library builds an object for each property: two thousand visits are read in one breath. Tests hold
it against the library. Instants are UTC, so that no clock change can be told wrongly.
"""

import re
from functools import cache

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
    said = cache(text)  # names and services come again and again
    place = folded(f"LOCATION:{text(location)}")
    parts = [folded(line) for line in head]
    for pk, ref, status, sequence, changed, start, end, guest, services, people in visits:
        summary = f"{said(services)} · {said(guest)}" if guest else said(services)
        whole = f"{summary} ({said(people)})" if names_people else summary
        parts += (
            # None of these five can be long, and none is anybody's words.
            f"BEGIN:VEVENT\r\nUID:{pk}@{uid_domain}\r\nSEQUENCE:{sequence}\r\n"
            f"DTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\nDTSTART:{start}\r\nDTEND:{end}\r\n".encode(),
            folded(f"SUMMARY:{whole}"),
            folded(f"DESCRIPTION:{said(services)}\\nWith {said(people)}\\nConfirmation number {ref}."),
            place,
            folded(f"URL:{page_url(pk)}"),
            f"STATUS:{STATUS.get(status, 'CONFIRMED')}\r\nEND:VEVENT\r\n".encode(),
        )
    parts.append(b"END:VCALENDAR\r\n")
    return b"".join(parts)


def text(value):
    """A value as TEXT: what ends a line or a value is written so that it does not."""
    return CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).translate(ESCAPED)


def folded(line):
    """The line's bytes with its end; of more than 75 it goes on in the next ones, and no letter is cut apart."""
    line = line.encode()
    if len(line) <= LONGEST_LINE:
        return line + b"\r\n"
    parts, start, room = [], 0, LONGEST_LINE
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:  # inside a letter
            end -= 1
        parts.append(line[start:end])
        start, room = end, LONGEST_LINE - 1  # the next ones begin with a space
    parts.append(line[start:])
    return b"\r\n ".join(parts) + b"\r\n"
