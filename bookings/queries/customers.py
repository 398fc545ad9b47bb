"""Customers as a list, and what each of them comes to."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.db.models.functions import Lower

from bookings.models import Booking, Customer, Status
from bookings.models.bookings import OPEN
from bookings.queries.finding import words_of

#: How long somebody counts as new.
NEW = timedelta(days=30)
LAPSED_DAYS = 90
KINDS = ("new", "lapsed", "no_shows", "news")
SORTS = ("name", "last", "newest", "no_shows")
#: Fewer digits than that are part of any number.
FEWEST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Figures:
    """What one customer's visits come to."""

    visits: int = 0
    no_shows: int = 0
    last_at: datetime | None = None
    next_at: datetime | None = None


def customers():
    """Everybody who has not been forgotten."""
    return Customer.objects.filter(erased_at=None)


def searched(rows, text):
    """Those in whose name, e-mail or phone every word of the text stands; a number is found however it is written."""
    text, found = " ".join(words_of(text)), Q()
    for word in text.split():
        found &= Q(display_name__icontains=word) | Q(email__icontains=word) | Q(phone__contains=word)
    digits = re.sub(r"\D", "", text).lstrip("0")
    if len(digits) >= FEWEST_DIGITS and not re.search(r"[^\W\d_]|@", text):
        found |= Q(phone__contains=digits)
    return rows.filter(found)


def of_kind(rows, kind, *, now, days=LAPSED_DAYS):
    """One of `KINDS`; all of them for "". Lapsed are those who came once, not within `days`, and will not come."""
    visits = Booking.objects.filter(customer=OuterRef("pk"))
    match kind:
        case "new":
            return rows.filter(created_at__gt=now - NEW)
        case "lapsed":
            came = Exists(visits.filter(status=Status.COMPLETED))
            near = visits.filter(start_at__gt=now - timedelta(days=days), status__in=[*OPEN, Status.COMPLETED])
            return rows.filter(came, ~Exists(near))
        case "no_shows":
            return rows.filter(Exists(visits.filter(status=Status.NO_SHOW)))
        case "news":
            return rows.filter(marketing_opt_in=True)
    return rows


def in_order(rows, sort):
    """Sorted by one of `SORTS`: names in their order, everything else with the most or the latest first."""
    name = (Lower("display_name"), "pk")
    match sort:
        case "last":
            last = Max("bookings__start_at", filter=Q(bookings__status=Status.COMPLETED))
            return rows.annotate(sorted_by=last).order_by(F("sorted_by").desc(nulls_last=True), *name)
        case "no_shows":
            missed = Count("bookings", filter=Q(bookings__status=Status.NO_SHOW))
            return rows.annotate(sorted_by=missed).order_by("-sorted_by", *name)
        case "newest":
            return rows.order_by("-created_at", "-pk")
    return rows.order_by(*name)


def figures_of(customers, *, now):
    """The `Figures` of each of these customers, by id; one query."""
    done = Q(status=Status.COMPLETED)
    rows = (
        Booking.objects.filter(customer__in=[customer.pk for customer in customers])
        .order_by()
        .values("customer")
        .annotate(
            visits=Count("pk", filter=done),
            no_shows=Count("pk", filter=Q(status=Status.NO_SHOW)),
            last_at=Max("start_at", filter=done),
            next_at=Min("start_at", filter=Q(status__in=OPEN, start_at__gt=now)),
        )
    )
    found = {row.pop("customer"): Figures(**row) for row in rows}
    return {customer.pk: found.get(customer.pk, Figures()) for customer in customers}


def addresses_of(customer):
    """Every e-mail address that leads to the customer."""
    return [email for email in (customer.email, *customer.former.values_list("email", flat=True)) if email]
