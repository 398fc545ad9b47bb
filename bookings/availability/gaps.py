"""When a person who works has nobody: what is left of a day."""

from datetime import date
from functools import reduce

from .engine import hard_spans
from .hours import windows
from .intervals import Span, intersect, merge, subtract
from .values import Person, Rules


def gaps(*, person: Person, rules: Rules, day: date, now: int, least_min: int) -> list[Span]:
    """The spans of a local date, from `now` on, in which this person works and could take somebody; sorted.

    As long as `least_min` at least. What fits into them, the rules of a service say.
    """
    hard = hard_spans(person=person, rules=rules, first=day, last=day)
    free = subtract(windows(person=person, rules=rules, first=day, last=day), merge([*hard, *_full(person)]))
    coming = ((max(start, now), end) for start, end in free)
    return [(start, end) for start, end in coming if end - start >= least_min * 60]


def _full(person: Person) -> list[Span]:
    """When all of the person's lanes are taken; those above the capacity count against every one."""
    lanes = person.busy[: person.capacity]
    full = [span for lane in person.busy[person.capacity :] for span in lane]
    if len(lanes) == person.capacity:
        full += reduce(intersect, map(merge, lanes))
    return full
