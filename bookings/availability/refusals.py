"""Why a visit of one or several services cannot start then (D12, D14)."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from .clock import local_date
from .codes import Causes, Code, Reason
from .limits import OVERRIDABLE
from .obstacles import obstacles, resource_clashes
from .plan import Plan, Segment, staged
from .reasons import limit_reasons, one_service_reasons
from .stages import NOBODY, effective
from .takings import runs, settled
from .values import Block, Busy, Person, Rules
from .visits import arrange, search_for


def visit_reasons(
    *,
    segments: Sequence[Segment],
    rules: Rules,
    start: int,
    now: int,
    max_wait_min: int = 0,
    override: Set[str] = frozenset(),
    busy: Sequence[Busy] = (),
    blocks: Sequence[Block] = (),
) -> list[Reason]:
    """Why the visit cannot start then; empty exactly when `arrange` finds a plan.

    What is wrong with the start itself, then what keeps each person from the first services that nobody can do, with
    `person_id` and `segment`. `busy` and `blocks` lend their refs: rows with an `owner` to that person or resource.
    """
    asked = {"segments": segments, "rules": rules, "start": start, "max_wait_min": max_wait_min}
    if arrange(**asked, now=now, override=override) is not None:
        return []
    limits = limit_reasons(rules=rules, start=start, now=now, override=override)
    causes = Causes(busy=busy, blocks=blocks)
    found = _of_one(segments, rules, start, causes) if len(segments) == 1 else _of_chain(**asked, causes=causes)
    return list(dict.fromkeys([*limits, *found]))


def _of_one(segments: Sequence[Segment], rules: Rules, start: int, causes: Causes) -> Iterator[Reason]:
    [segment] = segments
    if not segment.candidates:
        yield _nobody(segment, 0)
    all_found = [
        (person, one_service_reasons(
            able=able, person=person, rules=rules, start=start, causes=causes, name=segment.name
        ))
        for able, person in segment.candidates
    ]  # fmt: skip
    if all(found for _, found in all_found):
        for person, found in all_found:
            yield from (_told(reason, 0, person) for reason in found)


def _of_chain(
    *, segments: Sequence[Segment], rules: Rules, start: int, max_wait_min: int, causes: Causes
) -> list[Reason]:
    """Reasons beyond past, notice and horizon, which are therefore set aside here."""
    day = local_date(start, rules.zone)
    asked = {"rules": rules, "first": day, "last": day, "now": start, "max_wait_min": max_wait_min}
    asked |= {"override": OVERRIDABLE, "any_plan": True}
    search = search_for(segments=segments, **asked)
    if search.plan(start) is not None:
        return []
    stuck = search.stuck(start)
    if stuck is not None:
        return list(_of_stage(segments, rules, *stuck, causes))
    plan = search_for(segments=[_bare(segment) for segment in segments], **asked).plan(start)
    clashes = [] if plan is None else list(_of_runs(segments, plan, causes))
    return clashes or [Reason(Code.SEQUENCE, "The services do not fit together from this time.")]


def _of_stage(segments: Sequence[Segment], rules: Rules, place: int, start: int, causes: Causes) -> Iterator[Reason]:
    """The segments of the stage that nobody can do at `start`, with what keeps each person from it at best."""
    stages = list(staged(segments))
    people = [NOBODY, *(_ids(segments, stage) for stage in stages), NOBODY]
    for number in stages[place]:
        segment, found = segments[number], {}
        for able, person in segment.candidates:
            at_best = effective(able, before=person.id not in people[place], after=person.id not in people[place + 2])
            found[person.id] = person, obstacles(
                able=at_best, person=person, rules=rules, start=start, causes=causes, on_grid=number == 0,
                name=segment.name,
            )  # fmt: skip
        if not found:
            yield _nobody(segment, number)
        elif all(reasons for _, reasons in found.values()):
            for person, reasons in found.values():
                yield from (_told(reason, number, person) for reason in reasons)


def _of_runs(segments: Sequence[Segment], plan: Plan, causes: Causes) -> Iterator[Reason]:
    """The people would do, the chair would not: what takes it while the visit keeps it."""
    for unit in runs(settled(segments=segments, plan=plan)):
        for reason in resource_clashes(resource=unit.resource, span=unit.span, causes=causes):
            yield _told(reason, unit.segment)


def _ids(segments: Sequence[Segment], stage: Sequence[int]) -> frozenset:
    return frozenset(person.id for number in stage for _, person in segments[number].candidates)


def _bare(segment: Segment) -> Segment:
    return replace(
        segment, candidates=tuple((replace(able, resources=()), person) for able, person in segment.candidates)
    )


def _nobody(segment: Segment, number: int) -> Reason:
    return Reason(Code.NOBODY, f"Nobody performs {segment.name or 'this service'}.", segment=number)


def _told(reason: Reason, number: int, person: Person | None = None) -> Reason:
    """The reason with whom and which segment it concerns; screens print these beside it."""
    return replace(reason, person_id=person and person.id, segment=number)
