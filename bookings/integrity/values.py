"""The whole diary as plain values. Instants are whole epoch seconds, UTC; every span is half-open."""

from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from bookings import availability
from bookings.models import Status

#: States in which a booking takes no time (any more).
OVER = frozenset({Status.CANCELED, Status.EXPIRED, Status.FAILED})
#: States in which a visit is still promised, or somebody is promising it.
PROMISED = frozenset({Status.HOLD, Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN})


class Owner(NamedTuple):
    """A person or a kind of resource whose time is taken, `capacity` visits at once."""

    id: UUID
    name: str
    capacity: int
    is_active: bool = True


class Agreed(NamedTuple):
    """The phases (`availability.Phase`), buffers and resources (ids) a service was booked with."""

    phases: tuple
    before_min: int
    after_min: int
    resources: tuple = ()


class Part(NamedTuple):
    """One service of a visit. `start` to `end` is the guest's time."""

    id: UUID
    visit_id: UUID
    position: int
    service_id: UUID
    person_id: UUID
    session_id: UUID | None
    start: int
    end: int
    price_cents: int
    agreed: Agreed


class Row(NamedTuple):
    """Time taken from a person or a resource (the other is None), for a part or for a session."""

    id: int
    part_id: UUID | None
    session_id: UUID | None
    person_id: UUID | None
    resource_id: UUID | None
    lane: int
    start: int
    end: int
    expires_at: int | None

    @property
    def owner_id(self):
        return self.person_id or self.resource_id


class Seat(NamedTuple):
    """A seat of a session that a part has taken."""

    session_id: UUID
    part_id: UUID
    expires_at: int | None


class Meeting(NamedTuple):
    """One meeting of a class."""

    id: UUID
    service_id: UUID
    person_id: UUID
    start: int
    end: int
    scheduled: bool
    name: str
    agreed: Agreed


@dataclass(slots=True, eq=False)
class Visit:
    """A booking with its parts, in order."""

    id: UUID
    ref: str
    status: str
    start: int
    end: int
    zone_name: str
    local_date: date
    local_time: time
    expires_at: int | None
    price_cents: int
    currency_code: str
    guests: int
    person_id: UUID
    parts: list = field(default_factory=list)

    @property
    def is_over(self):
        return self.status in OVER


@dataclass(frozen=True)
class Everything:
    """A salon's diary at one moment. `clock` is the database's, by which holds run out."""

    clock: int
    owners: dict
    visits: dict
    parts: dict
    rows: list
    meetings: dict
    seats: list

    def has_run_out(self, visit):
        """Whether this is a hold, or an unconfirmed booking, whose minutes are over."""
        return visit.status in (Status.HOLD, Status.PENDING) and (visit.expires_at or self.clock + 1) <= self.clock

    @cached_property
    def coming(self):
        """The visits that are promised or being promised and not yet over, by start."""
        found = [
            visit
            for visit in self.visits.values()
            if visit.status in PROMISED and visit.end > self.clock and not self.has_run_out(visit)
        ]
        return sorted(found, key=lambda visit: (visit.start, visit.ref))

    @cached_property
    def rows_of_part(self):
        return _grouped(self.rows, "part_id")

    @cached_property
    def rows_of_session(self):
        return _grouped(self.rows, "session_id")

    @cached_property
    def seats_of_part(self):
        return _grouped(self.seats, "part_id")

    @cached_property
    def guests_of_session(self):
        """{session id: visits that take time and have a seat there}"""
        guests = {}
        for seat in self.seats:
            visit = self.visit_of(seat)
            if not visit.is_over:
                guests.setdefault(seat.session_id, []).append(visit)
        return guests

    def visit_of(self, taken):
        """The visit a row or a seat is for; of a class, the first guest's; None for a class without guests."""
        if taken.part_id:
            return self.visits[self.parts[taken.part_id].visit_id]
        return next(iter(self.guests_of_session.get(taken.session_id, ())), None)

    def name_of(self, owner_id):
        owner = self.owners.get(owner_id)
        return owner.name if owner else "Somebody"


def _grouped(rows, column):
    groups = {}
    for row in rows:
        key = getattr(row, column)
        if key:
            groups.setdefault(key, []).append(row)
    return groups


def active_spans(*, agreed, start):
    """The ranges a service from `start` needs its person for, without buffers."""
    able = availability.Able(person_id=None, phases=agreed.phases)
    return availability.occupied(able=able, start=start)
