"""Several services in one visit: who does what when (D12). See docs/decisions/0008-visits.md."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date

from .clock import local_date
from .plan import Part, Plan, Segment
from .search import Search
from .sessions import joinable
from .values import Rules

#: Beyond that many services a calendar shows the first plan that stands: comparing all of them for every start of a
#: month takes seconds where people wait.
MOST_COMPARED = 4


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

    Fewest hand-overs, then least waiting, then the ranks in order of the parts. `rank` orders the people (lower first, by
    person id; `choice.ranks`); without it, the candidates' own order. A class that stands is joined before another is
    opened at the same time. Raises ValueError for a class among several services.
    """
    day = local_date(start, rules.zone)
    joined = _joined(segments, rules, day, day, now, override, rank).get(start)
    if joined is not None:
        return joined
    search = search_for(
        segments=segments, rules=rules, first=day, last=day, now=now, max_wait_min=max_wait_min, override=override,
        rank=rank,
    )  # fmt: skip
    return search.plan(start)


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

    `visit_reasons` is empty for exactly these starts (D14). The plan shown of up to four services has as few hand-overs
    and as little waiting as the write's; between equals the write may choose somebody whose turn it is. Raises
    ValueError for a class among several services.
    """
    joined = _joined(segments, rules, first, last, now, override, None)
    search = search_for(
        segments=segments, rules=rules, first=first, last=last, now=now, max_wait_min=max_wait_min, override=override,
        any_plan=len(segments) > MOST_COMPARED,
    )  # fmt: skip
    found = {start: plan for start in search.starts if (plan := search.plan(start)) is not None} | joined
    return [found[start] for start in sorted(found)]


def search_for(*, segments: Sequence[Segment], rank: Mapping[object, object] | None = None, **asked) -> Search:
    """The search over all that can be opened anew: without the classes that can only be joined."""
    return Search(segments=[_without_joiners(each) for each in segments], rank=rank, **asked)


def _without_joiners(segment: Segment) -> Segment:
    if not any(able.joins_only for able, _ in segment.candidates):
        return segment
    return replace(segment, candidates=tuple(pair for pair in segment.candidates if not pair[0].joins_only))


def _joined(
    segments: Sequence[Segment],
    rules: Rules,
    first: date,
    last: date,
    now: int,
    override: Set[str],
    rank: Mapping[object, object] | None,
) -> dict[int, Plan]:
    """By start, the visit as seats of a class that already stands."""
    if not segments:
        raise ValueError("a visit has at least one service")
    if len(segments) > 1:
        if any(able.sessions or able.joins_only for each in segments for able, _ in each.candidates):
            raise ValueError("a class is booked on its own")
        return {}
    found: dict[int, Plan] = {}
    for able, person in _by_rank(segments[0], rank):
        if not able.sessions:
            continue
        asked = {"able": able, "person": person, "rules": rules, "first": first, "last": last}
        for start, session in joinable(**asked, now=now, override=override).items():
            part = Part(0, person.id, person.name, able.price_cents, start, session.end, session.id)
            found.setdefault(start, Plan((part,)))
    return found


def _by_rank(segment: Segment, rank: Mapping[object, object] | None) -> Iterator[tuple]:
    if rank is None:
        return iter(segment.candidates)
    return iter(sorted(segment.candidates, key=lambda pair: rank[pair[1].id]))
