"""The signed link by which the customer of a completed visit rates it. It opens nothing else of the visit."""

from django.urls import reverse

from bookings.models import Booking, Status
from reviews import rules
from tenants import signed

PURPOSE = "review"


def review_token(booking):
    """The token that opens the review of this booking on its salon's host."""
    return signed.token_for(PURPOSE, booking.pk)


def booking_for_token(token, *, now):
    """The completed visit a token is for; raises Booking.DoesNotExist for anything else, expired links included."""
    try:
        booking_id = signed.id_of(PURPOSE, token)
    except signed.BadToken as exc:
        raise Booking.DoesNotExist from exc
    return (
        Booking.objects.select_related("customer")
        .filter(status=Status.COMPLETED, end_at__gt=now - rules.LIFETIME)
        .exclude(customer__erased_at__isnull=False)  # nobody's any more
        .get(pk=booking_id)
    )


def review_url(*, business, booking):
    """The absolute address of the page."""
    return business.url + reverse("reviews:review", args=[review_token(booking)], urlconf="config.urls_salon")
