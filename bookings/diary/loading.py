"""The diary of everybody a basket may need, for some dates: one message to the database."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

from bookings import availability
from bookings.basket import Basket, Wanted
from bookings.diary import rows, sql
from bookings.diary.candidates import Assignment, Candidates, Staffing, able, as_agreed, candidates_for
from bookings.models import BookingItem, Status

#: Days loaded beyond the asked ones: night shifts, zone offsets, visits that run over midnight.
MARGIN = timedelta(days=3)
#: The database refuses occupancy longer than this (constraint `occupancy_length`): it bounds the look-back.
LONGEST = timedelta(hours=36)
TAKEN = (Status.HOLD, Status.PENDING, Status.CONFIRMED, Status.CHECKED_IN, Status.COMPLETED, Status.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Diary:
    """A basket's segments and rules for some dates, as `availability` takes them."""

    segments: list
    rules: availability.Rules
    candidates: Candidates
    max_wait_min: int = 0
    persons: dict = field(default_factory=dict)
    offerings: dict = field(default_factory=dict)

    @property
    def members(self):
        return self.candidates.members

    def ranks(self, day):
        """Whose turn it is on a local date (D10)."""
        return availability.ranks(persons=list(self.persons.values()), day=day)


def load(
    *, business, basket, candidates, first, last, now, without=None, besides=(), for_choice=False, for_offer=False
):
    """The diary of `candidates` (`candidates_for(basket)`) for the local dates `first` to `last`.

    `without` is a booking whose own time does not count (a move); it keeps the lengths it was booked with, as far as its
    people stay; `besides` are others that are about to move with it. `for_choice` adds what the fair choice ranks by,
    `for_offer` what everybody can be booked for (`offerings`). One message to the database, two for a move.
    """
    agreed = _agreed(without)
    moving = [without, *besides] if without else []
    params = _params(basket, candidates, first, last, now, moving)
    if for_offer:
        params |= {"step": business.slot_step_min, "notice": business.min_notice_min}
    found = _read(basket, candidates, params, for_choice, for_offer=for_offer)
    return _diary(business, basket, candidates, found, agreed)


def load_guests(*, business, baskets, candidates, first, last, now, for_choice=False):
    """A `Diary` for each of `baskets`, from one reading of all: what `load` would answer for each. Equal baskets share one.

    `candidates` are those of everything (`candidates_for(joined(baskets))`). One message to the database.
    """
    everything = joined(baskets)
    params = _params(everything, candidates, first, last, now)
    found = _read(everything, candidates, params, for_choice)
    known, position = {}, 0
    for basket in baskets:
        own = Candidates(candidates.staffing[position : position + len(basket.wanted)])
        position += len(basket.wanted)
        if basket not in known:
            known[basket] = _diary(business, basket, own, found, {})
    return [known[basket] for basket in baskets]


def joined(baskets):
    """Everything in several baskets, as one: for reading and locking, not to be booked."""
    return Basket(tuple(wanted for basket in baskets for wanted in basket.wanted))


def _diary(business, basket, candidates, found, agreed):
    # A person who is somebody else's candidate in another service has other hours there, and is the same person.
    segments = [
        availability.Segment(
            candidates=tuple(
                _candidate(found, staffing, assignment, basket, agreed.get(position))
                for assignment in staffing.assignments
            ),
            name=staffing.service.name,
            together=basket.runs_with_previous(position),
        )
        for position, staffing in enumerate(candidates.staffing)
    ]
    persons = {person.id: person for segment in segments for _, person in segment.candidates}
    rules = _rules(business, basket, found)
    return Diary(segments, rules, candidates, business.max_wait_min, persons, found.offerings)


