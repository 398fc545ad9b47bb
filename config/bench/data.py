"""A salon with a full diary: ten people, nine to five, visits of 30 to 90 minutes with gaps between them."""

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django_tenants.utils import tenant_context

from bookings.models import (
    Booking,
    BookingItem,
    Occupancy,
    Service,
    ServiceCategory,
    ServiceTeamAssignment,
    TeamMember,
    TeamMemberAvailability,
)
from config.bench import rows
from tenants.models import Business, BusinessStatus
from tenants.services import open_business

OPENS, CLOSES = 9 * 60, 17 * 60
VISITS, GAPS = (30, 45, 60, 75, 90), (0, 0, 15, 30, 60)
PEOPLE, BOOKINGS = 10, 5_000
LENGTH, PRICE = 60, 6_000
#: The rest of what the salon offers; everybody does everything.
MENU = {"Cut": ("Short cut", "Long cut", "Fringe", "Blow-dry"), "Colour": ("Roots", "Balayage", "Gloss", "Toner")}
#: Days filled before the first day that is asked about.
PAST = timedelta(days=27)


@dataclass(frozen=True, slots=True)
class Salon:
    """All of `people` perform all `services`; `first` is the first day with room, tomorrow."""

    business: Business
    services: list
    people: list
    first: date

    @property
    def service(self):
        """The one that everything in the diary is."""
        return self.services[0]


def open_salon(slug, *, now, people=PEOPLE, bookings=BOOKINGS, fields=None, past=PAST):
    """A salon whose diary holds that many bookings; the same one every time for the same `now`."""
    business = open_business(
        slug=slug,
        name=f"Salon {slug}",
        status=BusinessStatus.ACTIVE,
        **{"timezone": "Europe/Paris", "currency_code": "EUR", "country": "FR", "horizon_days": 90} | (fields or {}),
    )
    first = now.astimezone(business.zone).date() + timedelta(days=1)
    with tenant_context(business), transaction.atomic():
        service = Service.objects.create(name="Cut & colour", duration_min=LENGTH, price_cents=PRICE)
        offers = [service, *_menu()]
        team = [_person(offers, number) for number in range(people)]
        _fill(business, service, team, first - past, bookings)
    return Salon(business, offers, team, first)


def grow(salon, *, factor):
    """Give the salon a past: its bookings `factor` times over, each copy further back than all before it."""
    with tenant_context(salon.business), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT max(local_date) - min(local_date) + 1 FROM bookings_booking")
        [[days]] = cursor.fetchall()
        back = f"make_interval(days => {int(days)} * copy)"
        times = {"start_at": f"start_at - {back}", "end_at": f"end_at - {back}"}
        _copy(cursor, Booking, factor, times | {"id": _derived("id"), "ref": "upper(left(md5(ref || copy), 12))",
              "local_date": f"local_date - {int(days)} * copy"})  # fmt: skip
        times |= {"assigned_at": f"assigned_at - {back}"}
        _copy(cursor, BookingItem, factor, times | {"id": _derived("id"), "booking_id": _derived("booking_id")})
        times = {"starts_at": f"starts_at - {back}", "ends_at": f"ends_at - {back}"}
        _copy(cursor, Occupancy, factor, times | {"id": None, "item_id": _derived("item_id")})


def settle(salon):
    """What autovacuum does in time: statistics and the map of visible rows."""
    with tenant_context(salon.business), connection.cursor() as cursor:
        for model in (Booking, BookingItem, Occupancy):
            cursor.execute(f'VACUUM ANALYZE "{salon.business.schema_name}"."{model._meta.db_table}"')


def _menu():
    for name, offers in MENU.items():
        category = ServiceCategory.objects.create(name=name)
        for offer in offers:
            yield Service.objects.create(category=category, name=offer, duration_min=LENGTH, price_cents=4_000)


def _person(offers, number):
    member = TeamMember.objects.create(first_name=f"Person {number + 1}", sort_order=number)
    ServiceTeamAssignment.objects.bulk_create(
        ServiceTeamAssignment(service=service, team_member=member) for service in offers
    )
    TeamMemberAvailability.objects.bulk_create(
        TeamMemberAvailability(team_member=member, day_of_week=day, start_min=OPENS, end_min=CLOSES)
        for day in range(1, 8)
    )
    return member


def _fill(business, service, team, first, count):
    rng = random.Random(f"tithi bench {count}")  # noqa: S311 -- the same diary every time, no secret
    visits = [
        rows.Visit(service, member, datetime.combine(day, time(at // 60, at % 60), business.zone), minutes, PRICE)
        for member, day, at, minutes in _visits(team, first, count, rng)
    ]
    rows.insert(business, visits, rng)


def _visits(team, first, count, rng):
    """(member, day, start minute, minutes) of `count` visits, day by day."""
    found, day = [], first
    while len(found) < count:
        for member in team:
            at = OPENS + rng.choice(GAPS)
            while at + (minutes := rng.choice(VISITS)) <= CLOSES:
                found.append((member, day, at, minutes))
                at += minutes + rng.choice(GAPS)
        day += timedelta(days=1)
    return found[:count]


def _derived(column):
    """The same new id for a row and for those that point at it."""
    return f"md5({column}::text || copy)::uuid"


def _copy(cursor, model, factor, changed):
    """Insert the table's rows again `factor - 1` times, with `changed` columns; None leaves a column to its default."""
    columns = [field.column for field in model._meta.concrete_fields if changed.get(field.column, "") is not None]
    values = ", ".join(changed.get(column) or f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}", generate_series(1, %s) AS copy',  # noqa: S608 -- our own names
        [factor - 1],
    )
