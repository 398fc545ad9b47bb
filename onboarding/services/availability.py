"""Step 7: who works when."""

from dataclasses import dataclass

from django.db import transaction

from bookings.models import Service, TeamMember, TeamMemberAvailability
from bookings.services import records, team
from onboarding.services.errors import NobodyWorks, RowsRefused
from onboarding.services.progress import finish_step, locked


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person works every week; with `service`, what they work for it instead. No shifts take the plan away."""

    member: TeamMember
    shifts: list
    service: Service | None = None


@transaction.atomic
def save_availability(*, progress, plans, by, now):
    """Replace these weekly plans in one go; the others stay, and so do visits outside the new hours.

    Raises RowsRefused, and NobodyWorks while the booking page has never been open; then nothing is written. Call in the
    salon's schema.
    """
    locked(progress)  # before the salon's own row: opening it locks in this order, too
    records.lock()
    faults = {}
    for index, plan in enumerate(plans):
        try:
            team.set_weekly_plan(member=plan.member, service=plan.service, shifts=plan.shifts, by=by, now=now)
        except (records.Refused, records.Gone) as exc:
            faults[index] = getattr(exc, "sentences", None) or {"": str(exc)}
    if faults:
        raise RowsRefused(faults)
    if progress.live_at is None and not TeamMemberAvailability.objects.filter(team_member__is_active=True).exists():
        raise NobodyWorks
    return finish_step(progress=progress, number=7)
