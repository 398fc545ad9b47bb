"""Who performs what: the people of a service, the services of a person. Steps of the verbs in `catalogue` and `team`."""

from bookings.models import ServiceTeamAssignment, TeamMember
from bookings.services import records


def by_people(service, team_members):
    """Assignments of the service, not saved, to {"team_member", "price_cents"?, "duration_min"?}; to everybody for None."""
    if team_members is None:
        team_members = [{"team_member": member} for member in TeamMember.objects.filter(is_active=True)]
    return _checked("team_members", [ServiceTeamAssignment(service=service, **each) for each in team_members])


def of_person(member, services):
    """Assignments of the person, not saved, to {"service", "price_cents"?, "duration_min"?}."""
    return _checked("services", [ServiceTeamAssignment(team_member=member, **each) for each in services])


def unchanged(service):
    """The service's assignments as they are, which must still go with its columns."""
    return _checked("team_members", list(service.assignments.select_related("team_member")))


def _checked(field, assignments):
    """Raises records.Refused for what is named twice, and for a price or a length that cannot be."""
    if len({(own.service_id, own.team_member_id) for own in assignments}) < len(assignments):
        records.refuse({field: "Name each of them once."})
    for own in assignments:
        try:
            records.check(own, exclude=["service", "team_member"])
        except records.Refused as exc:
            records.refuse({field: f"{own}: {exc}"})
    return assignments


def write(owner, assignments):
    """Make the rows of `owner`, a service or a person, say exactly this. Who stays keeps the row."""
    kept = {(own.service_id, own.team_member_id): own for own in owner.assignments.all()}
    made = []
    for own in assignments:
        old = kept.pop((own.service_id, own.team_member_id), None)
        if old is None:
            made.append(own)
        elif (old.price_cents, old.duration_min) != (own.price_cents, own.duration_min):
            old.price_cents, old.duration_min = own.price_cents, own.duration_min
            old.save()
    ServiceTeamAssignment.objects.bulk_create(made)
    if kept:
        ServiceTeamAssignment.objects.filter(pk__in=[old.pk for old in kept.values()]).delete()


def shown(owner, money):
    """The assignments of a service or a person, for the trail: `["Ann performs Cut ($60.00, 45 min)"]`."""
    rows = owner.assignments.select_related("service", "team_member")
    return sorted(f"{own}{_differing(own, money)}" for own in rows)


def _differing(own, money):
    parts = [] if own.price_cents is None else [str(money(own.price_cents))]
    parts += [] if own.duration_min is None else [f"{own.duration_min} min"]
    return f" ({', '.join(parts)})" if parts else ""
