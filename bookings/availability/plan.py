"""A visit as it is asked for and as it is answered: segments in, a plan of parts out (D12)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .clock import instant
from .engine import Candidate

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


def staged(segments: Sequence[Segment]) -> Iterator[list[int]]:
    """The numbers of the segments of each stage; the segments of one stage start together."""
    stage: list[int] = []
    for number, segment in enumerate(segments):
        if stage and not segment.together:
            yield stage
            stage = []
        stage.append(number)
    yield stage
