"""The rules that say no, by name (D14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .intervals import Span
from .limits import HORIZON, NOTICE
from .values import Block, Busy


class Code(StrEnum):
    """The rule that says no. Stable: screens and the API tell these apart."""

    PAST = "past"
    NOTICE = NOTICE
    HORIZON = HORIZON
    CLOSED = "closed"
    SPECIAL_DAY_OFF = "special_day_off"
    NOT_WORKING = "not_working"
    OUTSIDE_HOURS = "outside_hours"
    SERVICE_HOURS = "service_hours"
    OFF_GRID = "off_grid"
    RUNS_PAST_END = "runs_past_end"
    EDGE_BUFFER = "edge_buffer"
    BREAK = "break"
    BLOCK = "block"
    BUSY = "busy"
    BUFFER = "buffer"
    RESOURCE = "resource"
    SESSION_FULL = "session_full"
    NO_SESSION = "no_session"
    NOBODY = "nobody"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Reason:
    """A broken rule, a sentence for staff, and the booking or block that causes it, where one does.

    In a visit: whom it keeps from which of its segments (`visit_reasons`); None where it is about the visit.
    """

    code: Code
    text: str
    ref: object = None
    person_id: object = None
    segment: int | None = None


CLOSED = Reason(Code.CLOSED, "The business is closed that day.")


class Causes:
    """The refs of the bookings and blocks in the way. A row without an owner lends its ref to everyone's."""

    def __init__(self, *, busy: Iterable[Busy] = (), blocks: Iterable[Block] = ()):
        self._bookings = {(row.owner, row.start, row.end, row.lane): row.ref for row in busy}
        self._blocks = {(block.owner, block.start, block.end): block.ref for block in blocks}

    def booking(self, owner: object, span: Span, lane: int) -> object:
        """The ref of the booking that takes this range of the person or resource, None where it is not known."""
        return self._bookings.get((owner, *span, lane), self._bookings.get((None, *span, lane)))

    def block(self, owner: object, span: Span) -> object:
        return self._blocks.get((owner, *span), self._blocks.get((None, *span)))
