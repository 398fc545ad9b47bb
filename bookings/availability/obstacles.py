"""What keeps a person from one service at one time: hours, breaks, blocks, bookings, resources (D14)."""

from collections.abc import Iterator
from dataclasses import replace

from .clock import local_date
from .codes import CLOSED, Causes, Code, Reason
from .hours import break_spans, closed_spans, daily_windows, shifts_on
from .intervals import Span, overlap
from .occupancy import footprint, free_lane, held, lane_for, occupied
from .values import Able, Person, Resource, Rules


def obstacles(
    *, able: Able, person: Person, rules: Rules, start: int, causes: Causes, on_grid: bool = True, name: str = ""
) -> list[Reason]:
    """Every rule of the person, the service and its resources against a part at `start`; past, notice and horizon are
    the visit's. Only a visit's first part has to be `on_grid`. `name` is the service's.
    """
    found = [
        *_window_reasons(able, person, rules, start, on_grid, name),
        *_hard_reasons(able, person, rules, start, causes),
        *_busy_reasons(able, person, start, causes),
    ]
    for resource in able.resources:
        found += _resource_reasons(able, resource, start, causes)
    return list(dict.fromkeys(found))


def _window_reasons(able: Able, person: Person, rules: Rules, start: int, on_grid: bool, name: str) -> Iterator[Reason]:
    for opens, closes in _windows(person, rules, start, able):
        if opens <= start < closes:
            yield from _fit_reasons(able, rules, start, (opens, closes), on_grid)
            return
    yield _why_no_window(able, person, rules, start, name)


def _fit_reasons(able: Able, rules: Rules, start: int, window: Span, on_grid: bool) -> Iterator[Reason]:
    opens, closes = window
    if on_grid and (start - opens) % (rules.step_min * 60):
        yield Reason(Code.OFF_GRID, f"Visits start every {rules.step_min} minutes from the start of the shift.")
    _, visit = footprint(able=able, hard_edges=False)
    before, until = footprint(able=able, hard_edges=rules.hard_edges)
    if start + visit > closes:
        yield Reason(Code.RUNS_PAST_END, f"The visit lasts {able.duration_min} minutes and would run past the end.")
    elif start + before < opens or start + until > closes:
        yield Reason(Code.EDGE_BUFFER, "The time before or after the visit does not fit into working hours.")


def _why_no_window(able: Able, person: Person, rules: Rules, start: int, name: str) -> Reason:
    day = local_date(start, rules.zone)
    if any(_within(start, span) for span in closed_spans(person, rules, day, day)):
        return CLOSED
    always = replace(rules, hours=None, special_hours={})
    if any(_within(start, span) for span in _windows(person, always, start)):
        if able.hours is not None and any(_within(start, span) for span in _windows(person, rules, start)):
            return Reason(Code.SERVICE_HOURS, f"{name or 'This service'} is not offered at this time.")
        return Reason(Code.OUTSIDE_HOURS, "The business is not open at this time.")
    if day in person.special_days and not shifts_on(person, day, rules):
        return Reason(Code.SPECIAL_DAY_OFF, f"{person.name or 'This person'} is off that day.")
    return Reason(Code.NOT_WORKING, f"{person.name or 'This person'} does not work at this time.")


def _windows(person: Person, rules: Rules, start: int, able: Able | None = None) -> list[Span]:
    """The windows open to a part at `start`; without `able` those of any service."""
    day = local_date(start, rules.zone)
    service = able and able.hours
    [(_, windows)] = daily_windows(person=person, rules=rules, first=day, last=day, service=service)
    return windows


def _hard_reasons(able: Able, person: Person, rules: Rules, start: int, causes: Causes) -> Iterator[Reason]:
    day = local_date(start, rules.zone)
    for span in closed_spans(person, rules, day, day):
        yield from _clash(able, start, span, CLOSED)
    for span in break_spans(person, rules, day, day):
        yield from _clash(able, start, span, Reason(Code.BREAK, "There is a break."))
    for span in person.blocks:
        reason = Reason(Code.BLOCK, "This time is blocked.", causes.block(person.id, span))
        yield from _clash(able, start, span, reason)


def _busy_reasons(able: Able, person: Person, start: int, causes: Causes) -> Iterator[Reason]:
    """Nothing while a lane is free; else what fills each of them."""
    if free_lane(able=able, person=person, start=start) is not None:
        return
    for lane, spans in enumerate(person.busy):
        for span in spans:
            reason = Reason(Code.BUSY, "There is a booking.", causes.booking(person.id, span, lane))
            yield from _clash(able, start, span, reason)


def _resource_reasons(able: Able, resource: Resource, start: int, causes: Causes) -> Iterator[Reason]:
    return resource_clashes(resource=resource, span=held(able=able, start=start), causes=causes)


def resource_clashes(*, resource: Resource, span: Span, causes: Causes) -> Iterator[Reason]:
    """Nothing while a unit is free and none is blocked; else what takes each of them."""
    name = resource.name or "Something this service needs"
    for block in resource.blocks:
        if overlap(block, span):
            yield Reason(Code.RESOURCE, f"{name} is blocked at this time.", causes.block(resource.id, block))
    if lane_for(ranges=[span], busy=resource.busy, capacity=resource.capacity) is not None:
        return
    for lane, taken in enumerate(resource.busy):
        for each in taken:
            if overlap(each, span):
                yield Reason(Code.RESOURCE, f"{name} is taken at this time.", causes.booking(resource.id, each, lane))


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
