"""Builds a demo salon through the same services an owner's salon is built with."""

from datetime import datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings import services as bookings
from bookings.models import (
    Break,
    Closure,
    Resource,
    Service,
    ServiceCategory,
    ServiceTeamAssignment,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from bookings.services import team
from onboarding.demo import reviews
from onboarding.demo.logo import draw
from onboarding.simulation import acting
from onboarding.simulation.life import What
from onboarding.simulation.salon import member_id
from tenants import media_services
from tenants.models import Business, BusinessStatus, Membership, Role, User
from tenants.services import open_business

PASSWORD = "demo-salon-2026"  # noqa: S105 -- printed by `make run`; loading is refused outside the local environment
OPERATOR = "operator@tithi.test"
PAST_DAYS, COMING_DAYS = 21, 21
#: Wishes per person on an ordinary day: fewer than a salon has, so that a fresh clone soon runs.
DEMAND = 2.0


def load_operator():
    """Somebody of the platform's own staff; the second step they need is theirs to set up at the first visit."""
    if not User.objects.filter(email=OPERATOR).exists():
        user = User.objects.create_user(OPERATOR, PASSWORD, first_name="Olga", last_name="Operator", is_operator=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def load_salon(demo, *, now):
    """The demo salon, made if it is not there yet; returns (Business, made)."""
    existing = Business.objects.filter(slug=demo.slug).first()
    if existing:
        return existing, False
    with transaction.atomic():
        business = open_business(slug=demo.slug, name=demo.name, status=BusinessStatus.ACTIVE, **demo.fields)
        _logins(demo, business)
    media_services.set_logo(business=business, image=draw(demo.logo_letters, demo.fields["primary_color"]))
    with tenant_context(business):
        _catalogue(demo)
        _opening(demo, now)
        _breaks(demo)
        _closures(demo, business, now)
        _classes(demo, business, now)
        _visits(business, now)
        reviews.write(now=now)
    return business, True


def _logins(demo, business):
    for role in Role.values:
        user = User.objects.create_user(
            f"{role}@{demo.slug}.test",
            PASSWORD,
            first_name=demo.people[0].first_name if role == "owner" else role.title(),
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        Membership.objects.create(user=user, business=business, role=role)


def _catalogue(demo):
    services = {}
    for position, (name, description, color, offers) in enumerate(demo.categories):
        category = ServiceCategory.objects.create(name=name, description=description, color=color, sort_order=position)
        for order, offer in enumerate(offers):
            services[offer.name] = Service.objects.create(
                category=category,
                name=offer.name,
                short_description=offer.short,
                instructions=offer.instructions,
                duration_min=offer.minutes,
                price_cents=offer.cents,
                deposit_type="" if offer.deposit is None else "percent",
                deposit_percent=offer.deposit or 0,
                phases=[{"kind": kind, "minutes": minutes} for kind, minutes in offer.phases],
                buffer_after_min=offer.after,
                is_featured=offer.featured,
                sort_order=order,
                parallel_ok=offer.together,
                max_group_size=offer.seats,
                **dict.fromkeys(("allow_group_booking", "shared_session", "scheduled_only"), offer.seats > 1),
            )
    _resources(demo, services)
    for order, person in enumerate(demo.people):
        _person(demo, person, services, order)


def _opening(demo, now):
    """Open from when the first of a weekday comes until the last has gone."""
    worked = {}
    for person in demo.people:
        for day, shifts in person.weekly.items():
            worked.setdefault(day, []).extend(shifts)
    shifts = [(day, min(start for start, _ in each), max(end for _, end in each)) for day, each in worked.items()]
    team.set_opening_hours(shifts=shifts, by=SYSTEM, now=now)


def _resources(demo, services):
    for order, (name, quantity, needed_by) in enumerate(demo.resources):
        resource = Resource.objects.create(name=name, quantity=quantity, sort_order=order)
        resource.services.set(services[service] for service in needed_by)


def _breaks(demo):
    people = {member.first_name: member for member in TeamMember.objects.all()}
    Break.objects.bulk_create(
        Break(team_member=people.get(name), day_of_week=day, start_min=start, end_min=end)
        for name, weekly in demo.breaks
        for day, shifts in weekly.items()
        for start, end in shifts
    )


def _classes(demo, business, now):
    """The coming weeks' sessions of the classes."""
    today = now.astimezone(business.zone).date()
    for offset in range(1, COMING_DAYS + 1):
        day = today + timedelta(days=offset)
        for each in demo.classes:
            if each.weekday != day.isoweekday():
                continue
            bookings.open_session(
                business=business,
                service=Service.objects.get(name=each.service),
                team_member=TeamMember.objects.get(first_name=each.person),
                start=datetime.combine(day, time(), business.zone) + timedelta(minutes=each.minute),
                by=SYSTEM,
                now=now,
            )


def _person(demo, person, services, order):
    member = TeamMember.objects.create(
        id=member_id(slug=demo.slug, number=order),
        first_name=person.first_name,
        last_name=person.last_name,
        title=person.title,
        bio=person.bio,
        role=person.role,
        color=person.color,
        buffer_time_minutes=person.buffer,
        sort_order=order,
    )
    TeamMemberAvailability.objects.bulk_create(
        TeamMemberAvailability(team_member=member, day_of_week=day, start_min=start, end_min=end)
        for day, shifts in person.weekly.items()
        for start, end in shifts
    )
    ServiceTeamAssignment.objects.bulk_create(
        ServiceTeamAssignment(
            team_member=member,
            service=services[name],
            price_cents=person.prices.get(name),
            duration_min=person.durations.get(name),
        )
        for name in person.services
    )


def _closures(demo, business, now):
    today = now.astimezone(business.zone).date()
    for days, reason in demo.closures:
        Closure.objects.create(
            start_date=today + timedelta(days=days), end_date=today + timedelta(days=days), reason=reason
        )
    member = TeamMember.objects.order_by("sort_order")[1]
    starts_at = datetime.combine(today + timedelta(days=9), time(14), business.zone)
    TimeBlock.objects.create(
        team_member=member, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), reason="Dentist"
    )


def _visits(business, now):
    """Weeks that have been and weeks that come, lived by the simulator: visits as customers and staff make them."""
    today = now.astimezone(business.zone).date()
    shape = acting.shape_of(
        business=business,
        seed="demo",
        first=today - timedelta(days=PAST_DAYS),
        last=today + timedelta(days=COMING_DAYS),
        demand=DEMAND,
        troubles=frozenset({What.ILL}),  # the prices and closures are those of `salons`
    )
    with acting.not_waiting_for_the_disk():
        acting.live(business=business, shape=shape, until=now, quiet=True)
