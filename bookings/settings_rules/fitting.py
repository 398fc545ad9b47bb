"""Whether a service can be booked at all, by the engine that offers it: an empty diary, an ordinary week."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bookings import availability
from bookings.settings_rules.weeks import common, weekly

#: A week like any other: no clock changes, nothing booked, seen from its first instant.
ZONE = ZoneInfo("UTC")
MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performer:
    """How one person performs the service: phases as (kind, minutes), shifts for it, weekly breaks of theirs."""

    phases: tuple
    shifts: tuple
    breaks: tuple = ()
    buffer_before_min: int = 0
    buffer_after_min: int = 0


def can_ever_start(*, performers, opening=None, service_hours=None, hard_edges=False, step_min=15):
    """Whether anybody could start the service in an ordinary week. Shifts as everywhere; None: no hours of that kind."""
    return any(_starts(performer, opening, service_hours, hard_edges, step_min) for performer in performers)


def _starts(performer, opening, service_hours, hard_edges, step_min):
    shifts = performer.shifts
    for plan in (opening, service_hours):
        if plan is not None:
            shifts = common(shifts, plan)
    return availability.starts(
        able=availability.Able(
            person_id=None,
            phases=tuple(availability.Phase(kind, minutes) for kind, minutes in performer.phases),
            buffer_before_min=performer.buffer_before_min,
            buffer_after_min=performer.buffer_after_min,
        ),
        person=availability.Person(id=None, weekly=weekly(shifts), breaks=weekly(performer.breaks)),
        rules=availability.Rules(zone=ZONE, step_min=step_min, notice_min=0, horizon_days=30, hard_edges=hard_edges),
        first=MONDAY,
        last=MONDAY + timedelta(days=6),
        now=availability.day_span(MONDAY, ZONE)[0],
    )
