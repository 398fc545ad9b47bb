"""What a start would leave unsold of the time around it, and the offer by that. See docs/decisions/0045-gap-aware-offers.md.

A remnant is the free time of a person between a visit and whatever comes before or after it. It is unsellable where it
is longer than nothing and none of the person's `Offering`s could start in it. Time that the shortest of them could not
use anyway, before the first start of a free stretch or after its last end, is nobody's remnant.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import NamedTuple

from .clock import ONE_DAY
from .days import Day, LabelledSlot
from .engine import Option, grid_runs, hard_spans
from .hours import Opening, daily_windows
from .intervals import Span, merge, subtract
from .occupancy import occupied
from .plan import Plan, Segment
from .takings import taken
from .values import ACTIVE, Able, Person, Phase, Rules, Weekly


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """A service as something that may still fit: how long one person takes for it, on which grid, and when at all.

    `weekly` is that person's own plan for it, `hours` the service's; None where there is none.
    """

    minutes: int
    step_min: int
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    notice_min: int = 0
    weekly: Weekly | None = None
    hours: Weekly | None = None

    def covers(self, other: "Offering") -> bool:
        """Whether this one fits wherever the other does."""
        return (
            self.step_min == other.step_min
            and self.weekly == other.weekly
            and (self.hours is None or self.hours == other.hours)
            and self.minutes <= other.minutes
            and self.buffer_before_min <= other.buffer_before_min
            and self.buffer_after_min <= other.buffer_after_min
            and self.notice_min <= other.notice_min
        )


Offerings = Mapping[object, Sequence[Offering]]


class Verdict(NamedTuple):
    """`wasted` seconds nobody could be served in any more; `touches`: right beside something, no new gap is made."""

    wasted: int
    touches: bool

    @property
    def fits(self) -> bool:
        return not self.wasted and self.touches


UNJUDGED = Verdict(0, False)


class Piece(NamedTuple):
    """What a visit takes of a person in one go, buffers inside; the person surely works in [`since`, `until`)."""

    start: int
    end: int
    since: int
    until: int


class Room(NamedTuple):
    """A stretch in which a person works and is free, by what could be made of it: when the first visit could begin and end
    at the earliest, and the last one begin and end at the latest. None where nothing fits.
    """

    start: int
    end: int
    opens: int | None = None
    first_end: int | None = None
    last_start: int | None = None
    closes: int | None = None


class Run(NamedTuple):
    """Starts of an offering on one grid, `low` to `high` (not included), with what it takes before and after them."""

    anchor: int
    low: int
    high: int
    step: int
    before: int
    length: int
    after: int

    def first(self, low: int, high: int) -> int | None:
        """The first start from which all of it lies between `low` and `high`."""
        start = max(self.low, low + self.before)
        start += (self.anchor - start) % self.step
        return start if start <= self._latest(high) else None

    def last(self, low: int, high: int) -> int | None:
        start = self._latest(high)
        start -= (start - self.anchor) % self.step
        return start if start >= max(self.low, low + self.before) else None

    def _latest(self, high: int) -> int:
        return min(self.high - 1, high - self.length - self.after)


class Calendar:
    """One person's free stretches on some dates."""

    def __init__(
        self, *, person: Person, offerings: Sequence[Offering], rules: Rules, first: date, last: date, now: int,
        opening: Opening | None = None,
    ):  # fmt: skip
        self._runs: list[Run] = []
        works: list[Span] = []
        asked = {"rules": rules, "first": first, "last": last}
        for each in shortest(offerings):
            own = person if each.weekly is None else replace(person, weekly=each.weekly)
            daily = list(daily_windows(person=own, **asked, service=each.hours, opening=opening))
            works += [span for _, windows in daily for span in windows]
            self._runs += _runs(each, rules, daily, now)
        hard = hard_spans(person=person, **asked)
        self._taken = merge([*hard, *(span for lane in person.busy for span in lane)])
        self._ends = [end for _, end in self._taken]
        self._rooms = [self._room(span) for span in subtract(works, self._taken)]
        self._starts = [room.start for room in self._rooms]

    def verdict(self, pieces: Sequence[Piece]) -> Verdict:
        """Of one visit: what its pieces leave before, between and after them. Pieces of one visit lie apart."""
        wasted, touches = 0, False
        for number, piece in enumerate(pieces):
            before, after = self._at(piece.since), self._at(piece.until - 1)
            earlier = pieces[number - 1] if number else None
            later = pieces[number + 1] if number + 1 < len(pieces) else None
            if before and (earlier is None or earlier.end <= before.start):
                left = piece.start - before.opens
                touches |= left <= 0
                wasted += left if left > 0 and piece.start < before.first_end else 0
            if after and (later is None or later.start >= after.end):
                left = after.closes - piece.end
                touches |= left <= 0
                wasted += left if left > 0 and piece.end > after.last_start else 0
            elif later is not None and piece.end < later.start and not self._sellable(piece.end, later.start):
                wasted += later.start - piece.end
        return Verdict(wasted, touches)

    def _at(self, moment: int) -> Room | None:
        """The room around a moment, where something fits into it."""
        number = bisect_right(self._starts, moment) - 1
        room = self._rooms[number] if number >= 0 else None
        return room if room and moment < room.end and room.opens is not None else None

    def _room(self, span: Span) -> Room:
        """Buffers may run past the working hours, never into what is taken."""
        start, end = span
        place = bisect_right(self._ends, start)
        low = self._ends[place - 1] if place else start - _FAR
        high = self._taken[place][0] if place < len(self._taken) else end + _FAR
        firsts, lasts = [], []
        for run in self._runs:
            if run.low < end and run.high > start:
                first, last = run.first(low, high), run.last(low, high)
                if first is not None and last is not None and start <= last and first < end:
                    firsts.append((max(first - run.before, start), first + run.length + run.after))
                    lasts.append((last - run.before, min(last + run.length + run.after, end)))
        if not firsts:
            return Room(start, end)
        return Room(
            start,
            end,
            opens=min(opens for opens, _ in firsts),
            first_end=min(ends for _, ends in firsts),
            last_start=max(begins for begins, _ in lasts),
            closes=max(closes for _, closes in lasts),
        )

    def _sellable(self, low: int, high: int) -> bool:
        return any(run.first(low, high) is not None for run in self._runs)


