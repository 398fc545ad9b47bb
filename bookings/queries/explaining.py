"""Why a start is offered or not, for staff (D14)."""

from dataclasses import dataclass

from bookings import availability, diary
from bookings.models import Service, TeamMember


@dataclass(frozen=True, slots=True)
class Why:
    """A broken rule in words for staff; who and which service it concerns, where it is not about the whole visit."""

    code: str
    text: str
    ref: str | None
    team_member: TeamMember | None
    service: Service | None


@dataclass(frozen=True, slots=True)
class PersonWhy:
    """What keeps one person from one service of the visit; nothing where they could."""

    service: Service
    team_member: TeamMember
    reasons: list


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a start can be booked, and if not, why: `reasons` is empty exactly when it can (D14)."""

    bookable: bool
    reasons: list
    people: list


def explain(*, business, basket, start, now, without=None):
    """Why `start` is offered or not: an `Explanation`."""
    day = start.astimezone(business.zone).date()
    candidates = diary.candidates_for(basket)
    loaded = diary.load(
        business=business, basket=basket, candidates=candidates, first=day, last=day, now=now, without=without
    )
    causes = diary.causes(candidates=candidates, day=day)
    found = availability.visit_reasons(
        segments=loaded.segments,
        rules=loaded.rules,
        start=availability.epoch(start),
        now=availability.epoch(now),
        max_wait_min=loaded.max_wait_min,
        busy=causes.busy,
        blocks=causes.blocks,
    )
    reasons = [_why(reason, basket, loaded.members) for reason in found]
    return Explanation(not reasons, reasons, _people(basket, candidates, loaded, causes, start, now))


def _why(reason, basket, members):
    service = None if reason.segment is None else basket.services[reason.segment]
    return Why(reason.code, reason.text, reason.ref, members.get(reason.person_id), service)


def _people(basket, candidates, loaded, causes, start, now):
    """Everybody who performs one of the services, each asked alone, for the start that service would have at the earliest."""
    people, at = [], _earliest(loaded.segments, availability.epoch(start))
    for position, segment in enumerate(loaded.segments):
        for able, person in segment.candidates:
            found = availability.reasons(
                able=able,
                person=person,
                rules=loaded.rules,
                start=at[position],
                now=availability.epoch(now),
                busy=causes.busy,
                blocks=causes.blocks,
                name=segment.name,
            )
            service = basket.services[position]
            # Only the visit's own start is on a grid.
            told = [reason for reason in found if position == 0 or reason.code != availability.Code.OFF_GRID]
            whys = [Why(one.code, one.text, one.ref, loaded.members[person.id], service) for one in told]
            people.append(PersonWhy(service, loaded.members[person.id], whys))
    return people


def _earliest(segments, start):
    """When each segment would start at the earliest: together with the one before, or when all of those have ended."""
    starts, ends = [], start
    for segment in segments:
        starts.append(starts[-1] if segment.together else ends)
        shortest = min((able.duration_min for able, _ in segment.candidates), default=0)
        ends = max(ends, starts[-1] + shortest * 60)
    return starts
