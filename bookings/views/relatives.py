"""The visits somebody has booked together with this one."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import links, queries, words
from bookings.models import Status

STATES = {
    Status.PENDING: ("Waiting for the salon", "The salon has your request and will confirm it by e-mail."),
    Status.CONFIRMED: ("Confirmed", ""),
    Status.CHECKED_IN: ("You are here", ""),
    Status.COMPLETED: ("Done", "Thank you for your visit."),
    Status.NO_SHOW: ("Missed", "You were expected, and the visit did not take place."),
    Status.CANCELED: ("Cancelled", "This visit will not take place."),
}


@dataclass(frozen=True, slots=True)
class RelativeShown:
    who: str
    what: str
    when: str
    state: str
    url: str


def relatives_shown(booking):
    """The others of its family, as its customer reads them. One query, two where there are any."""
    return [relative_shown(each) for each in queries.relatives(booking).prefetch_related("items__team_member")]


def relative_shown(booking):
    parts = [f"{item.snapshot['name']} with {item.team_member.name}" for item in booking.items.all()]
    return RelativeShown(
        booking.for_name or booking.contact_name,
        ", ".join(parts),
        words.when(booking.local_start),
        "" if booking.is_open else STATES[booking.status][0],
        reverse("bookings:manage", args=[links.manage_token(booking)]),
    )
