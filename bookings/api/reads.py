"""Reads of the API that the pages do not need."""

from datetime import date

from django.db.models import Count, Max, Prefetch, Q

from bookings import queries
from bookings.models import BookingItem, Customer, Family, Service, ServiceTeamAssignment, Status, TeamMember
from bookings.models.bookings import OPEN


def services():
    """Everything in the catalogue, switched-off services included, deleted ones not."""
    return Service.objects.filter(deleted_at=None).prefetch_related(able())


def public_services():
    """What customers can book, in the page's order."""
    return queries.bookable_services().prefetch_related(able())


def able():
    """Who performs a service, in the team's order."""
    people = ("sort_order", "first_name", "last_name", "pk")
    assigned = ServiceTeamAssignment.objects.filter(team_member__is_active=True)
    return Prefetch("assignments", assigned.order_by(*(f"team_member__{name}" for name in people)))


def public_team():
    return queries.public_team().order_by("sort_order", "first_name", "last_name")


def team():
    return TeamMember.objects.order_by("sort_order", "first_name", "last_name", "pk")


def bookings():
    return with_people(queries.bookings_for_staff()).order_by("-start_at", "pk")


def groups():
    """Visits booked together, each group with its visits in order; holds are none yet."""
    visits = queries.bookings_for_staff()
    in_order = with_people(visits).order_by("family_number")
    return Family.objects.filter(pk__in=visits.values("family")).prefetch_related(Prefetch("bookings", in_order))


def with_people(bookings):
    """Bookings with their services, each with its person; in place of what was to be fetched along."""
    items = BookingItem.objects.select_related("team_member")
    return bookings.prefetch_related(None).prefetch_related(Prefetch("items", items))


def customers():
    """Everybody who has not been forgotten, by name."""
    return queries.customers().order_by("display_name", "pk")


def customers_in_detail(*, now):
    """Customers with `visits`, `upcoming`, `no_shows` and `last_visit_at`."""
    done = Q(bookings__status=Status.COMPLETED)
    return Customer.objects.annotate(
        visits=Count("bookings", filter=done),
        upcoming=Count("bookings", filter=Q(bookings__status__in=OPEN, bookings__start_at__gt=now)),
        no_shows=Count("bookings", filter=Q(bookings__status=Status.NO_SHOW)),
        last_visit_at=Max("bookings__start_at", filter=done),
    )


def period(data, *, business, now):
    """The asked local dates; the last thirty days, today included, where none are given."""
    last = data.get("end_date") or now.astimezone(business.zone).date()
    # There is no day before the first of all days.
    return data.get("start_date") or date.fromordinal(max(last.toordinal() - 29, 1)), last
