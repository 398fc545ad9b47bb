"""One verb at a time on a row that is one subscription at Stripe, and Stripe's failures in our words."""

from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q

from payments import gateway
from tenants import clock

#: Longer than the calls of one verb can take, so that a killed process blocks nobody for good.
LEASE = timedelta(minutes=2)


@contextmanager
def working_on(row, *, busy, away, declined, refused):
    """Have a row (a queryset of one, with `leased_until`) for oneself. What is raised, each a DomainError: `busy` where
    somebody else has it, `away` where Stripe does not answer, `declined` for a card, `refused` for anything else.
    """
    mine = _take(row, busy)
    try:
        yield
    except gateway.GatewayUnavailable as exc:
        raise away from exc
    except gateway.CardDeclined as exc:
        raise declined from exc
    except gateway.GatewayError as exc:
        raise refused from exc
    finally:
        row.filter(leased_until=mine).update(leased_until=None)


def _take(row, busy):
    """By the database's clock: compare-and-set."""
    now = clock.database_now()
    free = row.filter(Q(leased_until=None) | Q(leased_until__lt=now))
    if not free.update(leased_until=now + LEASE):
        raise busy
    return now + LEASE
