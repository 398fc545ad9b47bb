"""Which time a visit or a class should keep, and which of its rows do."""

from dataclasses import dataclass

from bookings.integrity.values import active_spans


@dataclass(frozen=True, slots=True)
class Room:
    """The least a row has to cover for one active phase, and the most it may: `[low, high)` holds buffers, too."""

    start: int
    end: int
    low: int
    high: int

    def is_kept_by(self, row):
        return self.low <= row.start <= self.start and self.end <= row.end <= self.high


@dataclass(frozen=True, slots=True)
class Kept:
    """How the rows of one part or class compare: `stray` rows lie where nothing asks for them, `open` rooms have no row."""

    stray: list
    open: list


def compare(*, rooms, rows, person_id, low, high, start, end):
    """Match a person's rows with the rooms, one each. A resource's row covers `start` to `end`, within `low` and `high`."""
    waiting, stray = list(rooms), []
    for row in sorted(rows, key=lambda row: row.start):
        if row.resource_id:
            if not (low <= row.start <= start and end <= row.end <= high):
                stray.append(row)
            continue
        room = next((room for room in waiting if room.is_kept_by(row)), None)
        if row.person_id != person_id or room is None:
            stray.append(row)
        else:
            waiting.remove(room)
    return Kept(stray, waiting)


def rooms_of(*, agreed, start, before_needed, after_needed):
    """One Room per active phase. A buffer is needed unless the same person works on the same guest on that side (D12)."""
    spans = active_spans(agreed=agreed, start=start)
    before, after = agreed.before_min * 60, agreed.after_min * 60
    last = len(spans) - 1
    return [
        Room(
            start=first - (before if number == 0 and before_needed else 0),
            end=until + (after if number == last and after_needed else 0),
            low=first - (before if number == 0 else 0),
            high=until + (after if number == last else 0),
        )
        for number, (first, until) in enumerate(spans)
    ]


def kept_of_part(*, everything, visit, part):
    """The `Kept` of one part of a visit that has its own time (not a seat of a class)."""
    same = [other for other in visit.parts if other.person_id == part.person_id and other.id != part.id]
    return compare(
        rooms=rooms_of(
            agreed=part.agreed,
            start=part.start,
            before_needed=not any(other.start <= part.start for other in same),
            after_needed=not any(other.end >= part.end for other in same),
        ),
        rows=everything.rows_of_part.get(part.id, ()),
        person_id=part.person_id,
        low=min(each.start - each.agreed.before_min * 60 for each in visit.parts),
        high=max(each.end + each.agreed.after_min * 60 for each in visit.parts),
        start=part.start,
        end=part.end,
    )


def kept_of_meeting(*, everything, meeting):
    """The `Kept` of one meeting of a class."""
    return compare(
        rooms=rooms_of(agreed=meeting.agreed, start=meeting.start, before_needed=True, after_needed=True),
        rows=everything.rows_of_session.get(meeting.id, ()),
        person_id=meeting.person_id,
        low=meeting.start - meeting.agreed.before_min * 60,
        high=meeting.end + meeting.agreed.after_min * 60,
        start=meeting.start,
        end=meeting.end,
    )


def resources_not_kept(*, needed, rows, start, end):
    """The resources (ids) of which no row covers `start` to `end`: a guest keeps one unit all the while."""
    kept = {row.resource_id for row in rows if row.start <= start and end <= row.end}
    return [resource_id for resource_id in needed if resource_id not in kept]
