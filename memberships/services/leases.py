"""One verb at a time on a membership, and Stripe's failures in our words."""

from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q

from memberships.models import Membership
from memberships.services.errors import CardRefused, MembershipBusy, NotPossible, PaymentsAway
from payments import gateway
from tenants import clock

#: Longer than the calls of one verb can take, so that a killed process blocks nobody for good.
LEASE = timedelta(minutes=2)


@contextmanager
def working_on(membership):
    """Have a membership for oneself. Raises MembershipBusy, PaymentsAway, CardRefused, NotPossible."""
    mine = _take(membership)
    try:
        yield
    except gateway.GatewayUnavailable as exc:
        raise PaymentsAway from exc
    except gateway.CardDeclined as exc:
        raise CardRefused from exc
    except gateway.GatewayError as exc:
        raise NotPossible("The payment service did not accept this. Please look at the membership again.") from exc
    finally:
        Membership.objects.filter(pk=membership.pk, leased_until=mine).update(leased_until=None)


def _take(membership):
    """By the database's clock: compare-and-set."""
    now = clock.database_now()
    free = Membership.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=membership.pk)
    if not free.update(leased_until=now + LEASE):
        raise MembershipBusy
    return now + LEASE
