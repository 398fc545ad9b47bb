"""Steps 4 and 7."""

from itertools import groupby

from bookings.models import TeamMember, TeamMemberAvailability
from bookings.models.hours import clock


def team(business):
    members = list(TeamMember.objects.filter(is_active=True))
    return {
        "team_members": [
            {name: getattr(member, name) for name in ("first_name", "last_name", "email", "role", "title")}
            | {"phone": str(member.phone or "")}
            for member in members
        ],
        "team_member_ids": [str(member.pk) for member in members],
    }


def availability(business):
    """Every plan as one body of the API: a person's own weeks first, then those for one service."""
    rows = TeamMemberAvailability.objects.filter(team_member__is_active=True).order_by(
        "team_member__sort_order", "team_member", "service", "day_of_week", "start_min"
    )
    plans = groupby(rows, key=lambda row: (row.team_member_id, row.service_id))
    return {"plans": [_plan(member, service, list(shifts)) for (member, service), shifts in plans]}


def _plan(member, service, shifts):
    return {
        "team_member_id": str(member),
        "service_id": service and str(service),
        "availabilities": [
            {"day_of_week": row.day_of_week, "start_time": clock(row.start_min), "end_time": clock(row.end_min)}
            for row in shifts
        ],
    }
