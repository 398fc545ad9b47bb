"""A week of made-up visits, so that an owner sees the diary at work. Two presses: there, and gone without a trace.

Sample visits take time in the diary like real ones, send nothing, and are taken no money for; the page cannot open while
they are there. The trail keeps that they were added and removed.
"""

from datetime import timedelta

from django.db import transaction

from audit import services as audit
from bookings import availability, queries
from bookings import services as bookings
from bookings.basket import Basket
from bookings.models import Booking, Customer, Service, Source
from messaging.models import Message
from onboarding.services.errors import AlreadyOpen, NothingToShow
from onboarding.services.progress import locked
from onboarding.simulation import acting, life
from payments import services as payments
from payments.models import Payment
from tenants.models import BusinessStatus

PEOPLE = (
    ("Ada Sample", "ada@sample.example"),
    ("Ben Sample", "ben@sample.example"),
    ("Cleo Sample", "cleo@sample.example"),
    ("Dev Sample", "dev@sample.example"),
    ("Elin Sample", "elin@sample.example"),
    ("Finn Sample", "finn@sample.example"),
)
DAYS, MOST = 7, 14


@transaction.atomic
def add_sample(*, progress, by, now):
    """Book the made-up customers into the coming week; returns how many visits there are. Call in the salon's schema.

    Raises AlreadyOpen for a salon with real customers, NothingToShow where nothing can be booked yet.
    """
    row = locked(progress)
    business = row.business
    if business.status != BusinessStatus.ONBOARDING:
        raise AlreadyOpen
    if not Booking.objects.filter(source=Source.SAMPLE).exists():
        made = _book(business, by, now)
        if not made:
            raise NothingToShow
        row.sample = {"customers": sorted({str(booking.customer_id) for booking in made})}
        row.save(update_fields=["sample"])
        audit.record(actor=by, action="sample.added", subject=business, at=now, after={"visits": len(made)})
    return Booking.objects.filter(source=Source.SAMPLE).count()


@transaction.atomic
def remove_sample(*, progress, by, now):
    """Take the made-up visits and customers away, and everything about them. Call in the salon's schema."""
    row = locked(progress)
    visits = Booking.objects.select_for_update().filter(source=Source.SAMPLE)
    ids = list(visits.values_list("pk", flat=True))
    Message.objects.filter(about_id__in=ids).delete()
    Payment.objects.filter(booking__in=ids).delete()
    Booking.objects.filter(pk__in=ids).delete()
    Customer.objects.filter(pk__in=row.sample.get("customers", []), bookings=None).delete()
    row.sample = {}
    row.save(update_fields=["sample"])
    if ids:
        audit.record(actor=by, action="sample.removed", subject=row.business, at=now, before={"visits": len(ids)})
    return len(ids)


def _book(business, by, now):
    """A week as the simulator's guests would want it: busier on Saturdays and after work, the short services more often."""
    services = list(Service.objects.bookable().filter(scheduled_only=False))
    if not services:
        return []
    tomorrow = now.astimezone(business.zone).date() + timedelta(days=1)
    shape = life.Shape(
        seed="sample",
        zone=business.zone,
        first=tomorrow,
        last=tomorrow + timedelta(days=DAYS - 1),
        people=len(acting.working_people()),
        services=acting.weights(services),
    )
    wishes = list(life.wishes(shape))
    chosen = wishes[:: max(len(wishes) // MOST, 1)][:MOST]
    made = [
        _visit(business, services[wish.services[0]], wish, PEOPLE[number % len(PEOPLE)], by, now)
        for number, wish in enumerate(chosen)
    ]
    return [visit for visit in made if visit]


def _visit(business, service, wish, guest, by, now):
    """The visit, as near to the wish as there is room; None on a day without any."""
    basket = Basket.of(service)
    [plan] = queries.calendar(business=business, basket=basket, first=wish.day, last=wish.day, now=now)
    if not plan.slots:
        return None
    wanted = availability.epoch(life.wall(wish.day, wish.minute, business.zone))
    start = min(plan.slots, key=lambda slot: (abs(slot.start - wanted), slot.start)).start_at
    name, email = guest
    details = bookings.Details(name=name, email=email, phone=str(business.phone or "+12125550100"))
    booking = bookings.hold_slot(business=business, basket=basket, start=start, source=Source.SAMPLE, now=now)
    try:
        booking = payments.submit_checkout(
            business=business, booking=booking, details=details, address=None, now=now, by=by
        )
    except bookings.OwnTimesOverlap:
        booking.delete()
        return None
    return bookings.confirm_booking(business=business, booking=booking, now=now, notify=False, by=by, covered=True)
