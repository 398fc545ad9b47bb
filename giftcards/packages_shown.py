"""Packages in words, for customers and for the team. Queries are one for all packages of a page."""

from dataclasses import dataclass

from bookings.models import Service
from tenants.languages import listed
from tenants.money import Money


@dataclass(frozen=True, slots=True)
class PackageShown:
    """`saving` is what it costs less than its visits one by one, by the cheapest service it pays for; "" for nothing."""

    package: object
    price: Money
    a_visit: Money
    saving: str
    good_for: str
    lasts: str

    @property
    def visits(self):
        return f"{self.package.visits} visits"


def shown(packages, *, currency):
    """PackageShown of each of them. One query."""
    packages = list(packages)
    wanted = {pk for package in packages for pk in package.service_ids}
    services = {service.pk: service for service in Service.objects.filter(pk__in=wanted, deleted_at=None)}
    return [
        _shown(package, [services[pk] for pk in package.service_ids if pk in services], currency)
        for package in packages
    ]


def _shown(package, services, currency):
    return PackageShown(
        package,
        price=Money(package.price_cents, currency),
        a_visit=Money(package.price_cents // package.visits, currency),
        saving=_saving(package, services, currency),
        good_for=listed(service.name for service in services),
        lasts=lasts(package.valid_months),
    )


def _saving(package, services, currency):
    prices = {service.price_cents for service in services}
    saved = package.visits * min(prices, default=0) - package.price_cents
    if saved <= 0:
        return ""
    return f"You save {Money(saved, currency)}" if len(prices) == 1 else f"You save {Money(saved, currency)} or more"


def lasts(months):
    """How long a package is good, in words."""
    if not months:
        return "It has no end date."
    years, rest = divmod(months, 12)
    if rest or not years:
        return f"Good for {months} month{'' if months == 1 else 's'}."
    return f"Good for {years} year{'' if years == 1 else 's'}."
