"""Opens the salon in which every rule is in play. All rules begin and end in the daytime of one date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django_tenants.utils import tenant_context

from bookings.models import (
    Break,
    Closure,
    OpeningHours,
    Resource,
    Service,
    ServiceHours,
    ServiceTeamAssignment,
    SpecialDay,
    SpecialOpening,
    TeamMember,
    TeamMemberAvailability,
    TimeBlock,
)
from config.bench import data
from config.bench.ruled import diary
from tenants.models import Business, BusinessStatus
from tenants.services import open_business

ALL_WEEK, WITHOUT_SUNDAY, WORKDAYS = range(1, 8), range(1, 7), range(1, 6)
SHIFTS = (((540, 1020),), ((600, 1080),), ((540, 750), (810, 1080)))
PROCESSING = [
    {"kind": "active", "minutes": 45},
    {"kind": "processing", "minutes": 60},
    {"kind": "active", "minutes": 30},
]


@dataclass(frozen=True, slots=True)
class Salon:
    """`cut` takes and costs more with some people; `colour` has a phase without its person. Both need a chair.

    `blow_dry`, which does too, stands in nobody's diary.
    """

    business: Business
    cut: Service
    colour: Service
    blow_dry: Service
    people: list
    first: date

    @property
    def booked(self):
        """The services in the diary."""
        return self.cut, self.colour


def open_salon(slug, *, now, people=data.PEOPLE, bookings=data.BOOKINGS):
    """The salon with that many bookings in its diary; the same one every time for the same `now`."""
    business = open_business(
        slug=slug,
        name=f"Salon {slug}",
        status=BusinessStatus.ACTIVE,
        timezone="Europe/Paris",
        currency_code="EUR",
        country="FR",
        horizon_days=90,
    )
    first = now.astimezone(business.zone).date() + timedelta(days=1)
    with tenant_context(business), transaction.atomic():
        chairs = Resource.objects.create(name="Chair", quantity=max(1, people - 2))
        services = _cut(chairs), _colour(chairs), _blow_dry(chairs)
        salon = Salon(business, *services, [_person(number) for number in range(people)], first)
        _assign(salon)
        _hours(salon)
        _exceptions(salon, chairs)
        diary.fill(salon, chairs, first - data.PAST, bookings)
    return salon


def _cut(chairs):
    service = Service.objects.create(
        name="Cut",
        duration_min=45,
        price_cents=4_500,
        buffer_before_min=5,
        buffer_after_min=10,
        min_notice_min=50 * 60,
        horizon_days=40,
    )
    service.resources.add(chairs)
    return service


def _colour(chairs):
    service = Service.objects.create(
        name="Colour",
        duration_min=135,
        price_cents=9_000,
        phases=PROCESSING,
        buffer_after_min=15,
        min_notice_min=5 * 24 * 60,
        horizon_days=24,
    )
    service.resources.add(chairs)
    return service


def _blow_dry(chairs):
    service = Service.objects.create(name="Blow-dry", duration_min=30, price_cents=3_000, buffer_after_min=5)
    service.resources.add(chairs)
    return service


def _person(number):
    return TeamMember.objects.create(
        first_name=f"Person {number + 1}",
        sort_order=number,
        buffer_time_minutes=20 if number % 10 == 5 else 0,
        max_concurrent_bookings=2 if number == 2 else 1,
    )


def _assign(salon):
    """Everybody does everything; some are slower at cutting, some dearer."""
    for number, member in enumerate(salon.people):
        own = {"duration_min": 60 if number % 4 == 1 else None, "price_cents": 5_200 if number % 3 == 1 else None}
        ServiceTeamAssignment.objects.create(service=salon.cut, team_member=member, **own)
        for service in (salon.colour, salon.blow_dry):
            ServiceTeamAssignment.objects.create(service=service, team_member=member)


def _hours(salon):
    _weekly(OpeningHours, WITHOUT_SUNDAY, (510, 1110))
    _weekly(ServiceHours, WORKDAYS, (540, 1080), service=salon.cut)
    _weekly(ServiceHours, (6,), (540, 900), service=salon.cut)
    _weekly(ServiceHours, WITHOUT_SUNDAY, (570, 1050), service=salon.colour)
    _weekly(Break, ALL_WEEK, (750, 780))
    for number, member in enumerate(salon.people):
        for shift in SHIFTS[number % 3]:
            _weekly(TeamMemberAvailability, ALL_WEEK, shift, team_member=member)
        if number % 3 == 0:
            _weekly(Break, WORKDAYS, (930, 945), team_member=member)
    of_their_own = ((salon.people[-1], salon.cut, (720, 1080)), (salon.people[-2], salon.colour, (540, 840)))
    for member, service, shift in of_their_own:
        _weekly(TeamMemberAvailability, WORKDAYS, shift, team_member=member, service=service)


def _weekly(model, days, shift, **whose):
    start, end = shift
    model.objects.bulk_create(model(day_of_week=day, start_min=start, end_min=end, **whose) for day in days)


def _exceptions(salon, chairs):
    """What is different on some dates of the next month, none of them a Sunday."""

    def on(day):
        found = salon.first + timedelta(days=day)
        return found + timedelta(days=found.isoweekday() == 7)

    SpecialOpening.objects.create(date=on(5), shifts=[[600, 840]])
    SpecialOpening.objects.create(date=on(12), shifts=[])
    SpecialOpening.objects.create(date=on(19), shifts=[[480, 1200]])
    closed = [salon.first + timedelta(days=day) for day in (8, 9, 10)]
    Closure.objects.create(start_date=closed[0], end_date=closed[-1])
    works, away, late = salon.people[:3]
    for day in closed:
        SpecialDay.objects.create(team_member=works, date=day, shifts=[[540, 900]], open_anyway=True)
    SpecialDay.objects.create(team_member=away, date=on(3), shifts=[])
    SpecialDay.objects.create(team_member=late, date=on(4), shifts=[[720, 1080]])
    for number, member in enumerate(salon.people):
        _block(salon, on(2 + 2 * number % 28), (600, 780), team_member=member)
    _block(salon, on(7), (600, 1020), resource=chairs)


def _block(salon, day, minutes, **whose):
    start, end = (datetime.combine(day, time(at // 60, at % 60), salon.business.zone) for at in minutes)
    TimeBlock.objects.create(starts_at=start, ends_at=end, reason="Training", **whose)
