"""Weekly plans: of one person, of one person for one service, of the salon. A plan is replaced as a whole.

Shifts are (day_of_week, start_min, end_min): ISO weekday, wall minutes of that day, the end up to 2880.
"""

from django.db import transaction

from bookings.models import Break, OpeningHours, TeamMemberAvailability
from bookings.services import records
from bookings.settings_rules import first_overlap, named, shift_conflicts, swallowed
from bookings.unbookable import SHIFT

MOST_SHIFTS = 7 * 12
DAYS = range(1, 8)


@transaction.atomic
def set_weekly_plan(*, member, service=None, shifts, by, now):
    """What the person works every week; with `service`, what they work for it instead. [] takes the plan away.

    Returns the rows in order. Raises records.Refused (field "shifts"), records.Gone; nothing is written then. Visits outside
    the new plan stay.
    """
    records.lock()
    member = records.fresh(member)
    service = service and records.fresh(service, deleted_at=None)
    resting = Break.objects.filter(team_member=None) | Break.objects.filter(team_member=member)
    _check(shifts, resting=resting)
    rows = TeamMemberAvailability.objects.filter(team_member=member, service=service)
    if change := _replace(rows, shifts, team_member=member, service=service):
        name = f"hours for {service}" if service else "hours"
        records.note_changed(member, {name: change}, by=by, now=now)
    return list(rows.order_by("day_of_week", "start_min"))


@transaction.atomic
def set_opening_hours(*, shifts, by, now):
    """When the salon is open every week; with [], the hours of the people alone count.

    Returns the rows in order. Raises records.Refused (field "shifts"); nothing is written then. Visits outside stay.
    """
    salon = records.lock()
    _check(shifts, resting=Break.objects.filter(team_member=None))
    rows = OpeningHours.objects.all()
    if change := _replace(rows, shifts):
        records.note_changed(salon, {"opening hours": change}, by=by, now=now)
    return list(rows.order_by("day_of_week", "start_min"))


def _check(shifts, *, resting):
    """Each shift is one, they keep apart, they are not too many, and the breaks leave something of each."""
    for shift in shifts:
        day, start, end = shift
        if day not in DAYS or start < 0:
            _refuse("A shift has a weekday from 1, Monday, to 7, Sunday, and begins at 00:00 or later.")
        for sentence in shift_conflicts(start, end).values():
            _refuse(f"{named(shift)}: {sentence}")
    if len(shifts) > MOST_SHIFTS:
        _refuse(f"A week has at most {MOST_SHIFTS} shifts.")
    if first_overlap(shifts):
        _refuse("Two shifts overlap. Join them, or change one.")
    if lost := swallowed(shifts, list(resting.values_list(*SHIFT))):
        _refuse(f"The breaks take up the whole shift on {named(lost)}. Make them shorter, or leave the shift out.")


def _refuse(sentence):
    records.refuse({"shifts": sentence})


def _replace(rows, shifts, **owner):
    """Make the rows say exactly `shifts`; returns (before, after) in words, None where they say so already."""
    before, after = sorted(rows.values_list(*SHIFT)), sorted(tuple(shift) for shift in shifts)
    if before == after:
        return None
    rows.delete()
    rows.model.objects.bulk_create(
        rows.model(day_of_week=day, start_min=start, end_min=end, **owner) for day, start, end in after
    )
    return [named(shift) for shift in before], [named(shift) for shift in after]