def load_each(*, business, services, first, last, now, taken=None):
    """What each of `services` may be booked with on the local dates `first` to `last`, read for all of them at once.

    Returns ({service id: (candidates, Rules)}, what is taken); `taken` is what an earlier reading returned as such, to be
    counted again: two readings then differ by the settings alone, whoever books meanwhile. Two messages to the database.
    """
    basket = Basket(tuple(Wanted(service) for service in services))
    candidates = candidates_for(basket)
    params = _params(basket, candidates, first, last, now)
    found = _read(basket, candidates, params, for_choice=False, taken=taken)
    each = {}
    for staffing in candidates.staffing:
        own = Basket.of(staffing.service)
        able = tuple(_candidate(found, staffing, assignment, own, None) for assignment in staffing.assignments)
        each[staffing.service.pk] = (able, _rules(business, own, found))
    return each, Taken(found.busy, found.resources, found.sessions)


def load_team(*, business, members, day, now):
    """Everybody's own day, whatever the service: ({id: Person}, Rules). One message to the database."""
    nothing = Basket(())
    team = Candidates((Staffing(None, [Assignment(member, None, None) for member in members], []),))
    found = _read(nothing, team, _params(nothing, team, day, day, now), for_choice=False)
    rules = availability.Rules(
        zone=business.zone,
        step_min=business.slot_step_min,
        notice_min=0,
        horizon_days=business.horizon_days,
        hours=found.hours or None,
        special_hours=found.special_hours,
        closures=found.closures,
    )
    return {member.pk: _person(found, member) for member in members}, rules


def without_sessions(loaded):
    """The same diary for somebody who opens a session: no joining, and what is only scheduled may be scheduled."""
    segments = [
        replace(
            segment,
            candidates=tuple(
                (replace(how, sessions=(), joins_only=False), person) for how, person in segment.candidates
            ),
        )
        for segment in loaded.segments
    ]
    return replace(loaded, segments=segments)


def _params(basket, candidates, first, last, now, without=()):
    low, high = (datetime.combine(day, time(), UTC) for day in (first - MARGIN, last + MARGIN))
    return {
        "people": list(candidates.members),
        "resources": list(candidates.needs),
        "services": [service.pk for service in basket.services],
        "first": first - MARGIN,
        "last": last + MARGIN,
        "low": low,
        "low_start": low - LONGEST,
        "high": high,
        "now": now,
        "without": [booking.pk for booking in without],
        "taken": list(TAKEN),
    }


