"""What the salon's settings mean for its catalogue."""

import copy
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from bookings import terms, words
from bookings.models import Service, ServiceTeamAssignment
from bookings.queries.catalogue import catalogue
from bookings.settings_rules import policy_warnings
from bookings.terms import wording

#: How far ahead, and when on the salon's wall, the visit of an example is.
EXAMPLE_DAYS, EXAMPLE_AT = 7, time(10)


@dataclass(frozen=True, slots=True)
class Example:
    """What customers read about policies: the visit it is about, and the sentences."""

    visit: str
    sentences: list[str]


def warnings_about_policies(*, business):
    """Sentences about policies that are allowed and probably not meant. Three queries."""
    services = Service.objects.filter(active=True, deleted_at=None)
    own = ServiceTeamAssignment.objects.filter(service__in=services, team_member__is_active=True)
    prices = set(services.values_list("price_cents", flat=True))
    prices |= set(own.values_list(Coalesce("price_cents", "service__price_cents"), flat=True))
    return policy_warnings(
        business,
        prices=sorted(prices),
        deposits_of_services=services.filter(~Q(deposit_type__in=["", "none"])).exists(),
        charges_enabled=business.billing.charges_enabled,
    )


def as_if(*, business, columns):
    """The salon as it would be with other values in these columns; nothing is saved."""
    other = copy.copy(business)
    for name, value in columns.items():
        setattr(other, name, value)
    return other


def policies_examples(*, business, variants, now):
    """For each of `variants` (column → value), what customers would read with it about the first service of the menu.

    An Example each, a week from now; None each without services.
    """
    service = next((service for part in catalogue(business=business) for service in part.services), None)
    if service is None:
        return [None] * len(variants)
    return [_example(as_if(business=business, columns=columns), service, now) for columns in variants]


def _example(business, service, now):
    day = now.astimezone(business.zone).date() + timedelta(days=EXAMPLE_DAYS)
    start_at = datetime.combine(day, EXAMPLE_AT, business.zone)
    deposit = terms.deposit(business=business, parts=[(service, service.from_cents)])
    card = business.billing.charges_enabled and bool(service.from_cents) and (business.require_card or deposit > 0)
    offer = terms.offer(
        business=business, price_cents=service.from_cents, start_at=start_at, deposit_cents=deposit, card=card
    )
    return Example(
        visit=f"{service.name}, {service.price_from}, {words.when(start_at)}",
        sentences=wording.on_the_page(offer=offer, zone=business.zone, now=now, card=card),
    )
