"""Reads of the diary and the catalogue that cross models."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max, Min, Prefetch
from django.db.models.functions import Coalesce

from bookings import availability, diary
from bookings.models import Booking, Service, ServiceTeamAssignment, TeamMember
from tenants.money import Money

MAX_DAYS = 62
ALTERNATIVES = 3
SURELY_NEAR = 22 * 60 * 60  # seconds; shorter than any local date, so nothing nearer lies beyond the neighbouring dates


@dataclass(frozen=True, slots=True)
class CatalogueCategory:
    """A heading of the booking page with its services; `None` names the rest."""

    name: str | None
    description: str
    color: str
    services: list


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
        .order_by("category__sort_order", "category__name", "sort_order", "name")
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


def service_for_booking(service_id):
    """A bookable service with its price range; raises Service.DoesNotExist."""
    return bookable_services().get(pk=service_id)


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


def calendar(*, business, service, first, last, now, member_id=None, without=None):
    """What can be booked on the local dates `first` to `last`: a list of `availability.Day`, empty days included.

    `without` is a booking that is about to move: its own time counts as free.
    At most 62 days; raises ValueError beyond. Two queries, whatever the dates, the team or the bookings.
    """
    if (last - first).days >= MAX_DAYS:
        raise ValueError(f"ask for at most {MAX_DAYS} days")
    loaded = diary.load(
        business=business,
        service=service,
        assignments=diary.assignments_for(service, member_id),
        first=first,
        last=last,
        now=now,
        without=without,
    )
    return availability.days(
        candidates=loaded.candidates, rules=loaded.rules, first=first, last=last, now=availability.epoch(now)
    )


def first_open_day(*, business, service, after, now, member_id=None, without=None):
    """The first `availability.Day` from local date `after` on that has slots, within the horizon; None if there is none."""
    horizon = now.astimezone(business.zone).date() + timedelta(days=business.horizon_days)
    first = after
    while first <= horizon:
        last = min(first + timedelta(days=MAX_DAYS - 1), horizon)
        who = {"business": business, "service": service, "member_id": member_id, "without": without}
        for day in calendar(**who, first=first, last=last, now=now):
            if day.slots:
                return day
        first = last + timedelta(days=1)
    return None


def alternatives(*, business, service, start, now, member_id=None, without=None):
    """The three open starts nearest to `start`, in order of time; from the next two weeks where its own days are full."""
    day = start.astimezone(business.zone).date()
    asked = availability.epoch(start)
    found = []
    # The neighbouring days first: a crowd that loses one race must not plan two weeks each.
    for days_after in (1, 14):
        days = calendar(
            business=business,
            service=service,
            first=day - timedelta(days=1),
            last=day + timedelta(days=days_after),
            now=now,
            member_id=member_id,
            without=without,
        )
        slots = (slot for day_found in days for slot in day_found.slots)
        found = sorted(slots, key=lambda slot: abs(slot.start - asked))[:ALTERNATIVES]
        if len(found) == ALTERNATIVES and abs(found[-1].start - asked) <= SURELY_NEAR:
            break  # whatever starts on another date is further away than that
    return sorted(found)


def explain(*, business, service, start, now, member_id=None):
    """Why `start` is not offered: {team member: [availability.Reason]}, empty lists for those who could take it (D14)."""
    day = start.astimezone(business.zone).date()
    loaded = diary.load(
        business=business,
        service=service,
        assignments=diary.assignments_for(service, member_id),
        first=day,
        last=day,
        now=now,
    )
    refs = diary.causes(list(loaded.members), day)
    return {
        loaded.members[person.id]: availability.reasons(
            able=able,
            person=person,
            rules=loaded.rules,
            start=availability.epoch(start),
            now=availability.epoch(now),
            busy=refs.busy.get(person.id, ()),
            blocks=refs.blocks.get(person.id, ()),
        )
        for able, person in loaded.candidates
    }


def bookings_for_staff():
    """Bookings staff work with: everything that was ever more than a hold."""
    return (
        Booking.objects.exclude(status__in=["hold", "expired", "failed"])
        .select_related("customer", "team_member")
        .prefetch_related(Prefetch("items"))
    )
