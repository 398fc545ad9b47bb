"""What a visit takes of a person, and which starts that rules out (D6, D7)."""

from collections.abc import Sequence
from functools import reduce

from .intervals import Span, intersect, merge, overlap
from .values import ACTIVE, Able, Person


def occupied(*, able: Able, start: int) -> list[Span]:
    """The ranges a visit from `start` takes of the person: one per active phase, in order (D6).

    The buffer before is inside the first, the buffer after inside the last. Processing time is no range.
    """
    ranges = []
    at = start
    for phase in able.phases:
        until = at + phase.minutes * 60
        if phase.kind == ACTIVE:
            ranges.append((at, until))
        at = until
    first, last = ranges[0], ranges[-1]
    ranges[0] = (first[0] - able.buffer_before_min * 60, first[1])
    ranges[-1] = (ranges[-1][0], last[1] + able.buffer_after_min * 60)
    return ranges


def footprint(*, able: Able, hard_edges: bool) -> Span:
    """The seconds around a start that must lie in one working window: the visit; with hard edges its buffers too."""
    until = able.duration_min * 60
    if not hard_edges:
        return 0, until
    ranges = occupied(able=able, start=0)
    return min(0, ranges[0][0]), max(until, ranges[-1][1])


def held(*, able: Able, start: int) -> Span:
    """The range a visit from `start` takes of each of its resources: its whole length, processing and buffers included."""
    return start - able.buffer_before_min * 60, start + (able.duration_min + able.buffer_after_min) * 60


def free_lane(*, able: Able, person: Person, start: int) -> int | None:
    """The lowest lane that is free for every active phase of a visit from `start`, or None.

    Lanes above the capacity hold bookings made before it was lowered; they count against every lane, so that the person
    never serves more clients at once than promised now.
    """
    return lane_for(ranges=occupied(able=able, start=start), busy=person.busy, capacity=person.capacity)


def lane_for(*, ranges: Sequence[Span], busy: Sequence[Sequence[Span]], capacity: int) -> int | None:
    """The lowest of `capacity` lanes in which all the ranges are free, or None. A unit of a resource is a lane, too."""
    if any(_meets(ranges, lane) for lane in busy[capacity:]):
        return None
    lanes = busy[:capacity]
    for number, lane in enumerate(lanes):
        if not _meets(ranges, lane):
            return number
    return len(lanes) if len(lanes) < capacity else None


Units = dict[tuple[object, Span], list[Span]]


def ruled_out(*, able: Able, person: Person, hard: Sequence[Span], units: Units | None = None) -> list[Span]:
    """The starts that meet a `hard` span, or leave no lane of the person or no unit of a resource free.

    Half-open spans of seconds, sorted by start; they may overlap. `units` remembers what the resources rule out: they are
    the same for everybody who is asked about.
    """
    units = {} if units is None else units
    starts = _without_lane(occupied(able=able, start=0), hard, person.busy, person.capacity)
    for resource in able.resources:
        span = held(able=able, start=0)
        key = resource.id, span
        if key not in units:
            units[key] = _without_lane([span], resource.blocks, resource.busy, resource.capacity)
        starts += units[key]
    starts.sort()
    return starts


def _without_lane(
    ranges: Sequence[Span], hard: Sequence[Span], busy: Sequence[Sequence[Span]], capacity: int
) -> list[Span]:
    always = [*hard]
    for lane in busy[capacity:]:
        always += lane
    starts = _ruled_out_by(always, ranges)
    lanes = [_ruled_out_by(lane, ranges) for lane in busy[:capacity]]
    if len(lanes) == capacity:
        starts += lanes[0] if len(lanes) == 1 else reduce(intersect, map(merge, lanes))
    return starts


def _ruled_out_by(spans: Sequence[Span], ranges: Sequence[Span]) -> list[Span]:
    """[t + a, t + b) meets [s, e) exactly when s - b < t < e - a; in whole seconds, from s - b + 1 up to e - a."""
    return [(start - b + 1, end - a) for a, b in ranges for start, end in spans if start < end]


def _meets(ranges: Sequence[Span], spans: Sequence[Span]) -> bool:
    return any(overlap(taken, span) for taken in ranges for span in spans)
