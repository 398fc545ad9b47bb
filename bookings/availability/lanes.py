"""Lanes of a person or units of a resource, prepared for many questions."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from .intervals import Span, merge, overlap

# Sorted bounds of disjoint spans, one after the other: an instant lies inside where an odd number of them is not later.
Edges = list[int]


def edges(spans: Iterable[Span]) -> Edges:
    """The bounds of spans that are sorted and do not touch, as `merge` leaves them."""
    return [edge for span in spans for edge in span]


def inside(bounds: Edges, moment: int) -> bool:
    return bisect_right(bounds, moment) & 1 == 1


class Lanes:
    """`capacity` lanes with what they already hold. `blocks`, and lanes above the capacity, count against all of them."""

    def __init__(self, *, busy: Sequence[Sequence[Span]], capacity: int, blocks: Sequence[Span] = ()):
        always = [*blocks, *(span for lane in busy[capacity:] for span in lane)]
        held = [*busy[:capacity], *[()] * (capacity - len(busy))]
        self._lanes = [edges(merge([*always, *lane])) for lane in held]
        self._masks: dict[Span, int] = {}

    def free(self, lane: int, start: int, end: int) -> bool:
        bounds = self._lanes[lane]
        first = bisect_right(bounds, start)
        return first & 1 == 0 and (first == len(bounds) or bounds[first] >= end)

    def all_free(self, ranges: Iterable[Span]) -> Iterator[int]:
        """The lanes in which every range is free, lowest first."""
        ranges = list(ranges)
        return (n for n in range(len(self._lanes)) if all(self.free(n, start, end) for start, end in ranges))

    def mask(self, start: int, end: int) -> int:
        """The lanes that are free all the time, as bits."""
        span = start, end
        if span not in self._masks:
            self._masks[span] = sum(1 << lane for lane in self.all_free([span]))
        return self._masks[span]


def assign(lanes: Lanes, claims: Sequence[Sequence[Span]], chosen: Sequence[int] = ()) -> list[int] | None:
    """A lane for each claim, so that no two claims of one lane overlap; None where the lanes do not suffice.

    `chosen` are the lanes of the first claims, which are taken already.
    """

    def place(chosen: list[int]) -> list[int] | None:
        if len(chosen) == len(claims):
            return chosen
        claim = claims[len(chosen)]
        taken = {lane for lane, other in zip(chosen, claims, strict=False) if _meet(claim, other)}
        for lane in lanes.all_free(claim):
            if lane not in taken:
                found = place([*chosen, lane])
                if found is not None:
                    return found
        return None

    return place(list(chosen))


def _meet(left: Sequence[Span], right: Sequence[Span]) -> bool:
    return any(overlap(a, b) for a in left for b in right)
