"""The visits that blocked time would be laid over: shown before it is saved, as settings show theirs (decision 0039)."""

from bookings import stranded
from bookings.models import TimeBlock
from bookings.services import previews

#: What the second press carries: a mark of the visits that were shown.
SEEN = "seen"


def visits(*, fields, now, block=None):
    """Visits to come with the person of `fields` in the time they say, those that stand in `block` already left out."""
    wanted = TimeBlock(**{name: fields[name] for name in ("team_member", "starts_at", "ends_at")})
    standing = {visit.pk for visit in stranded.in_block(block=block, now=now)} if block else ()
    return [visit for visit in stranded.in_block(block=wanted, now=now) if visit.pk not in standing]


def mark(over):
    """The same for the same visits at the same times, and for no others."""
    return previews.Difference(tuple((visit.pk, visit.start_at.isoformat()) for visit in over)).digest("block")


def is_seen(request, over):
    """Whether all of these were shown before this press; nothing has to be seen where there are none."""
    return not over or request.POST.get(SEEN) == mark(over)
