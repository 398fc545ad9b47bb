"""Several services in one visit: who does what when (D12). See docs/decisions/0008-visits.md."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from .clock import instant
from .engine import Candidate
from .values import Rules

WAIT_STEP_MIN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One service of a visit and those who may do it. `together`: it starts with the segment before."""

    candidates: tuple[Candidate, ...]
    name: str = ""
    together: bool = False


class Part(NamedTuple):
    """One segment of a plan, settled. `end` is the client's: no buffers. `session_id`: a class that already stands."""

    segment: int
    person_id: object
    name: str
    price_cents: int
    start: int
    end: int
    session_id: object = None

    @property
    def start_at(self) -> datetime:
        return instant(self.start)

    @property
    def end_at(self) -> datetime:
        return instant(self.end)

    @property
    def duration_min(self) -> int:
        return (self.end - self.start) // 60


class Plan(NamedTuple):
    """A whole visit: its parts in the order of the segments."""

    parts: tuple[Part, ...]

    @property
    def start(self) -> int:
        return self.parts[0].start

    @property
    def end(self) -> int:
        return max(part.end for part in self.parts)

    @property
    def price_cents(self) -> int:
        """For one guest."""
        return sum(part.price_cents for part in self.parts)


class Taken(NamedTuple):
    """One range a plan occupies: of a person or of a resource (the other is None), in a lane, buffers inside."""

    segment: int
    person_id: object
    resource_id: object
    lane: int
    start: int
    end: int


def arrange(
    *,
    segments: Sequence[Segment],
    rules: Rules,
    start: int,
    now: int,
    max_wait_min: int = 0,
    override: Set[str] = frozenset(),
    rank: Mapping[object, object] | None = None,
) -> Plan | None:
    """The best plan for a visit at `start`, None where there is none.

    `rank` orders the people (lower first, by person id; `choice.ranks`); without it, the candidates' own order.
    """
    raise NotImplementedError


def plans(
    *,
    segments: Sequence[Segment],
    rules: Rules,
    first: date,
    last: date,
    now: int,
    max_wait_min: int = 0,
    override: Set[str] = frozenset(),
) -> list[Plan]:
    """A plan for every start on the local dates `first` to `last` that has one, sorted by start.

    `visit_reasons` is empty for exactly these starts (D14). The plan shown is one that stands; the write may choose
    fairer people.
    """
    raise NotImplementedError


def taken(*, segments: Sequence[Segment], plan: Plan) -> list[Taken]:
    """Every range the plan occupies, each in a lane that is free: what the write stores. Nothing for a joined session."""
    raise NotImplementedError