# Longer than any buffer.
_FAR = 2 * 24 * 60 * 60


def shortest(offerings: Iterable[Offering]) -> list[Offering]:
    """Those that matter: where another fits, one of these does."""
    kept: list[Offering] = []
    for each in sorted(offerings, key=lambda one: one.minutes + one.buffer_before_min + one.buffer_after_min):
        if not any(one.covers(each) for one in kept):
            kept.append(each)
    return kept


def preferred(days: Sequence[Day], **asked) -> list[Day]:
    """The same days and slots, each slot with `fits`: whoever of its options takes it, no time is wasted and no new gap made.

    `asked` as in `judged`.
    """
    return [
        Day(day.date, tuple(slot._replace(fits=all_fit(verdicts)) for slot, verdicts in rows))
        for day, rows in judged(days, **asked)
    ]


def thinned(days: Sequence[Day], **asked) -> list[Day]:
    """The days without what would waste time. A person keeps, on every date, the starts that waste least of theirs: what
    can be booked with them on a date still can. `asked` as in `judged`.
    """
    return [Day(day.date, tuple(_thinned(rows))) for day, rows in judged(days, **asked)]


def all_fit(verdicts: Sequence[Verdict]) -> bool:
    return not any(one.wasted for one in verdicts) and any(one.touches for one in verdicts)


def judged(
    days: Sequence[Day], *, segments: Sequence[Segment], rules: Rules, offerings: Offerings, now: int
) -> list[tuple[Day, list[tuple[LabelledSlot, list[Verdict]]]]]:
    """Each day's slots (as `visit_days` answers) with a verdict for each option, or one for the plan.

    `offerings` are what each person can be booked for, by person. Somebody who serves several at a time, or without
    offerings, is not judged: another may still come beside the visit.
    """
    if not days:
        return []
    bench = _Bench(segments, rules, offerings, days[0].date, days[-1].date, now)
    return [(day, [(slot, bench.verdicts(slot)) for slot in day.slots]) for day in days]


def _thinned(rows: Sequence[tuple[LabelledSlot, list[Verdict]]]) -> Iterable[LabelledSlot]:
    least: dict[object, int] = {}
    for slot, verdicts in rows:
        for key, verdict in zip(_keys(slot), verdicts, strict=True):
            least[key] = min(verdict.wasted, least.get(key, verdict.wasted))
    for slot, verdicts in rows:
        pairs = list(zip(_keys(slot), verdicts, strict=True))
        kept = [number for number, (key, verdict) in enumerate(pairs) if verdict.wasted <= least[key]]
        if kept:
            yield slot._replace(options=tuple(slot.options[number] for number in kept)) if slot.options else slot


