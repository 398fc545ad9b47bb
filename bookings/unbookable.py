"""Services that nobody could ever start by the hours as they are: too long, or at the wrong time."""

from collections import defaultdict

from bookings.models import Break, OpeningHours, ServiceHours, ServiceTeamAssignment, TeamMemberAvailability
from bookings.settings_rules import Performer, can_ever_start, meet

SHIFT = ("day_of_week", "start_min", "end_min")


def unbookable(*, business, services):
    """Those of the services that have people, none of whom could ever start them in an ordinary week.

    Special days are left aside. Classes that take place only at set dates are never among them.
    """
    performed = _assignments(services)
    people = {own.team_member_id for found in performed.values() for own in found}
    shifts = _grouped(TeamMemberAvailability.objects.filter(team_member__in=people), "team_member", "service")
    breaks = _grouped(Break.objects.all(), "team_member")
    hours = _grouped(ServiceHours.objects.filter(service__in=services), "service")
    opening = list(OpeningHours.objects.values_list(*SHIFT)) or None
    return [
        service
        for service in services
        if performed[service.pk]
        and not service.scheduled_only
        and not can_ever_start(
            performers=[_performer(own, service, shifts, breaks) for own in performed[service.pk]],
            opening=opening,
            service_hours=hours.get((service.pk,)),
            hard_edges=business.hard_edges,
            step_min=service.slot_step_min or business.slot_step_min,
        )
    ]


def never_works(*, people, service_id, hours):
    """Whether none of these people (ids) works for the service at any of `hours`; False where nobody has a plan yet."""
    shifts = shifts_of(people)
    plans = [plan_for(member_id=person, service_id=service_id, shifts=shifts) for person in people]
    return any(plans) and not any(meet(hours, plan) for plan in plans)


def plan_for(*, member_id, service_id, shifts):
    """A person's shifts for a service out of `shifts` (see `shifts_of`): those for it alone replace the general ones."""
    return shifts.get((member_id, service_id)) or shifts.get((member_id, None), [])


def shifts_of(members):
    """(member id, service id or None) → shifts, of these people."""
    return _grouped(TeamMemberAvailability.objects.filter(team_member__in=members), "team_member", "service")


def _assignments(services):
    found = defaultdict(list)
    rows = ServiceTeamAssignment.objects.filter(service__in=services, team_member__is_active=True)
    for own in rows.select_related("team_member"):
        found[own.service_id].append(own)
    return found


def _grouped(rows, *keys):
    found = defaultdict(list)
    for row in rows.values_list(*keys, *SHIFT):
        found[row[: len(keys)]].append(row[len(keys) :])
    return dict(found)


def _performer(own, service, shifts, breaks):
    minutes = own.duration_min or service.duration_min
    phases = tuple((phase["kind"], phase["minutes"]) for phase in service.phases) or (("active", minutes),)
    return Performer(
        phases=phases,
        shifts=tuple(plan_for(member_id=own.team_member_id, service_id=service.pk, shifts=shifts)),
        breaks=(*breaks.get((own.team_member_id,), ()), *breaks.get((None,), ())),
        buffer_before_min=service.buffer_before_min,
        buffer_after_min=max(service.buffer_after_min, own.team_member.buffer_time_minutes),
    )
