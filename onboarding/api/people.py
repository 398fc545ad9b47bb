"""Steps 4 and 7 for programs: who works here, and when."""

from rest_framework import serializers

from bookings import stranded
from bookings.api import shapes, team_asked
from bookings.api.asked import NO_MEMBER, found
from bookings.models import TeamMember
from bookings.services.team.members import MOST_MEMBERS
from onboarding import services
from onboarding.api.frame import StepIn, step
from tenants.api.examples import example


class PersonIn(team_asked.TeamMemberIn):
    class Meta(team_asked.TeamMemberIn.Meta):
        fields = ("first_name", "last_name", "email", "phone", "role", "title")


@example(
    "The owner, and a stylist",
    team_members=[
        {"first_name": "Rosa", "last_name": "Sander", "role": "owner"},
        {"first_name": "Ann", "last_name": "Berg", "email": "ann@example.com", "role": "staff"},
    ],
)
class TeamIn(StepIn):
    """Whoever has the name and the address of somebody on the team is that person; nobody is taken off it here."""

    team_members = PersonIn(many=True, allow_empty=False, max_length=MOST_MEMBERS)


@example(
    "Monday by day, Saturday until two in the morning",
    team_member_id="5d3c1f7e-22aa-4d53-8a55-1b6f3c9e0a01",
    availabilities=[
        {"day_of_week": 1, "start_time": "09:00", "end_time": "17:00"},
        {"day_of_week": 6, "start_time": "20:00", "end_time": "26:00"},
    ],
)
class WorkingHoursIn(StepIn, team_asked.WeekIn):
    """One person's whole weekly plan; with `service_id`, the one that counts for this service instead. Repeatable."""

    team_member_id = serializers.UUIDField()


@step(4, TeamIn)
def team_members(at, *, team_members):
    """Add people. `owner` is the caller, and so bound to their login."""
    people = [services.Person(fields=fields | {"is_active": True}) for fields in team_members]
    try:
        members = services.save_team(people=people, **at.told)
    except services.RowsRefused as exc:
        raise _named("team_members", exc) from exc
    return {
        "team_member_ids": [member.pk for member in members],
        "team_members": [{"id": member.pk, "name": member.name} for member in members],
    }


@step(7, WorkingHoursIn)
def availability(at, *, team_member_id, **week):
    """Set when a person works; the answer has all of the person's plan.

    Visits already booked stay, and those outside the person's hours are counted in `stranded`: in an open salon,
    `POST /api/v1/changes/weekly-plan` on its own host shows what a general plan would do before it is saved.
    """
    [member] = found(TeamMember.objects.all(), [team_member_id], NO_MEMBER)
    service, shifts = team_asked.week_of(week)
    try:
        services.save_availability(plans=[services.Plan(member, shifts, service)], **at.told)
    except services.RowsRefused as exc:
        raise serializers.ValidationError({"availabilities": [str(exc)]}) from exc
    left = stranded.outside_hours(business=at.business, members=[member.pk], now=at.now)
    return shapes.WeekChangedOut(member, context={"stranded": len(left)}).data


def _named(field, exc):
    """The refusal of some lines in DRF's own shape: the line's index → what is wrong with it."""
    rows = {
        str(index): {name or "non_field_errors": [sentence] for name, sentence in sentences.items()}
        for index, sentences in exc.rows.items()
    }
    return serializers.ValidationError({field: rows})
