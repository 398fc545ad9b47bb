"""Why a start cannot be booked (D14), and the same question asked again before writing (D13)."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import StrEnum

from .clock import local_date
from .hours import break_spans, closed_spans, daily_windows, shifts_on
from .intervals import Span, overlap
from .limits import HORIZON, NOTICE, bounds
from .occupancy import footprint, free_lane, occupied
from .values import Able, Block, Busy, Person, Rules


class Code(StrEnum):
    """The rule that says no. Stable: screens and the API tell these apart."""

    PAST = "past"
    NOTICE = NOTICE
    HORIZON = HORIZON
    CLOSED = "closed"
    SPECIAL_DAY_OFF = "special_day_off"
    NOT_WORKING = "not_working"
    OUTSIDE_HOURS = "outside_hours"
    OFF_GRID = "off_grid"
    RUNS_PAST_END = "runs_past_end"
    EDGE_BUFFER = "edge_buffer"
    BREAK = "break"
    BLOCK = "block"
    BUSY = "busy"
    BUFFER = "buffer"


@dataclass(frozen=True, slots=True)
class Reason:
    """A broken rule, a sentence for staff, and the booking or block that causes it, where one does."""

    code: Code
    text: str
    ref: object = None


CLOSED = Reason(Code.CLOSED, "The business is closed that day.")


def check(
    *, able: Able, person: Person, rules: Rules, start: int, now: int, override: Set[str] = frozenset()
) -> list[Reason]:
    """`reasons` as the write transaction asks, with what it has just loaded and a fresh `now`: empty means go (D13)."""
    return reasons(able=able, person=person, rules=rules, start=start, now=now, override=override)


def reasons(
    *,
    able: Able,
    person: Person,
    rules: Rules,
    start: int,
    now: int,
    override: Set[str] = frozenset(),
    busy: Sequence[Busy] = (),
    blocks: Sequence[Block] = (),
) -> list[Reason]:
    """Every rule that keeps this person from taking a visit at `start`; empty exactly when `starts` lists it (D14).

    `busy` and `blocks` only lend their refs to what `person` already holds; they never decide.
    """
    refs = {(row.start, row.end, row.lane): row.ref for row in busy}
    block_refs = {(block.start, block.end): block.ref for block in blocks}
    found = [
        *_limit_reasons(rules, start, now, override),
        *_window_reasons(able, person, rules, start),
        *_hard_reasons(able, person, rules, start, block_refs),
        *_busy_reasons(able, person, start, refs),
    ]
    return list(dict.fromkeys(found))


def _limit_reasons(rules: Rules, start: int, now: int, override: Set[str]) -> Iterator[Reason]:
    earliest, too_late = bounds(rules=rules, now=now, override=override)
    if start < now:
        yield Reason(Code.PAST, "This time has passed.")
    elif start < earliest:
        yield Reason(Code.NOTICE, f"Bookings need {rules.notice_min} minutes' notice.")
    if start >= too_late:
        yield Reason(Code.HORIZON, f"Bookings open {rules.horizon_days} days ahead.")


def _window_reasons(able: Able, person: Person, rules: Rules, start: int) -> Iterator[Reason]:
    day = local_date(start, rules.zone)
    [(_, windows)] = daily_windows(person=person, rules=rules, first=day, last=day)
    for opens, closes in windows:
        if opens <= start < closes:
            yield from _fit_reasons(able, rules, start, (opens, closes))
            return
    yield _why_no_window(person, rules, start)


def _fit_reasons(able: Able, rules: Rules, start: int, window: Span) -> Iterator[Reason]:
    opens, closes = window
    if (start - opens) % (rules.step_min * 60):
        yield Reason(Code.OFF_GRID, f"Visits start every {rules.step_min} minutes from the start of the shift.")
    _, visit = footprint(able=able, hard_edges=False)
    before, until = footprint(able=able, hard_edges=rules.hard_edges)
    if start + visit > closes:
        yield Reason(Code.RUNS_PAST_END, f"The visit lasts {able.duration_min} minutes and would run past the end.")
    elif start + before < opens or start + until > closes:
        yield Reason(Code.EDGE_BUFFER, "The time before or after the visit does not fit into working hours.")


def _why_no_window(person: Person, rules: Rules, start: int) -> Reason:
    day = local_date(start, rules.zone)
    if any(_within(start, span) for span in closed_spans(person, rules, day, day)):
        return CLOSED
    [(_, worked)] = daily_windows(person=person, rules=replace(rules, hours=None), first=day, last=day)
    if any(_within(start, span) for span in worked):
        return Reason(Code.OUTSIDE_HOURS, "The business is not open at this time.")
    if day in person.special_days and not shifts_on(person, day, rules):
        return Reason(Code.SPECIAL_DAY_OFF, f"{person.name or 'This person'} is off that day.")
    return Reason(Code.NOT_WORKING, f"{person.name or 'This person'} does not work at this time.")


def _hard_reasons(
    able: Able, person: Person, rules: Rules, start: int, block_refs: Mapping[Span, object]
) -> Iterator[Reason]:
    day = local_date(start, rules.zone)
    for span in closed_spans(person, rules, day, day):
        yield from _clash(able, start, span, CLOSED)
    for span in break_spans(person, rules, day, day):
        yield from _clash(able, start, span, Reason(Code.BREAK, "There is a break."))
    for span in person.blocks:
        yield from _clash(able, start, span, Reason(Code.BLOCK, "This time is blocked.", block_refs.get(span)))


def _busy_reasons(
    able: Able, person: Person, start: int, refs: Mapping[tuple[int, int, int], object]
) -> Iterator[Reason]:
    """Nothing while a lane is free; else what fills each of them."""
    if free_lane(able=able, person=person, start=start) is not None:
        return
    for lane, spans in enumerate(person.busy):
        for span in spans:
            yield from _clash(able, start, span, Reason(Code.BUSY, "There is a booking.", refs.get((*span, lane))))


def _clash(able: Able, start: int, span: Span, reason: Reason) -> Iterator[Reason]:
    """`reason` if the visit itself meets the span; the buffer's, with the same cause, if only its buffers do (D7)."""
    if not any(overlap(taken, span) for taken in occupied(able=able, start=start)):
        return
    bare = replace(able, buffer_before_min=0, buffer_after_min=0)
    if any(overlap(taken, span) for taken in occupied(able=bare, start=start)):
        yield reason
    else:
        text = f"The time kept free before or after the visit is taken: {reason.text}"
        yield Reason(Code.BUFFER, text, reason.ref)


def _within(start: int, span: Span) -> bool:
    return span[0] <= start < span[1]
