"""The offer as a calendar shows it: by local date, with the venue's wall time beside each instant (D1, D3)."""

from bisect import bisect_left
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from .clock import day_span, instant, local_date, local_label
from .engine import Candidate, Option, Slot, offered
from .hours import dates
from .plan import Plan, Segment
from .values import Rules
from .visits import plans


class LabelledSlot(NamedTuple):
    """A slot with the time the venue's clock shows when it starts.

    One service: `options` lists who can take it. Several: `plan` is one that stands, and `options` is empty. `fits` is None
    where nobody has judged what the start leaves of the day (`remnants.preferred`).
    """

    start: int
    label: str
    options: tuple[Option, ...]
    plan: Plan | None = None
    fits: bool | None = None

    @property
    def start_at(self) -> datetime:
        return instant(self.start)


@dataclass(frozen=True, slots=True)
class Day:
    """A local date and the slots that start on it; the date is free exactly when there is one."""

    date: date
    slots: tuple[LabelledSlot, ...]


def days(
    *,
    candidates: Sequence[Candidate],
    rules: Rules,
    first: date,
    last: date,
    now: int,
    override: Set[str] = frozenset(),
) -> list[Day]:
    """What `offered` answers, as one `Day` for every date from `first` to `last`, the empty ones too."""
    slots = offered(candidates=candidates, rules=rules, first=first, last=last, now=now, override=override)
    return [Day(day, _labelled(slots, day, rules.zone)) for day in dates(first, last)]


def visit_days(
    *,
    segments: Sequence[Segment],
    rules: Rules,
    first: date,
    last: date,
    now: int,
    max_wait_min: int = 0,
    override: Set[str] = frozenset(),
) -> list[Day]:
    """`days` for a visit of one or several services; for one it is the same."""
    asked = {"rules": rules, "first": first, "last": last, "now": now, "override": override}
    if len(segments) == 1:
        return days(candidates=segments[0].candidates, **asked)
    by_date: dict[date, list[LabelledSlot]] = {day: [] for day in dates(first, last)}
    for plan in plans(segments=segments, max_wait_min=max_wait_min, **asked):
        slot = LabelledSlot(plan.start, local_label(plan.start, rules.zone), (), plan)
        by_date[local_date(plan.start, rules.zone)].append(slot)
    return [Day(day, tuple(slots)) for day, slots in by_date.items()]


def _labelled(slots: Sequence[Slot], day: date, zone: ZoneInfo) -> tuple[LabelledSlot, ...]:
    low, high = (bisect_left(slots, edge, key=lambda slot: slot.start) for edge in day_span(day, zone))
    return tuple(LabelledSlot(slot.start, local_label(slot.start, zone), slot.options) for slot in slots[low:high])
