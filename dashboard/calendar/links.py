"""Where a calendar's boxes and empty places lead."""

from django.urls import reverse

from bookings.queries import Kind


def of(entry, *, may_arrange):
    """The page of what stands in a box, or nothing."""
    if entry.kind == Kind.VISIT:
        return reverse("admin:bookings_booking_change", args=[entry.id])
    if entry.kind == Kind.CLASS:
        return reverse("admin:bookings_groupsession_change", args=[entry.id])
    if entry.kind == Kind.BLOCK and may_arrange:
        return reverse("dashboard:calendar-block", args=[entry.id])
    return ""


def new_visit():
    """Where a visit is written down; `?start=` (a wall time) and `&person=` are added to it."""
    return reverse("admin:bookings_booking_add")
