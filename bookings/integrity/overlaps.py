"""Is anybody or anything booked twice? The constraint says no; here it is counted, by rows and by the visits' own times."""

from collections.abc import Iterator
from heapq import heappop, heappush

from bookings import availability
from bookings.integrity.findings import Finding, Kind, Severity
from bookings.integrity.telling import about, span
from bookings.integrity.values import Everything, active_spans

MOVE_ONE = "Move one of the two to another time."
MOVE_IT = "Move this visit to another time."
LET_IT_BE = "Nothing clashes: leave it as it is."


def overlaps(everything: Everything, zone) -> Iterator[Finding]:
    """Rows that meet in one lane; more visits at once than the person or resource takes; lanes there are no more.

    A visit is named once: the later one of two.
    """
    told = set()
    for found in (_meeting_rows, _too_many_visits, _too_many_rows, _lanes_gone):
        for key, finding in found(everything, zone):
            if key not in told:
                told.add(key)
                yield finding


def _meeting_rows(everything, zone):
    lanes = {}
    for row in everything.rows:
        lanes.setdefault((row.owner_id, row.lane), []).append(row)
    for rows in lanes.values():
        rows.sort(key=lambda row: (row.start, row.id))
        for before, row in _pairs(rows):
            yield _twice(everything, zone, before, row)


def _pairs(rows):
    """(the row that reaches furthest so far, row) for each that starts before that one ends."""
    furthest = rows[0]
    for row in rows[1:]:
        if row.start < furthest.end:
            yield furthest, row
        if row.end > furthest.end:
            furthest = row


def _twice(everything, zone, before, row):
    visit, other = everything.visit_of(row), everything.visit_of(before)
    names = " and ".join(_named(each) for each in (other, visit))
    until = min(before.end, row.end)
    sentence = f"{everything.name_of(row.owner_id)} is taken twice, {span(row.start, until, zone)}: {names}."
    return _finding(everything, visit, row, sentence, MOVE_ONE)


def _too_many_visits(everything, zone):
    """By the guests' own times and the phases agreed, whatever the rows say; a class counts once."""
    wanted = {}
    for visit in everything.coming:
        for part in visit.parts:
            for start, end in active_spans(agreed=part.agreed, start=part.start):
                key = (part.person_id, part.session_id or part.id, start, end)
                wanted.setdefault(key, visit)
    by_person = {}
    for (person_id, _, start, end), visit in wanted.items():
        by_person.setdefault(person_id, []).append((start, end, visit))
    for person_id, spans in by_person.items():
        person = everything.owners[person_id]
        for start, number, visit in _beyond(spans, person.capacity, key=lambda each: each.ref):
            sentence = f"{person.name} has {number} visits at once and takes {person.capacity}: this is one too many."
            when = availability.instant(start)
            yield _finding(everything, visit, None, sentence, MOVE_IT, who=person.name, when=when)


def _too_many_rows(everything, zone):
    """Resources by their rows: only those say which of them a visit uses."""
    by_resource = {}
    for row in _standing(everything):
        if row.resource_id:
            by_resource.setdefault(row.resource_id, []).append((row.start, row.end, row))
    for resource_id, spans in by_resource.items():
        resource = everything.owners[resource_id]
        for _, number, row in _beyond(spans, resource.capacity, key=lambda each: each.id):
            sentence = (
                f"{number} visits at once need “{resource.name}”, and the salon has {resource.capacity}: "
                "this is one too many."
            )
            yield _finding(everything, everything.visit_of(row), row, sentence, MOVE_IT)


def _beyond(spans, capacity, *, key):
    """(start, how many then, what) for each span that starts while `capacity` others go on."""
    ends = []
    for start, end, what in sorted(spans, key=lambda each: (each[0], key(each[2]))):
        while ends and ends[0] <= start:
            heappop(ends)
        heappush(ends, end)
        if len(ends) > capacity:
            yield start, len(ends), what


def _lanes_gone(everything, zone):
    for row in _standing(everything):
        owner = everything.owners[row.owner_id]
        if row.lane >= owner.capacity:
            sentence = f"It was booked when {owner.name} took more than {owner.capacity} at once."
            visit = everything.visit_of(row)
            yield _finding(everything, visit, row, sentence, LET_IT_BE, severity=Severity.NOTICE)


def _standing(everything):
    """The rows that still count: not over, and not of a hold that has run out."""
    return [
        row for row in everything.rows if row.end > everything.clock and (row.expires_at or row.end) > everything.clock
    ]


def _named(visit):
    return visit.ref if visit else "a class"


def _finding(everything, visit, row, sentence, advice, **more):
    """(what is named once, the finding)"""
    if row:
        more.setdefault("who", everything.name_of(row.owner_id))
        more.setdefault("when", availability.instant(row.start))
    key = visit.id if visit else row.session_id
    return key, about(visit, everything=everything, kind=Kind.OVERLAP, sentence=sentence, advice=advice, **more)
