"""Does every visit keep its time, and is every time that is kept a visit's?"""

from collections.abc import Iterator

from bookings import availability
from bookings.integrity.findings import Finding, Kind
from bookings.integrity.keeping import kept_of_meeting, kept_of_part, resources_not_kept
from bookings.integrity.telling import about, sentence, span
from bookings.integrity.values import Everything
from bookings.models import Status

FREE_IT = "Tell us the reference: we free the time."
KEEP_IT = "Move the visit to another time and back again: that keeps it. If somebody else is there already, call the customer."
CLOSE_IT = "Close the class: its time is free again."
OPEN_IT = "Close the class and put it up again, before somebody books the time."
OVER_WORDS = {
    Status.CANCELED: "cancelled",
    Status.EXPIRED: "a hold that has ended",
    Status.FAILED: "a booking that was not finished",
}


def occupancy_faults(everything: Everything, zone) -> Iterator[Finding]:
    """Both kinds at once: a row in the wrong place is one fault, not time too much here and too little there."""
    yield from _left_over(everything, zone)
    for visit in everything.coming:
        yield from _of_visit(everything, visit, zone)
    for meeting in everything.meetings.values():
        if meeting.end > everything.clock:
            yield from _of_meeting(everything, meeting, zone)


def _left_over(everything, zone):
    """Rows and seats of bookings that are over, past ones too."""
    found = {}
    for taken in (*everything.rows, *everything.seats):
        if taken.part_id and (visit := everything.visit_of(taken)).is_over:
            found[visit.id] = visit
    for visit in found.values():
        yield _stray(everything, visit, f"It is {OVER_WORDS[visit.status]}, and its time is still kept.")


def _of_visit(everything, visit, zone):
    """At most one finding of a visit: what is in the wrong place, else what is missing."""
    strays, gaps = [], []
    for part in visit.parts:
        in_class = part.session_id is not None
        part_strays, part_gaps = (_seats if in_class else _rows)(everything, visit, part, zone)
        strays += part_strays
        gaps += part_gaps
    if strays:
        yield _stray(everything, visit, sentence(strays))
    elif gaps and not _keeps_nothing_yet(everything, visit):
        text = sentence(gaps)
        yield about(visit, everything=everything, kind=Kind.BOOKING_WITHOUT_OCCUPANCY, sentence=text, advice=KEEP_IT)


def _keeps_nothing_yet(everything, visit):
    """A hold that keeps nothing at all is an orphaned hold: told once, there."""
    taken = (everything.rows_of_part, everything.seats_of_part)
    return visit.status == Status.HOLD and not any(part.id in those for part in visit.parts for those in taken)


def _rows(everything, visit, part, zone):
    kept = kept_of_part(everything=everything, visit=visit, part=part)
    strays = [f"{_whose(everything, row, zone)} is kept for it, and not needed" for row in kept.stray]
    if part.id in everything.seats_of_part:
        strays.append("it has a seat in a class it does not belong to")
    gaps = [
        f"{span(room.start, room.end, zone)} is not kept with {everything.name_of(part.person_id)}"
        for room in kept.open
    ]
    # A chair that several services need is kept by one row, of the first of them.
    rows = [row for each in visit.parts for row in everything.rows_of_part.get(each.id, ())]
    return strays, gaps + _unkept(everything, part, rows, zone)


def _unkept(everything, what, rows, zone):
    """Of a part or a class: the rooms and chairs that are not kept for it."""
    missing = resources_not_kept(needed=what.agreed.resources, rows=rows, start=what.start, end=what.end)
    return [
        f"{everything.name_of(resource_id)} is not kept {span(what.start, what.end, zone)}" for resource_id in missing
    ]


def _seats(everything, visit, part, zone):
    """A guest of a class has seats of its session, one each, at its time, and no time of their own."""
    meeting = everything.meetings[part.session_id]
    seats = everything.seats_of_part.get(part.id, [])
    here = [seat for seat in seats if seat.session_id == part.session_id]
    strays = [
        f"{_whose(everything, row, zone)} is kept for it beside the class"
        for row in everything.rows_of_part.get(part.id, ())
    ]
    if len(here) < len(seats):
        strays.append("it has a seat in a class it does not belong to")
    if len(here) > visit.guests:
        strays.append(f"it has {len(here)} seats for {visit.guests}")
    if (part.start, part.end, part.person_id) != (meeting.start, meeting.end, meeting.person_id):
        strays.append(
            f"its class is {span(meeting.start, meeting.end, zone)} with {everything.name_of(meeting.person_id)}"
        )
    gaps = [f"it has {len(here)} of {visit.guests} seats in its class"] if len(here) < visit.guests else []
    return strays, gaps


def _of_meeting(everything, meeting, zone):
    guests = everything.guests_of_session.get(meeting.id, ())
    name = f"The class “{meeting.name}”"
    first = guests[0] if guests else None
    told = {
        "everything": everything,
        "who": everything.name_of(meeting.person_id),
        "when": availability.instant(meeting.start),
    }
    if not guests and not meeting.scheduled:
        text = f"{name} has no guests and still keeps its time."
        yield about(None, kind=Kind.OCCUPANCY_WITHOUT_BOOKING, sentence=text, advice=CLOSE_IT, **told)
        return
    kept = kept_of_meeting(everything=everything, meeting=meeting)
    if kept.stray:
        texts = [f"{_whose(everything, row, zone)} is kept for it, and not needed" for row in kept.stray]
        text = f"{name}: {sentence(texts)}"
        yield about(first, kind=Kind.OCCUPANCY_WITHOUT_BOOKING, sentence=text, advice=FREE_IT, **told)
        return
    gaps = [f"{span(room.start, room.end, zone)} is not kept" for room in kept.open]
    gaps += _unkept(everything, meeting, everything.rows_of_session.get(meeting.id, ()), zone)
    if gaps:
        text = f"{name}: {sentence(gaps)}"
        yield about(first, kind=Kind.BOOKING_WITHOUT_OCCUPANCY, sentence=text, advice=OPEN_IT, **told)


def _whose(everything, row, zone):
    return f"{span(row.start, row.end, zone)} with {everything.name_of(row.owner_id)}"


def _stray(everything, visit, text):
    return about(visit, everything=everything, kind=Kind.OCCUPANCY_WITHOUT_BOOKING, sentence=text, advice=FREE_IT)
