"""Arithmetic on half-open spans `(start, end)` of whole seconds (D5: touching is not overlapping)."""

from collections.abc import Iterable

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same instants as sorted spans that neither overlap nor touch; empty spans vanish."""
    merged: list[Span] = []
    reach = None
    for start, end in sorted(spans):
        if start >= end:
            continue
        if reach is None or start > reach:
            merged.append((start, end))
            reach = end
        elif end > reach:
            merged[-1] = (merged[-1][0], end)
            reach = end
    return merged


def intersect(left: Iterable[Span], right: Iterable[Span]) -> list[Span]:
    """The instants in both. Both sides are sorted and disjoint, as `merge` leaves them."""
    left, right = list(left), list(right)
    common = []
    i = j = 0
    # Comparisons, not max and min: their calls would be most of the work of a calendar.
    while i < len(left) and j < len(right):
        start, end = left[i]
        low, high = right[j]
        if low > start:
            start = low
        if end < high:
            i += 1
        else:
            end = high
            j += 1
        if start < end:
            common.append((start, end))
    return common


def subtract(spans: Iterable[Span], cuts: Iterable[Span]) -> list[Span]:
    """The instants in `spans` and in none of `cuts`; neither needs to be sorted or disjoint."""
    cuts = merge(cuts)
    left = []
    seen = 0
    for start, end in merge(spans):
        while seen < len(cuts) and cuts[seen][1] <= start:
            seen += 1
        for cut_start, cut_end in cuts[seen:]:
            if cut_start >= end:
                break
            if cut_start > start:
                left.append((start, cut_start))
            start = cut_end
        if start < end:
            left.append((start, end))
    return left


def overlap(left: Span, right: Span) -> bool:
    """Whether the two share an instant; an empty span shares none."""
    return max(left[0], right[0]) < min(left[1], right[1])
