"""Holds that should have ended, and holds that keep nothing."""

from collections.abc import Iterator

from bookings import availability
from bookings.integrity.findings import Finding, Kind
from bookings.integrity.telling import about, moment
from bookings.integrity.values import Everything, Visit
from bookings.models import Status

#: Seconds the sweep may be late before a hold that has run out is a finding.
GRACE = 600
KIND = Kind.ORPHANED_HOLD
END_IT = "End this hold: its time is free again at once."
KEEP_IT = "Move it to another time and back again: that keeps it. If somebody else is there already, call the customer."
OPEN_IT = "Close the class and put it up again: that keeps its time."


def is_orphaned(everything: Everything, visit: Visit) -> bool:
    """Whether this is a hold nobody will end: out of time for longer than `GRACE`, or keeping nothing."""
    if everything.has_run_out(visit):
        return visit.expires_at <= everything.clock - GRACE
    return visit.status == Status.HOLD and not _keeps_anything(everything, visit)


def _keeps_anything(everything, visit):
    return any(part.id in everything.rows_of_part or part.id in everything.seats_of_part for part in visit.parts)


def orphaned_holds(everything: Everything, zone) -> Iterator[Finding]:
    """Bookings that are such a hold; then visits and classes that are promised while their rows say they are only held."""
    for visit in everything.visits.values():
        if is_orphaned(everything, visit):
            sentence = _why(everything, visit, zone)
            yield about(visit, everything=everything, kind=KIND, sentence=sentence, advice=END_IT, can_end=True)
    for visit in {visit.id: visit for visit in _promised(everything)}.values():
        sentence = "It is booked, but its time is marked as a hold that has run out."
        yield about(visit, everything=everything, kind=KIND, sentence=sentence, advice=KEEP_IT)
    for meeting in {meeting.id: meeting for meeting in _put_up(everything)}.values():
        yield about(
            None,
            everything=everything,
            kind=KIND,
            sentence=f"The time of the class “{meeting.name}” is marked as a hold that has run out.",
            advice=OPEN_IT,
            who=everything.name_of(meeting.person_id),
            when=availability.instant(meeting.start),
        )


def _why(everything, visit, zone):
    if everything.has_run_out(visit):
        return f"It was held until {moment(visit.expires_at, zone)}, and its time is still not free."
    return "It is being booked, but keeps no time."


def _promised(everything):
    """The visits behind rows and seats that ran out long ago, unless that is told elsewhere.

    What an ended booking left is time kept for nobody, and a hold that has run out is named itself.
    """
    for taken in (*everything.rows, *everything.seats):
        if _ran_out_long_ago(everything, taken):
            yield from (visit for visit in _behind(everything, taken) if not visit.is_over and not _is_held(visit))


def _put_up(everything):
    """The classes without guests behind such rows: the salon has put them up, they do not run out."""
    for row in everything.rows:
        if row.session_id and _ran_out_long_ago(everything, row) and not everything.visit_of(row):
            meeting = everything.meetings[row.session_id]
            if meeting.scheduled:
                yield meeting


def _ran_out_long_ago(everything, taken):
    return taken.expires_at is not None and taken.expires_at <= everything.clock - GRACE


def _behind(everything, taken):
    """The visit of a row or seat; of a class's row, all who are promised a seat there."""
    return [everything.visit_of(taken)] if taken.part_id else everything.guests_of_session.get(taken.session_id, ())


def _is_held(visit):
    return visit.status in (Status.HOLD, Status.PENDING) and visit.expires_at is not None
