"""A salon to live in: as many people as are asked for, a menu, hours, chairs. The same salon for the same slug."""

import uuid

from django.db import transaction
from django_tenants.utils import tenant_context

from audit.actors import SYSTEM
from bookings.models import Resource, TeamMember
from bookings.services import catalogue, team
from tenants.models import BusinessStatus
from tenants.services import open_business

NAMESPACE = uuid.UUID("5b6b1f0e-3c69-4c0a-9f5e-51a10a5a1042")
NAMES = ("Ann", "Bob", "Cleo", "Dee", "Emil", "Fay", "Gus", "Hana", "Ivo", "June", "Kit", "Lea", "Max", "Noor", "Ole")
#: Name, minutes, cents, phases, minutes kept free afterwards.
MENU = (
    ("Cut & finish", 60, 8500, (), 5),
    ("Short cut", 30, 4500, (), 5),
    ("Blow-dry", 45, 4800, (), 0),
    ("Fringe", 15, 1500, (), 0),
    ("Root colour", 120, 12000, (("active", 30), ("processing", 45), ("active", 45)), 10),
    ("Balayage", 180, 24000, (), 15),
)
COLOUR = ("Root colour", "Balayage")
EARLY, LATE, SPLIT = ((540, 1020),), ((720, 1200),), ((540, 780), (840, 1080))
#: Out of a Saturday into the night: over a clock change this shift has an hour more, or less.
NIGHT = ((1200, 1680),)
#: Five days a week each, never the same ones; on Saturdays everybody works, one in three by night.
WEEKS = (
    {2: EARLY, 3: EARLY, 4: LATE, 5: EARLY, 6: EARLY},
    {1: LATE, 3: SPLIT, 4: EARLY, 5: SPLIT, 6: NIGHT},
    {1: EARLY, 2: LATE, 4: SPLIT, 5: LATE, 6: EARLY},
)
PLACES = {
    "America/New_York": {"currency_code": "USD", "country": "US", "city": "New York"},
    "Europe/Paris": {"currency_code": "EUR", "country": "FR", "city": "Paris"},
}
RULES = {
    "min_notice_min": 60,
    "horizon_days": 60,
    "slot_step_min": 15,
    "max_wait_min": 15,
    "cancellation_window_hours": 24,
    "cancellation_fee_type": "percent",
    "cancellation_fee_percent": 50,
    "no_show_fee_type": "percent",
    "no_show_fee_percent": 100,
    "require_card": True,
}


def open_salon(*, slug, people, now, zone="America/New_York", owner=None):
    """The salon, open and without visits. Raises what `open_business` raises."""
    fields = PLACES.get(zone, PLACES["America/New_York"]) | RULES | {"timezone": zone, "email": f"salon@{slug}.example"}
    with transaction.atomic():
        business = open_business(slug=slug, name=f"Salon {slug}", owner=owner, status=BusinessStatus.ACTIVE, **fields)
        with tenant_context(business):
            for number in range(people):
                _person(slug, number, now)
            _menu(business, people, now)
    return business


def member_id(*, slug, number):
    """Whoever is as free as somebody else is asked in the order of ids: made people have the same ones every time."""
    return uuid.uuid5(NAMESPACE, f"{slug} {number}")


def _person(slug, number, now):
    name = NAMES[number % len(NAMES)]
    member = TeamMember.objects.create(
        id=member_id(slug=slug, number=number),
        first_name=name,
        last_name=f"{name[0]}. {number + 1}",
        sort_order=number,
    )
    week = WEEKS[number % len(WEEKS)]
    shifts = [(day, start, end) for day, worked in week.items() for start, end in worked]
    team.set_weekly_plan(member=member, shifts=shifts, by=SYSTEM, now=now)


def _menu(business, people, now):
    chairs = Resource.objects.create(name="Colour chair", quantity=max(people // 3, 1))
    for order, (name, minutes, cents, phases, after) in enumerate(MENU):
        service = catalogue.create_service(
            business=business,
            fields={
                "name": name,
                "duration_min": minutes,
                "price_cents": cents,
                "phases": [{"kind": kind, "minutes": length} for kind, length in phases],
                "buffer_after_min": after,
                "sort_order": order,
            },
            by=SYSTEM,
            now=now,
        )
        if name in COLOUR:
            chairs.services.add(service)
