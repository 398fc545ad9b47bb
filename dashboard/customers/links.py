"""Where to go from a customer: pages of the dashboard, or of the records while there are none."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def book_for(customer):
    """Where a visit is booked for a customer."""
    try:
        return f"{reverse('dashboard:visit-new')}?{urlencode({'customer': customer.pk})}"
    except NoReverseMatch:
        return reverse("admin:bookings_booking_add")


def visit(booking):
    try:
        return reverse("dashboard:visit", args=[booking.pk])
    except NoReverseMatch:
        return reverse("admin:bookings_booking_change", args=[booking.pk])