@dataclass(slots=True)
class _Found:
    """The rows of one read, by whose they are."""

    plans: dict
    special: dict
    open_anyway: dict
    breaks: dict
    blocks: dict
    busy: dict
    hours: dict
    special_hours: dict
    service_hours: dict
    closures: frozenset
    resources: dict = field(default_factory=dict)
    sessions: dict = field(default_factory=dict)
    booked: dict = field(default_factory=dict)
    assigned: dict = field(default_factory=dict)
    offerings: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What visits and holds take of people, resources and classes, as it was read."""

    busy: dict
    resources: dict
    sessions: dict


def _read(basket, candidates, params, for_choice, taken=None, for_offer=False):
    without = sql.NOT_THE_MOVED if params["without"] else ""
    statements = {
        "plans": sql.WEEKLY,
        "special": sql.SPECIAL_DAYS,
        "breaks": sql.BREAKS,
        "blocks": sql.BLOCKS,
        "busy": sql.BUSY.format(column="team_member_id", ids="people", without=without),
        "hours": sql.HOURS,
        "special_hours": sql.SPECIAL_OPENINGS,
        "service_hours": sql.SERVICE_HOURS,
        "closures": sql.CLOSURES,
    }
    if params["resources"]:
        statements["resources"] = sql.BUSY.format(column="resource_id", ids="resources", without=without)
    if any(service.shared_session for service in basket.services):
        statements["sessions"] = sql.SESSIONS.format(own=sql.OWN_SEATS if params["without"] else "")
    if for_choice:
        statements |= {"booked": sql.BOOKED, "assigned": sql.LAST_ASSIGNED}
    if taken is not None:
        statements = {name: text for name, text in statements.items() if name not in ("busy", "resources", "sessions")}
    if for_offer:
        statements["offerings"] = sql.OFFERINGS
    answers = dict(zip(statements, rows.read(statements.values(), params), strict=True))
    special, open_anyway = rows.special_days_of(answers["special"])
    found = _Found(
        plans=rows.plans_of(answers["plans"]),
        special=special,
        open_anyway=open_anyway,
        breaks=rows.breaks_of(answers["breaks"], params["people"]),
        blocks=rows.spans_by(answers["blocks"]),
        busy=rows.lanes_by(answers.get("busy", ())),
        hours=rows.by_weekday(answers["hours"]),
        special_hours={day: rows.shifts_of(shifts) for day, shifts in answers["special_hours"]},
        service_hours=rows.weekly_by(answers["service_hours"]),
        closures=frozenset(day for start, end in answers["closures"] for day in rows.days(start, end)),
        sessions=_sessions(answers.get("sessions", ())),
        assigned=dict(answers.get("assigned", ())),
        offerings=rows.offerings_by(answers.get("offerings", ())),
    )
    if taken is not None:
        found.busy, found.resources, found.sessions = taken.busy, taken.resources, taken.sessions
    else:
        found.resources = _resources(candidates, rows.lanes_by(answers.get("resources", ())), found.blocks)
    for member_id, day, minutes in answers.get("booked", ()):
        found.booked.setdefault(member_id, {})[day] = minutes
    return found


def _resources(candidates, busy, blocks):
    return {
        need.id: availability.Resource(
            id=need.id,
            name=need.name,
            capacity=need.quantity,
            busy=busy.get(need.id, ()),
            blocks=blocks.get(need.id, ()),
        )
        for need in candidates.needs.values()
    }


def _sessions(found):
    """{(service, person): sessions}"""
    sessions = {}
    for pk, service_id, member_id, start, end, free in found:
        session = availability.Session(id=pk, start=start, end=end, free=free)
        sessions.setdefault((service_id, member_id), []).append(session)
    return {key: tuple(sorted(own, key=lambda session: session.start)) for key, own in sessions.items()}


def _agreed(booking):
    """The items of a booking that moves, by their place in the visit."""
    return {} if booking is None else {item.position: item for item in BookingItem.objects.filter(booking=booking)}


def _candidate(found, staffing, assignment, basket, item):
    """One person for one service: (Able, Person). `item` is what stands there in a visit that moves, if anything."""
    service, member = staffing.service, assignment.team_member
    how = able(
        assignment,
        service,
        hours=found.service_hours.get(service.pk),
        resources=tuple(found.resources[need.id] for need in staffing.needs),
        sessions=found.sessions.get((service.pk, member.pk), ()),
        seats=basket.party_size if service.shared_session else 1,
        joins_only=service.scheduled_only,
    )
    if item is not None and (item.service_id, item.team_member_id) == (service.pk, member.pk):
        how = as_agreed(how, item.snapshot)
    return how, _person(found, member, service)


def _person(found, member, service=None):
    general = found.plans.get((member.pk, None), {})
    return availability.Person(
        id=member.pk,
        name=member.name,
        # Hours of their own for a service replace the general ones.
        weekly=(service and found.plans.get((member.pk, service.pk))) or general,
        special_days=found.special.get(member.pk, {}),
        open_anyway=frozenset(found.open_anyway.get(member.pk, ())),
        breaks=found.breaks.get(member.pk, {}),
        blocks=found.blocks.get(member.pk, ()),
        busy=found.busy.get(member.pk, ()),
        capacity=member.max_concurrent_bookings,
        booked_min_by_date=found.booked.get(member.pk, {}),
        last_assigned_at=found.assigned.get(member.pk),
    )


def _rules(business, basket, found):
    """The salon's rules, tightened by those of the services: the longest notice, the nearest furthest date."""
    services = basket.services
    return availability.Rules(
        zone=business.zone,
        step_min=basket.first.slot_step_min or business.slot_step_min,
        notice_min=max(business.min_notice_min, *(service.min_notice_min or 0 for service in services)),
        horizon_days=horizon_days(business, services),
        hard_edges=business.hard_edges,
        hours=found.hours or None,
        special_hours=found.special_hours,
        closures=found.closures,
    )


def horizon_days(business, services):
    """How many local days ahead all of these services can be booked."""
    return min(business.horizon_days, *(service.horizon_days or business.horizon_days for service in services))
