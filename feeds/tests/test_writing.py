"""The feed's own writing against the library's reading: whatever is said comes back, and no line is too long."""

from datetime import UTC, datetime, timedelta

import icalendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds import writing

#: What a name may hold in the database: anything but NUL and halves of letters.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)
INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(microsecond=0))
NASTY = 'a;b,c\\:"\\n\r\n\tBEGIN:VALARM\r\x85\u2028\x0b Größe 染め直し 👩🏽‍🎨' * 4


def stamp(at):
    return at.strftime("%Y%m%dT%H%M%SZ")


def said(value):
    """What is left of a text: its control characters are spaces, and lines end in one way."""
    return writing.CONTROL.sub(" ", value.replace("\r\n", "\n").replace("\r", "\n")).replace("\t", " ")


@settings(max_examples=200, deadline=None)
@given(
    guest=TEXTS, services=TEXTS, people=TEXTS, location=TEXTS, name=TEXTS, start=INSTANTS, names_people=st.booleans()
)
@example(NASTY, NASTY, NASTY, NASTY, NASTY, datetime(2027, 3, 14, 7), True)
def test_what_is_written_is_what_the_library_reads(guest, services, people, location, name, start, names_people):
    visit = ("pk", "ABC234", "pending", 3, stamp(start), stamp(start), stamp(start + timedelta(hours=1)))

    written = writing.calendar(
        head=writing.head(name=name, zone="Europe/Paris"),
        visits=[(*visit, guest, services, people)],
        uid_domain="tithi.example",
        location=location,
        page_url=lambda pk: f"https://{'x' * 60}.example/{pk}/",
        names_people=names_people,
    )

    lines = written.split(b"\r\n")
    calendar = icalendar.Calendar.from_ical(written)
    [event] = calendar.walk("VEVENT")
    summary = f"{said(services)} · {said(guest)}" if guest else said(services)
    assert max(map(len, lines)) <= writing.LONGEST_LINE
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)
    assert len(calendar.subcomponents) == 1
    assert str(calendar["X-WR-CALNAME"]) == writing.text(name)  # what begins with X- is left as it is written
    assert str(event["SUMMARY"]) == (f"{summary} ({said(people)})" if names_people else summary)
    assert str(event["DESCRIPTION"]) == f"{said(services)}\nWith {said(people)}\nConfirmation number ABC234."
    assert str(event["LOCATION"]) == said(location)
    assert str(event["URL"]) == f"https://{'x' * 60}.example/pk/"
    assert (str(event["UID"]), event["SEQUENCE"], str(event["STATUS"])) == ("pk@tithi.example", 3, "TENTATIVE")
    assert event["DTSTART"].dt == event["DTSTAMP"].dt == start.replace(tzinfo=UTC)
    assert event["DTEND"].dt == (start + timedelta(hours=1)).replace(tzinfo=UTC)


@settings(max_examples=300, deadline=None)
@given(TEXTS.map(said))
def test_a_folded_line_is_the_line_and_cuts_no_letter(text):
    line = f"SUMMARY:{writing.text(text)}"

    folded = writing.folded(line)

    *pieces, end = folded.split(b"\r\n")
    assert end == b""
    assert [piece.decode() for piece in pieces]  # raises where a letter is cut apart
    assert folded.replace(b"\r\n ", b"") == line.encode() + b"\r\n"
    assert icalendar.parser.Contentlines.from_ical(folded)[0] == line