def _keys(slot: LabelledSlot) -> list[object]:
    """Whose best counts for each verdict: a person's own for an option; the day's for a plan, whoever is in it."""
    return [option.person_id for option in slot.options] if slot.plan is None else [None]


class _Bench:
    """The calendars of everybody who may be in a visit, made when first looked at."""

    def __init__(
        self, segments: Sequence[Segment], rules: Rules, offerings: Offerings, first: date, last: date, now: int
    ):
        self._segments, self._offerings = segments, offerings
        # What is left of a late visit may belong to the next date.
        dates = {"rules": rules, "first": first - ONE_DAY, "last": last + ONE_DAY}
        self._new = partial(Calendar, **dates, now=now, opening=Opening(**dates))
        self._candidates = {person.id: (able, person) for able, person in segments[0].candidates}
        self._persons = {person.id: person for each in segments for _, person in each.candidates}
        self._calendars: dict[object, Calendar | None] = {}
        self._around: dict[object, tuple[int, int, int, int]] = {}

    def verdicts(self, slot: LabelledSlot) -> list[Verdict]:
        if slot.plan is not None:
            return [self._of_plan(slot.plan)]
        return [self._of_option(slot.start, option) for option in slot.options]

    def _of_option(self, start: int, option: Option) -> Verdict:
        calendar = self._calendar(option.person_id)
        if calendar is None:
            return UNJUDGED
        low, high, since, until = self._span(option.person_id)
        return calendar.verdict((Piece(start + low, start + high, start + since, start + until),))

    def _span(self, person_id: object) -> tuple[int, int, int, int]:
        """Of the asked service, with this person, for a start at 0: a `Piece`."""
        if person_id not in self._around:
            able, _ = self._candidates[person_id]
            self._around[person_id] = _piece(able)
        return self._around[person_id]

    def _of_plan(self, plan: Plan) -> Verdict:
        """All people of the plan together. Their calendars do not know of the visit itself: `pieces` do."""
        wasted, touches = 0, False
        for person_id, pieces in self._pieces(plan).items():
            calendar = self._calendar(person_id)
            if calendar is not None:
                verdict = calendar.verdict(pieces)
                wasted, touches = wasted + verdict.wasted, touches or verdict.touches
        return Verdict(wasted, touches)

    def _pieces(self, plan: Plan) -> dict[object, list[Piece]]:
        parts = {part.segment: part for part in plan.parts}
        found: dict[object, dict[int, Piece]] = {}
        for row in taken(segments=self._segments, plan=plan):
            if row.person_id is not None:
                part, own = parts[row.segment], found.setdefault(row.person_id, {})
                before = own.get(row.segment)
                start = row.start if before is None else before.start
                own[row.segment] = Piece(start, row.end, max(start, part.start), min(row.end, part.end))
        return {who: _joined(sorted(own.values())) for who, own in found.items()}

    def _calendar(self, person_id: object) -> Calendar | None:
        if person_id not in self._calendars:
            person, offerings = self._persons[person_id], self._offerings.get(person_id, ())
            judged = offerings and person.capacity == 1
            self._calendars[person_id] = self._new(person=person, offerings=offerings) if judged else None
        return self._calendars[person_id]


def _piece(able: Able) -> Piece:
    """From the first work to the last: what others are served with in between is not this visit's remnant."""
    ranges = occupied(able=able, start=0)
    start, end = ranges[0][0], ranges[-1][1]
    return Piece(start, end, start + able.buffer_before_min * 60, end - able.buffer_after_min * 60)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that meet as one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.start <= joined[-1].end:
            before = joined[-1]
            joined[-1] = Piece(before.start, max(before.end, piece.end), before.since, max(before.until, piece.until))
        else:
            joined.append(piece)
    return joined


def _runs(offering: Offering, rules: Rules, daily: Sequence[tuple[Span, list[Span]]], now: int) -> Iterable[Run]:
    how = Able(
        person_id=None,
        phases=(Phase(ACTIVE, offering.minutes),),
        buffer_before_min=offering.buffer_before_min,
        buffer_after_min=offering.buffer_after_min,
    )
    # Notice counts: what can be booked no more today is lost already. The furthest date does not: it comes nearer.
    limits = now + offering.notice_min * 60, daily[-1][0][1] + _FAR
    grid = replace(rules, step_min=offering.step_min)
    lengths = (offering.buffer_before_min * 60, offering.minutes * 60, offering.buffer_after_min * 60)
    for anchor, low, high in grid_runs(how, grid, daily, limits):
        yield Run(anchor, low, high, offering.step_min * 60, *lengths)
