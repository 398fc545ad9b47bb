"""Builds a demo salon through the same services an owner's salon is built with."""

import random
from datetime import date, datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM, Actor
from bookings import queries
from bookings import services as bookings
from bookings.basket import Basket
from bookings.models import (
    Break,
    Closure,
    Resource,
    Service,
    ServiceCategory,
    ServiceTeamAssignment,
    Source,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from onboarding.demo.logo import draw
from payments import services as payments
from tenants import media_services
from tenants.models import Business, BusinessStatus, Membership, Role, User
from tenants.services import open_business

PASSWORD = "demo-salon-2026"  # noqa: S105 -- printed by `make run`; loading is refused outside the local environment
OPERATOR = "operator@tithi.test"
PAST_DAYS, COMING_DAYS = 21, 21
#: How many visits a day a demo person gets at most, and how full their day becomes.
BUSY_SHARE = 0.45


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
        people = _catalogue(demo)
        _breaks(demo)
        _closures(demo, business, now)
        _classes(demo, business, now)
        _visits(demo, business, people, now)
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
    return [_person(person, services, order) for order, person in enumerate(demo.people)]


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


def _person(person, services, order):
    member = TeamMember.objects.create(
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
    return member


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


def _visits(demo, business, people, now):
    """Past and coming visits, each placed by the engine as if somebody had booked it the day before."""
    rng = random.Random(f"tithi demo {demo.slug}")  # noqa: S311 -- the same salon every time, no secret
    today = now.astimezone(business.zone).date()
    for offset in range(-PAST_DAYS, COMING_DAYS + 1):
        day = today + timedelta(days=offset)
        for member in people:
            _fill(demo, business, member, day, now, rng)


def _fill(demo, business, member, day: date, now, rng):
    services = list(member.services.order_by("sort_order", "name"))
    booked_at = min(now, datetime.combine(day, time(), business.zone)) - timedelta(days=1)
    for service in services:
        if rng.random() > BUSY_SHARE:
            continue
        asked_at = booked_at if day < now.date() else now
        basket = Basket.of(service, member)
        [plan] = queries.calendar(business=business, basket=basket, first=day, last=day, now=asked_at)
        if plan.slots:
            _book(demo, business, basket, rng.choice(plan.slots).start_at, asked_at, now, rng)


def _book(demo, business, basket, start, asked_at, now, rng):
    name = rng.choice(demo.customers)
    mailbox = name.lower().replace(" ", ".").replace("'", "").encode("ascii", "ignore").decode()
    details = bookings.Details(name=name, email=f"{mailbox}@example.com", phone=demo.fields["phone"])
    booking = bookings.hold_slot(business=business, basket=basket, start=start, source=Source.DEMO, now=asked_at)
    try:
        booking = payments.submit_checkout(
            business=business, booking=booking, details=details, address=None, now=asked_at
        )
    except bookings.OwnTimesOverlap:
        bookings.release_hold(booking=booking)
        return
    booking = bookings.confirm_booking(business=business, booking=booking, now=asked_at, notify=False)
    fate = rng.random()
    if fate < 0.06:
        bookings.cancel_booking(
            business=business, booking=booking, by=SYSTEM, now=asked_at, reason="Changed plans", notify=False
        )
    elif booking.end_at < now and fate < 0.97:
        payments.complete(
            business=business,
            booking=booking,
            key=f"demo-{booking.pk}",
            by=Actor(label=booking.team_member.name),
            now=booking.end_at,
        )
