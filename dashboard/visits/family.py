"""The visits that were booked together with one, for its page."""

from bookings import queries
from dashboard import desk
from dashboard.series.shown import moment


def family_of(booking):
    """The other visits of its family, whoever they are for; nothing where it was booked alone. One query where it was not."""
    if booking.family_id is None:
        return []
    others = queries.bookings_for_staff().filter(family=booking.family_id).exclude(pk=booking.pk)
    return [
        {
            "who": each.for_name or each.contact_name,
            "when": moment(each.start_at, each.zone),
            "url": desk.url_of_visit(each),
            "badge": desk.state_badge(each),
        }
        for each in others.prefetch_related(None).order_by("family_number")
    ]
