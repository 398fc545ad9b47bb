"""Arithmetic on half-open spans (D5)."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.availability.intervals import intersect, merge, overlap, subtract

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


def points(spans):
    return {point for start, end in spans for point in range(start, end)}


def is_tidy(spans):
    """Sorted, no empty span, and a hole between any two."""
    edges = [edge for span in spans for edge in span]
    return edges == sorted(set(edges))


@given(SPANS)
def test_merge_keeps_every_instant_and_tidies(spans):
    merged = merge(spans)

    assert points(merged) == points(spans)
    assert is_tidy(merged)


@given(SPANS, SPANS)
def test_intersect_is_what_both_hold(left, right):
    common = intersect(merge(left), merge(right))

    assert points(common) == points(left) & points(right)
    assert common == sorted(common)


@given(SPANS, SPANS)
def test_subtract_leaves_what_no_cut_holds(spans, cuts):
    left = subtract(spans, cuts)

    assert points(left) == points(spans) - points(cuts)
    assert is_tidy(left)


def test_subtract_in_any_order_gives_the_same():
    shift = [(540, 780)]
    breaks = [(600, 630), (620, 650), (650, 660), (700, 700), (540, 550)]

    for order in permutations(breaks):
        one_by_one = shift
        for cut in order:
            one_by_one = subtract(one_by_one, [cut])

        assert one_by_one == [(550, 600), (660, 780)]
        assert subtract(shift, order) == [(550, 600), (660, 780)]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((0, 10), (10, 20), False),
        ((10, 20), (0, 10), False),
        ((0, 10), (9, 20), True),
        ((0, 30), (10, 20), True),
        ((0, 30), (10, 10), False),
    ],
    ids=("touching", "touching before", "by one", "inside", "empty"),
)
def test_overlap_is_half_open(left, right, expected):
    assert overlap(left, right) is expected
