"""What a salon's rules come to for one visit: each reminder's instant, or why there is none. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.reminders.quiet import Quiet
from bookings.reminders.rules import Rule

#: Who is reminded before free cancelling ends can still think about it.
AHEAD_OF_THE_LIMIT = timedelta(hours=2)
#: Two reminders closer than this are one.
APART = timedelta(minutes=15)
MOMENT = timedelta(minutes=1)

#: Why there is none, for staff.
PASSED = "Its time had passed already when the visit was booked or moved."
QUIET = "Its time lay in the quiet hours, and there was no better one any more."
BEGUN = "It would not have come before the visit."
TOO_CLOSE = "Another reminder leaves at about the same time."


@dataclass(frozen=True, slots=True)
class Visit:
    """`zone` is the salon's wall, `customer_zone` that of who reads it. `since` is when it was confirmed or moved.

    `free_until` is when cancelling starts to cost something; None where it never does.
    """

    start_at: datetime
    zone: ZoneInfo
    customer_zone: ZoneInfo
    since: datetime
    free_until: datetime | None = None

    @property
    def bounds(self):
        """Instants no reminder is put off beyond that would have left before them."""
        if self.free_until is None:
            return ()
        return self.free_until - AHEAD_OF_THE_LIMIT, self.free_until - MOMENT


@dataclass(frozen=True, slots=True)
class Planned:
    """`skipped` is the sentence that says why it does not leave, "" where it does."""

    rule: Rule
    due_at: datetime
    skipped: str = ""


def plan(*, visit: Visit, rules: Iterable[Rule], quiet: Quiet | None) -> list[Planned]:
    """A Planned for each rule, in the order they leave."""
    planned = [_planned(rule, visit, quiet) for rule in dict.fromkeys(rules)]
    planned = _ahead_of_the_limit(sorted(planned, key=_order), visit, quiet)
    return _apart(sorted(planned, key=_order))


def _order(each):
    return each.due_at, each.rule.key, each.rule.channel


def _planned(rule, visit, quiet):
    meant = rule.due_at(start_at=visit.start_at, zone=visit.zone)
    if meant >= visit.start_at:
        return Planned(rule, meant, BEGUN)
    if meant <= visit.since:
        return Planned(rule, meant, PASSED)
    due_at = _out_of_the_night(meant, visit, quiet)
    return Planned(rule, due_at, QUIET if due_at <= visit.since else "")


def _out_of_the_night(at, visit, quiet):
    """Put off to the end of the quiet hours where that leaves at least half of the time before the visit, and does not
    pass the end of free cancelling; else brought forward to before they begin."""
    if quiet is None:
        return at
    latest = visit.start_at - (visit.start_at - at) / 2
    latest = min([latest, *(bound for bound in visit.bounds if at <= bound)])
    later = quiet.after(at, visit.customer_zone)
    return later if later <= latest else quiet.ahead(at, visit.customer_zone)


def _ahead_of_the_limit(planned, visit, quiet):
    """Where nothing leaves in time for free cancelling, the first that comes after it is brought forward, if there is
    still time for that."""
    if visit.free_until is None:
        return planned
    limit = visit.free_until - AHEAD_OF_THE_LIMIT
    live = [each for each in planned if not each.skipped]
    if not live or live[0].due_at <= limit:
        return planned
    due_at = quiet.ahead(limit, visit.customer_zone) if quiet else limit
    if due_at <= visit.since:
        return planned
    return [replace(each, due_at=due_at) if each is live[0] else each for each in planned]


def _apart(planned):
    """Of two that leave at about the same time the first one does."""
    last, kept = {}, []
    for each in planned:
        before = last.get(each.rule.channel)
        if not each.skipped and before and each.due_at - before < APART:
            each = replace(each, skipped=TOO_CLOSE)
        if not each.skipped:
            last[each.rule.channel] = each.due_at
        kept.append(each)
    return kept
