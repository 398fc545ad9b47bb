"""Classes: a session that stands is offered at its own start while it has seats (D11).

It will take place, so grid, hours, breaks and its own time in the diary do not matter; closures and blocks do.
"""

from collections.abc import Iterator, Sequence, Set
from datetime import date

from .clock import day_span, local_date
from .codes import CLOSED, Causes, Code, Reason
from .hours import closed_spans
from .intervals import Span, overlap
from .limits import bounds
from .values import Able, Person, Rules, Session


def session_at(*, able: Able, start: int) -> Session | None:
    """The session that starts then, of several the one with most empty seats."""
    return max((each for each in able.sessions if each.start == start), key=lambda each: each.free, default=None)


def joinable(
    *, able: Able, person: Person, rules: Rules, first: date, last: date, now: int, override: Set[str] = frozenset()
) -> dict[int, Session]:
    """The sessions on local dates `first` to `last` with enough empty seats, by start."""
    opens, closes = day_span(first, rules.zone)[0], day_span(last, rules.zone)[1]
    earliest, too_late = bounds(rules=rules, now=now, override=override)
    low, high = max(opens, earliest), min(closes, too_late)
    found = {}
    for start in {each.start for each in able.sessions if low <= each.start < high}:
        session = session_at(able=able, start=start)
        if session.free >= able.seats and not _met(able, person, rules, session):
            found[start] = session
    return found


def session_reasons(
    *, able: Able, person: Person, rules: Rules, start: int, session: Session | None, causes: Causes
) -> list[Reason]:
    """What keeps the visit out of the session at `start`; past, notice and horizon are asked elsewhere."""
    if session is None:
        return [Reason(Code.NO_SESSION, "No class starts at this time.")]
    found = []
    if session.free < able.seats:
        found.append(Reason(Code.SESSION_FULL, _full_text(able, session)))
    found += [CLOSED for _ in _closures(person, rules, session)][:1]
    for owner, name, span in _blocks(able, person):
        if overlap(span, (session.start, session.end)):
            code, text = (Code.RESOURCE, f"{name} is blocked") if name else (Code.BLOCK, "This time is blocked")
            found.append(Reason(code, f"{text} during the class.", causes.block(owner, span)))
    return found


def _met(able: Able, person: Person, rules: Rules, session: Session) -> bool:
    span = session.start, session.end
    return bool(_closures(person, rules, session)) or any(overlap(block, span) for _, _, block in _blocks(able, person))


def _closures(person: Person, rules: Rules, session: Session) -> Sequence[Span]:
    day = local_date(session.start, rules.zone)
    spans = closed_spans(person, rules, day, day)
    return [span for span in spans if overlap(span, (session.start, session.end))]


def _blocks(able: Able, person: Person) -> Iterator[tuple[object, str, Span]]:
    """The owner of each block, its name where it is a resource, and the block."""
    yield from ((person.id, "", span) for span in person.blocks)
    for resource in able.resources:
        yield from ((resource.id, resource.name or "Something this class needs", span) for span in resource.blocks)


def _full_text(able: Able, session: Session) -> str:
    if session.free <= 0:
        return "The class is full."
    seats = "1 seat is" if session.free == 1 else f"{session.free} seats are"
    return f"Only {seats} left in the class, and the visit needs {able.seats}."
