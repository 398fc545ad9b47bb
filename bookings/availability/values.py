"""What the engine is told. Plain frozen values, no ORM.

Instants are whole epoch seconds, UTC. Hours are wall-clock minutes of a local date, 0-2880, so that 20:00-26:00 is a
shift that ends the next day (D1). Lengths are elapsed minutes (D2). Every span is half-open (D5).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from .intervals import Span

# ISO weekday, 1 (Monday) to 7, to the wall minutes planned for it.
Weekly = Mapping[int, tuple[Span, ...]]

ACTIVE, PROCESSING = "active", "processing"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a service: `active` needs the person, `processing` (colour developing) does not (D6)."""

    kind: str
    minutes: int

    def __post_init__(self):
        # A kind that is not quite "active" would occupy nobody, and book the person twice.
        if self.kind not in (ACTIVE, PROCESSING):
            raise ValueError(f"unknown kind of phase: {self.kind!r}")
        if self.minutes <= 0:
            raise ValueError("a phase lasts at least a minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A kind of room or chair and how many of it there are: `capacity` lanes, as a person has them.

    `busy` holds the occupied ranges of each lane, buffers inside; `blocks` rule out all of it (a room under repair).
    """

    id: object
    name: str = ""
    capacity: int = 1
    busy: tuple[tuple[Span, ...], ...] = ()
    blocks: tuple[Span, ...] = ()

    def __post_init__(self):
        if self.capacity < 1:
            raise ValueError("a resource that is there is there at least once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A meeting of a class that already stands, with the seats still empty (D11). Its time is in the person's `busy`."""

    id: object
    start: int
    end: int
    free: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """How one person performs one service: length, price and buffers may differ from a colleague's (D15).

    `hours` is when the service is offered at all, None where it says nothing of its own. `resources` are needed one of
    each, for the whole length. For a class, `sessions` are this person's and `seats` how many the visit needs; with
    `joins_only` no new session may be opened.
    """

    person_id: object
    phases: tuple[Phase, ...]
    price_cents: int = 0
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    hours: Weekly | None = None
    resources: tuple[Resource, ...] = ()
    sessions: tuple[Session, ...] = ()
    seats: int = 1
    joins_only: bool = False

    def __post_init__(self):
        if not any(phase.kind == ACTIVE for phase in self.phases):
            raise ValueError("a service needs its person in at least one phase")
        if self.buffer_before_min < 0 or self.buffer_after_min < 0:
            raise ValueError("a buffer cannot be negative")

    @property
    def duration_min(self) -> int:
        """What the client is told: all phases, no buffers."""
        return sum(phase.minutes for phase in self.phases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The business's rules, already merged with the service's (`merged_notice`).

    `hours` is None where the business sets no opening hours of its own; `{}` means never open (D15). A date in
    `special_hours` replaces them for the shifts that start on it.
    `hard_edges` makes buffers stay inside the working window (D7).
    """

    zone: ZoneInfo
    step_min: int
    notice_min: int
    horizon_days: int
    hard_edges: bool = False
    hours: Weekly | None = None
    special_hours: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    closures: frozenset[date] = frozenset()

    def __post_init__(self):
        if self.step_min <= 0:
            raise ValueError("a grid needs a step of at least a minute")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One team member's calendar, as far as the asked dates need it: three days more on either side.

    `weekly` is the plan for the service asked about. A date in `special_days` replaces it; `()` is a day off (D4).
    `busy` holds the occupied ranges of each lane, buffers inside (D6); a move leaves the moved booking's out.
    """

    id: object
    weekly: Weekly
    name: str = ""
    special_days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    open_anyway: frozenset[date] = frozenset()
    breaks: Weekly = field(default_factory=dict)
    blocks: tuple[Span, ...] = ()
    busy: tuple[tuple[Span, ...], ...] = ()
    capacity: int = 1
    booked_min_by_date: Mapping[date, int] = field(default_factory=dict)
    last_assigned_at: float | None = None

    def __post_init__(self):
        if self.capacity < 1:
            raise ValueError("a person serves at least one client at a time")


@dataclass(frozen=True, slots=True)
class Busy:
    """One occupied range with the booking that causes it; `owner` is the id of the person or resource it takes."""

    start: int
    end: int
    ref: object
    lane: int = 0
    owner: object = None


@dataclass(frozen=True, slots=True)
class Block:
    """One time block with its own reference; `owner` as in `Busy`."""

    start: int
    end: int
    ref: object
    owner: object = None


def lanes_of(rows: Iterable[Busy]) -> tuple[tuple[Span, ...], ...]:
    """The rows as `Person.busy` wants them: per lane, sorted."""
    lanes: dict[int, list[Span]] = {}
    for row in rows:
        lanes.setdefault(row.lane, []).append((row.start, row.end))
    return tuple(tuple(sorted(lanes.get(lane, ()))) for lane in range(max(lanes, default=-1) + 1))
