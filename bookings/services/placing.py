"""Finds a visit its place: the one question every door asks before it writes, put to the engine that offered the start."""

from bookings import availability, diary
from bookings.services.errors import RuleBroken, SlotTaken

#: Reasons that mean "somebody has it" rather than "it was never on offer".
TAKEN_CODES = {
    availability.Code.BUSY,
    availability.Code.BUFFER,
    availability.Code.BLOCK,
    availability.Code.RESOURCE,
    availability.Code.SESSION_FULL,
    availability.Code.SEQUENCE,
}


def load(*, business, basket, candidates, start, now, without=None):
    """The diary of the local date on which a visit at `start` (epoch seconds) begins, with what the fair choice needs."""
    day = availability.local_date(start, business.zone)
    return diary.load(
        business=business,
        basket=basket,
        candidates=candidates,
        first=day,
        last=day,
        now=now,
        without=without,
        for_choice=any(len(one.assignments) > 1 for one in candidates.staffing),
    )


def find_plan(*, loaded, start, now, override=frozenset(), prefer=frozenset()):
    """The plan for a visit at `start` (epoch seconds): the people in `prefer` first, then by fairness (D10).

    Raises SlotTaken or RuleBroken where there is none.
    """
    asked = {
        "segments": loaded.segments,
        "rules": loaded.rules,
        "start": start,
        "now": now,
        "max_wait_min": loaded.max_wait_min,
        "override": override,
    }
    ranks = loaded.ranks(availability.local_date(start, loaded.rules.zone))
    plan = availability.arrange(**asked, rank={pk: (pk not in prefer, rank) for pk, rank in ranks.items()})
    if plan is None:
        raise refusal(availability.visit_reasons(**asked))
    return plan


def set_aside(*, loaded, start, now, override):
    """Which of the rules in `override` the start has needed set aside, as they are recorded."""
    return sorted(availability.set_aside(rules=loaded.rules, start=start, now=now, override=override))


def refusal(reasons):
    """Taken where time alone stands in the way of at least one person; else the first broken rule."""
    groups = {}
    for reason in reasons:
        groups.setdefault((reason.segment, reason.person_id), []).append(reason)
    if any(all(reason.code in TAKEN_CODES for reason in group) for group in groups.values()):
        return SlotTaken()
    return RuleBroken(min(groups.values(), key=len))
