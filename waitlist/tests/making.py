"""Wishes for tests, in the current salon."""

from datetime import timedelta

from django.utils import timezone

from bookings.basket import Basket
from bookings.services import Details
from waitlist import services
from waitlist.models import Offer, OfferStatus

RUNNING = (OfferStatus.OPEN, OfferStatus.ACCEPTED)


def person(name="Wanda Wait", **fields):
    email = f"{name.split()[0].lower()}@example.com"
    return Details(**{"name": name, "email": email, "phone": "", **fields})


def day_of(business, days=7):
    return timezone.now().astimezone(business.zone).date() + timedelta(days=days)


def wait(business, service, name="Wanda Wait", *, days=7, until=None, windows=(), team_member=None, now=None, **more):
    """Somebody waits for the service on the day in `days` days, up to the one in `until`."""
    return services.join(
        business=business,
        basket=service if isinstance(service, Basket) else Basket.of(service, team_member),
        person=person(name, **more),
        first=day_of(business, days),
        last=day_of(business, days if until is None else until),
        windows=windows,
        now=now or timezone.now(),
    )


def ask(business, now=None):
    """What the task does."""
    return services.offer_free_time(business=business, now=now or timezone.now())


def running():
    """{name: offer} of those that keep a time."""
    return {
        offer.wish.name: offer for offer in Offer.objects.filter(status__in=RUNNING).select_related("wish", "booking")
    }
