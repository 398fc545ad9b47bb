"""What can be booked and who performs it."""

from dataclasses import dataclass

from django.db.models import Max, Min
from django.db.models.functions import Coalesce

from bookings import diary
from bookings.models import Service, ServiceTeamAssignment, TeamMember, TeamMemberAvailability
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class CatalogueCategory:
    """A heading of the booking page with its services; `None` names the rest."""

    name: str | None
    description: str
    color: str
    services: list


#: How services stand on the menu, wherever they are listed.
ON_THE_MENU = ("category__sort_order", "category__name", "sort_order", "name")


def bookable_services():
    """Services customers can book, with price and length ranges over the people who perform them.

    Annotated: `from_cents`, `to_cents`, `from_min`, `to_min`.
    """
    able = ServiceTeamAssignment.objects.filter(team_member__is_active=True)
    price = Coalesce("assignments__price_cents", "price_cents")
    length = Coalesce("assignments__duration_min", "duration_min")
    return (
        Service.objects.filter(active=True, deleted_at=None, assignments__in=able)
        .annotate(from_cents=Min(price), to_cents=Max(price), from_min=Min(length), to_min=Max(length))
        .select_related("category")
        .order_by(*ON_THE_MENU)
    )


def catalogue(*, business):
    """The booking page's list: categories in order, each with its services (one query).

    Each service carries `price_from` (Money) and `price_varies`.
    """
    groups = {}
    for service in bookable_services():
        service.price_from = Money(service.from_cents, business.currency_code)
        service.price_varies = service.from_cents != service.to_cents
        groups.setdefault(service.category, []).append(service)
    return [
        CatalogueCategory(
            name=category.name if category else None,
            description=category.description if category else "",
            color=category.color if category else "",
            services=services,
        )
        for category, services in groups.items()
    ]


def team_for(service):
    """Active people who perform the service, in display order, each with `price_cents` and `duration_min` for it."""
    people = []
    for assignment in diary.assignments_for(service):
        member = assignment.team_member
        able = diary.able(assignment, service)
        member.price_cents, member.duration_min = able.price_cents, able.duration_min
        people.append(member)
    return people


def public_team():
    """People shown on the booking page."""
    return TeamMember.objects.filter(is_active=True, assignments__isnull=False).distinct()


def public_shifts():
    """When anybody of the booking page works in an ordinary week, whatever the service."""
    return TeamMemberAvailability.objects.filter(team_member__in=public_team(), service=None)


def people_for(basket):
    """Active people who perform all of the basket's services, in display order, each with `price_cents` and
    `duration_min` for all of it."""
    staffing = diary.candidates_for(basket).staffing
    people = []
    for pk, member in diary.Candidates(staffing[:1]).members.items():
        ables = [
            diary.able(assignment, one.service)
            for one in staffing
            for assignment in one.assignments
            if assignment.team_member_id == pk
        ]
        if len(ables) == len(staffing):
            member.price_cents = sum(able.price_cents for able in ables)
            member.duration_min = sum(able.duration_min for able in ables)
            people.append(member)
    return people
