"""Whom "anyone" becomes (D10)."""

from collections.abc import Iterable
from datetime import date

from .engine import Option
from .values import Person

NEVER = float("-inf")


def choose(*, options: Iterable[Option], persons: Iterable[Person], day: date) -> list[object]:
    """The ids of those who can take a slot on local date `day`, in the order to try them.

    Fewest minutes already booked that day, then longest since the last assignment (never comes first), then id.
    """
    by_id = {person.id: person for person in persons}

    def turn(person_id):
        person = by_id[person_id]
        last = NEVER if person.last_assigned_at is None else person.last_assigned_at
        return person.booked_min_by_date.get(day, 0), last, person_id

    return sorted((option.person_id for option in options), key=turn)
