"""Where a calendar's boxes and empty places lead."""

from functools import cache
from uuid import UUID

from django.urls import get_urlconf, reverse

from bookings.queries import Kind

ANY = UUID(int=0)


def of(entry, *, may_arrange):
    """The page of what stands in a box, or nothing."""
    if entry.kind == Kind.VISIT:
        return to("dashboard:visit", entry.id)
    if entry.kind == Kind.CLASS:
        return to("admin:bookings_groupsession_change", entry.id)
    if entry.kind == Kind.BLOCK and may_arrange:
        return to("dashboard:calendar-block", entry.id)
    return ""


def to(name, pk):
    """`reverse(name, args=[pk])`, for hundreds of boxes at a time."""
    return _pattern(name, get_urlconf()).replace(str(ANY), str(pk))


@cache
def _pattern(name, urlconf):
    return reverse(name, args=[ANY], urlconf=urlconf)


def new_visit():
    """Where a visit is written down; `?start=` (a wall time) and `&person=` are added to it."""
    return reverse("dashboard:visit-new")
