"""What it means for a salon to leave, and which of those that leave have something due."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F, Sum
from django_tenants.utils import tenant_context

from bookings.models import Booking, Status
from giftcards.models import GiftCard
from payments.in_flight import in_flight, stopped_charges
from tenants.models import Departure
from tenants.money import Money

#: From asking to erasing, and how long before that its owners are reminded.
KEPT = timedelta(days=30)
WARNED = timedelta(days=7)
TO_COME = (Status.PENDING, Status.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Consequences:
    """What hangs on the salon today."""

    visits: int
    gift_cards: int
    gift_money: Money
    packages: int
    unpaid: int
    moving: list = field(default_factory=list)


def consequences(business, now):
    """What leaving now would mean, for the page that asks."""
    with tenant_context(business):
        cards = GiftCard.objects.filter(is_active=True, balance_cents__gt=0)
        return Consequences(
            visits=visits_to_come(now).count(),
            gift_cards=cards.count(),
            gift_money=business.money(cards.aggregate(sum=Sum("balance_cents"))["sum"] or 0),
            packages=packages_left().count(),
            unpaid=stopped_charges().count(),
            moving=in_flight(),
        )


def packages_left():
    """Packages of the current salon with visits that nobody has used."""
    return GiftCard.objects.exclude(title="").filter(is_active=True, usage_count__lt=F("usage_limit"))


def visits_to_come(now):
    """Visits of the current salon that somebody counts on."""
    return Booking.objects.filter(status__in=TO_COME, start_at__gt=now).order_by("start_at")


def open_departures():
    """Ids of departures that are neither withdrawn nor done."""
    return Departure.objects.filter(withdrawn_at=None, erased_at=None).order_by("erase_at").values_list("pk", flat=True)


def due_departures(now):
    """Ids of those whose day has come."""
    return open_departures().filter(erase_at__lte=now)
