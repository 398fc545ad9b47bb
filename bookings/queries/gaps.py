"""Who has nobody, and when, on a day."""

from dataclasses import dataclass
from datetime import datetime

from bookings import availability, diary
from bookings.models import TeamMember

#: Shorter than this is a breath, not a gap.
LEAST_MIN = 15


@dataclass(frozen=True, slots=True)
class Gap:
    """A person is free in [start, end), on the salon's wall."""

    team_member: TeamMember
    start: datetime
    end: datetime
    is_now: bool


def gaps(*, business, day, now):
    """The gaps of everybody who works on a local date, from `now` on, the soonest first. Two queries."""
    members = list(TeamMember.objects.filter(is_active=True))
    people, rules = diary.load_team(business=business, members=members, day=day, now=now)
    clock, found = availability.epoch(now), []
    for member in members:
        asked = {"person": people[member.pk], "rules": rules, "day": day, "now": clock, "least_min": LEAST_MIN}
        for start, end in availability.gaps(**asked):
            wall = [availability.instant(edge).astimezone(business.zone) for edge in (start, end)]
            found.append(Gap(member, *wall, is_now=start <= clock))
    return sorted(found, key=lambda gap: gap.start)
