"""One verb at a time on a salon's plan, and Stripe's failures in our words."""

from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q

from payments import gateway
from payments.subscriptions.services.errors import CardRefused, PlanBusy, PlanUnavailable, WrongState
from tenants import clock
from tenants.models import TenantBilling

#: Longer than the calls of one verb can take, so that a killed process blocks nobody for good.
LEASE = timedelta(minutes=2)


@contextmanager
def working_on(business):
    """Have the salon's plan for oneself. Raises PlanBusy, PlanUnavailable, CardRefused, WrongState."""
    mine = _take(business)
    try:
        yield
    except gateway.GatewayUnavailable as exc:
        raise PlanUnavailable from exc
    except gateway.CardDeclined as exc:
        raise CardRefused from exc
    except gateway.GatewayError as exc:
        raise WrongState("Stripe did not accept this. Please look at the plan again, or write to us.") from exc
    finally:
        TenantBilling.objects.filter(business=business, leased_until=mine).update(leased_until=None)


def _take(business):
    """By the database's clock: compare-and-set."""
    now = clock.database_now()
    free = TenantBilling.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), business=business)
    if not free.update(leased_until=now + LEASE):
        raise PlanBusy
    return now + LEASE
