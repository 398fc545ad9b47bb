"""What the policies ask for, in cents: never more than the price."""

from tenants.models import FeeType
from tenants.money import share


def fee(price_cents, fee_type, fixed_cents, percent):
    """A fee in cents, never above the price."""
    if fee_type == FeeType.FIXED:
        return min(price_cents, fixed_cents)
    if fee_type == FeeType.PERCENT:
        return min(price_cents, share(price_cents, percent * 100))
    return 0


def deposit(*, business, parts, guests=1):
    """The deposit of a whole visit: that of each service added up. `parts` are (service, price for one guest) pairs.

    A service that says nothing of its own asks what the salon asks. A fixed deposit is for each guest.
    """
    return sum(_deposit(service if service.deposit_type else business, cents, guests) for service, cents in parts)


def _deposit(policy, price_cents, guests):
    return fee(price_cents * guests, policy.deposit_type, policy.deposit_cents * guests, policy.deposit_percent)
