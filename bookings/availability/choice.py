"""Whom "anyone" becomes (D10)."""

from collections.abc import Iterable
from datetime import date

from .engine import Option
from .values import Person

NEVER = float("-inf")


def ranks(*, persons: Iterable[Person], day: date) -> dict[object, tuple]:
    """Each person's place in the queue on local date `day`, by id; the lowest is next.

    Fewest minutes already booked that day, then longest since the last assignment (never comes first), then id.
    """
    return {person.id: _rank(person, day) for person in persons}


def choose(*, options: Iterable[Option], persons: Iterable[Person], day: date) -> list[object]:
    """The ids of those who can take a slot on local date `day`, in the order to try them (`ranks`)."""
    queue = ranks(persons=persons, day=day)
    return sorted((option.person_id for option in options), key=queue.__getitem__)


def _rank(person: Person, day: date) -> tuple:
    last = NEVER if person.last_assigned_at is None else person.last_assigned_at
    return person.booked_min_by_date.get(day, 0), last, person.id
