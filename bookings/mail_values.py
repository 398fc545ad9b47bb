"""What a salon's own words about a visit are filled with."""

from django.urls import reverse

from bookings import itinerary, links, words
from bookings.terms import wording
from messaging.samples import salon_values


def values_of(*, business, booking, now, parts=None):
    """A value for every placeholder about a visit, in the language that is spoken.

    One query where its `parts` are not at hand.
    """
    people = list(dict.fromkeys(part.person for part in parts or itinerary.parts_of(booking)))
    start = booking.local_start
    return salon_values(business) | {
        "customer_name": booking.contact_name,
        "service_name": booking.service_name,
        "staff_name": words.listed(people),
        "booking_date": words.full_date(start.date()),
        "booking_time": words.clock(start),
        "price": str(booking.price),
        "confirmation_number": booking.ref,
        "manage_link": manage_url(business, booking),
        "cancellation_policy": wording.cancelling(consent=booking.consent, zone=booking.zone, now=now),
    }


def manage_url(business, booking):
    """The absolute address of the page that opens a booking without a login."""
    token = links.manage_token(booking)
    return business.url + reverse("bookings:manage", args=[token], urlconf="config.urls_salon")
