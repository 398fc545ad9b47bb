"""Visits that stand although nobody could book them so today: they need a move, or somebody's nod."""

from collections.abc import Iterator
from dataclasses import replace

from bookings import availability, diary
from bookings.basket import Basket, Wanted
from bookings.integrity.findings import Finding, Kind, Severity
from bookings.integrity.telling import about
from bookings.integrity.values import Everything
from bookings.models import Service, Status

#: Not asked of a visit that was promised: whether it could be booked this late, this early, or at odd minutes.
LET_BE = {availability.Code.PAST, availability.Code.OFF_GRID}
#: What ends even a class that stands: its other guests come whatever the hours say now.
FOR_A_CLASS = {availability.Code.CLOSED, availability.Code.BLOCK, availability.Code.BUFFER}
ADVICE = "Move the visit, or leave it if it still suits you both."


def outside_rules(everything: Everything, business) -> Iterator[Finding]:
    """One finding per coming visit, with the reasons of all of its services."""
    visits = [visit for visit in everything.coming if _is_asked(everything, visit)]
    if not visits:
        return
    able, rules = _diary(business, everything, visits)
    for visit in visits:
        found = dict.fromkeys(
            text
            for part in visit.parts
            for text in _reasons(able[part.service_id].get(part.person_id), rules, everything, visit, part)
        )
        if found:
            yield about(
                visit,
                everything=everything,
                kind=Kind.OUTSIDE_RULES,
                severity=Severity.NOTICE,
                sentence=" ".join(found),
                advice=ADVICE,
            )


def _is_asked(everything, visit):
    return visit.status in (Status.PENDING, Status.CONFIRMED) and visit.start > everything.clock


def _diary(business, everything, visits):
    """({service id: its candidates by person}, rules) from the first to the last of these visits; three queries.

    The only place that knows how the diary is loaded: as one basket of every service that somebody comes for.
    """
    services = list(Service.objects.filter(pk__in={part.service_id for visit in visits for part in visit.parts}))
    basket = Basket(tuple(Wanted(service) for service in services))
    loaded = diary.load(
        business=business,
        basket=basket,
        candidates=diary.candidates_for(basket),
        first=min(availability.local_date(visit.start, business.zone) for visit in visits),
        last=max(availability.local_date(visit.end, business.zone) for visit in visits),
        now=availability.instant(everything.clock),
    )
    able = {
        service.pk: {person.id: (able, person) for able, person in segment.candidates}
        for service, segment in zip(services, loaded.segments, strict=True)
    }
    return able, loaded.rules


def _reasons(pair, rules, everything, visit, part):
    """Sentences: why this part of the visit would be refused today. `pair` is its person's (Able, Person), if any."""
    name = everything.name_of(part.person_id)
    if not everything.owners[part.person_id].is_active:
        return [f"{name} does not work here any more."]
    if pair is None:
        return [f"{name} does not perform this service any more."]
    able, person = pair
    found = availability.reasons(
        able=_as_agreed(able, visit, part),
        person=replace(person, busy=()),
        rules=rules,
        start=part.start,
        now=everything.clock,
        override=availability.OVERRIDABLE,
    )
    asked = [reason for reason in found if reason.code not in LET_BE]
    return [reason.text for reason in asked if part.session_id is None or reason.code in FOR_A_CLASS]


def _as_agreed(able, visit, part):
    """How the person performs it, with the length and buffers agreed; nobody else's time in the way."""
    same = [other for other in visit.parts if other.person_id == part.person_id and other.id != part.id]
    return replace(
        able,
        phases=part.agreed.phases,
        buffer_before_min=0 if any(other.start <= part.start for other in same) else part.agreed.before_min,
        buffer_after_min=0 if any(other.end >= part.end for other in same) else part.agreed.after_min,
        resources=tuple(replace(resource, busy=()) for resource in able.resources),
        sessions=(),
        seats=1,
        joins_only=False,
    )
