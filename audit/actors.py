"""Who acts: a person with a login, a customer behind a signed link, or the product itself."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is a user's id, or None for customers and for Tithi; `label` is what the trail shows."""

    label: str
    id: uuid.UUID | None = None
    address: str | None = None


SYSTEM = Actor(label="Tithi")


def customer(name, address=None):
    """A customer, known only by the name on the booking."""
    return Actor(label=f"{name or 'Customer'} (customer)", address=address)


def user(person, address=None):
    """A signed-in member of the salon, or a program that works for one."""
    label = f"{person.through} (API token of {person})" if person.through else str(person)
    return Actor(label=label[:200], id=person.pk, address=address)


def support(person, address=None):
    """An operator of the platform, let in for support."""
    return Actor(label=f"{person} (Tithi support)", id=person.pk, address=address)
