"""Bookings and sessions of classes."""

from datetime import timedelta
from itertools import pairwise

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now

from bookings import terms
from bookings.basket import Basket, Wanted
from bookings.models import Booking, BookingItem, GroupSession, Status

#: Once their time is over, somebody has to say what became of them.
CLOSABLE = (Status.CONFIRMED, Status.CHECKED_IN)


def basket_of(booking):
    """What a booking consists of, with nobody named: the visit as it would be booked again."""
    items = list(booking.items.select_related("service").order_by("position"))
    together = any(one.start_at == two.start_at for one, two in pairwise(items))
    return Basket(tuple(Wanted(item.service) for item in items), booking.attendee_count, together)


def offer_for(*, business, booking):
    """The terms today for a held visit, as they are shown before anybody says who they are: a `terms.Offer`. One query."""
    parts = [(item.service, item.price_cents) for item in booking.items.select_related("service")]
    return terms.offer(
        business=business,
        price_cents=booking.price_cents,
        start_at=booking.start_at,
        deposit_cents=terms.deposit(business=business, parts=parts, guests=booking.attendee_count),
        card=booking.card_required,
    )


def sessions(*, first, last, service=None):
    """Sessions of classes that start in [first, last), aware instants, each with `taken` and `free` seats counted."""
    # A hold that has run out counts as free at once, swept or not; by the database's clock, as the diary does.
    empty = Q(seats__item=None) | Q(seats__expires_at__isnull=False, seats__expires_at__lte=Now())
    found = GroupSession.objects.filter(start_at__gte=first, start_at__lt=last)
    if service is not None:
        found = found.filter(service=service)
    return found.select_related("service", "team_member").annotate(
        taken=Count("seats", filter=~empty), free=Count("seats", filter=empty)
    )


def bookings_for_staff():
    """Bookings staff work with: everything that was ever more than a hold."""
    return (
        Booking.objects.exclude(status__in=["hold", "expired", "failed"])
        .select_related("customer", "team_member")
        .prefetch_related(Prefetch("items"))
    )


def visits_with_people():
    """`bookings_for_staff`, each with its parts and who does them: one query more, however many bookings."""
    parts = BookingItem.objects.select_related("team_member")
    return bookings_for_staff().prefetch_related(None).prefetch_related(Prefetch("items", parts))


def visits_of(bookings, *, person=None, service=None):
    """Those of `bookings` with a part this person does, and a part that is this service; ids, None for any."""
    for column, pk in (("team_member", person), ("service", service)):
        if pk:
            bookings = bookings.filter(Exists(BookingItem.objects.filter(booking=OuterRef("pk"), **{column: pk})))
    return bookings


def visits_when(bookings, when, *, today, now):
    """Those of `bookings` on dates of the salon's wall: today, tomorrow, week, past, coming, or unclosed; else all."""
    monday = today - timedelta(days=today.weekday())
    match when:
        case "today":
            return bookings.filter(local_date=today)
        case "tomorrow":
            return bookings.filter(local_date=today + timedelta(days=1))
        case "week":
            return bookings.filter(local_date__gte=monday, local_date__lt=monday + timedelta(days=7))
        case "past":
            return bookings.filter(end_at__lt=now)
        case "coming":
            return bookings.filter(end_at__gte=now)
        case "unclosed":
            return unclosed(bookings, now=now)
    return bookings


def unclosed(bookings, *, now):
    """Visits that are over and were not closed."""
    return bookings.filter(end_at__lt=now, status__in=CLOSABLE)


def to_confirm(bookings):
    """Requests that wait for the salon's word."""
    return bookings.filter(status=Status.PENDING, hold_expires_at=None)
