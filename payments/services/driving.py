"""Driving a press: Stripe is called between transactions, and each step is written down before the next.

A process killed anywhere is taken over by `finish_open_actions`. An intent is created unconfirmed, its id committed,
then confirmed, then captured; on any doubt it is read by id and its status decides. A fresh try never makes a second
charge. One driver at a time holds the action's lease.
"""

from datetime import timedelta

import structlog
from django.db.models import F, Q
from django.db.models.functions import Least
from django.utils import timezone

from payments import gateway
from payments.models import CHARGES, WAITING, ActionKind, MoneyAction
from payments.services import driving_charges, driving_refunds
from payments.services.states import Overtaken

logger = structlog.get_logger("tithi.payments")

#: How long one driver may work on an action before another takes over.
LEASE = timedelta(seconds=60)
#: Counted no further: what fails every minute must not outgrow its column after three weeks.
MOST_ATTEMPTS = 32_000


def drive(action):
    """Take an action as far as it goes now; returns it. Harmless when it is finished or somebody else drives it."""
    until = _lease(action)
    if until is None:
        action.refresh_from_db()
        return action
    try:
        _steps(action)
    except gateway.GatewayError as exc:  # no answer, or what the row names cannot be read: it stays open
        logger.warning("stripe_unavailable", action_id=str(action.pk), error=str(exc))
        _note(action, exc)
    except Overtaken:
        logger.warning("money_action_overtaken", action_id=str(action.pk))
    finally:
        # Not the lease of whoever took over from a driver that was too slow.
        MoneyAction.objects.filter(pk=action.pk, leased_until=until).update(leased_until=None)
    action.refresh_from_db()
    return action


def _steps(action):
    if action.kind in CHARGES:
        driving_charges.drive(action)
    elif action.kind == ActionKind.REFUND:
        driving_refunds.drive(action)
    else:
        driving_charges.drive_cash(action)


def _lease(action):
    """Become the one driver for a minute: compare-and-set, so two processes never drive one action. Until when, or None."""
    now = timezone.now()
    until = now + LEASE
    won = (
        MoneyAction.objects.filter(pk=action.pk, state__in=WAITING)
        .filter(Q(leased_until=None) | Q(leased_until__lt=now))
        .update(leased_until=until, attempts=Least(F("attempts") + 1, MOST_ATTEMPTS))
    )
    if not won:
        return None
    action.refresh_from_db()
    return until


def _note(action, exc):
    """Why it did not go on; it goes to the end of the sweeper's queue, so that a hopeless one blocks nobody."""
    MoneyAction.objects.filter(pk=action.pk).update(
        last_error=f"{type(exc).__name__}: {exc}"[:1000], updated_at=timezone.now()
    )


def finish_open_actions(*, now):
    """Drive every action of this salon that has been waiting for more than a minute; returns how many."""
    actions = list(stuck(now=now).order_by("updated_at")[:100])
    for action in actions:
        try:
            drive(action)
        except Exception as exc:  # a defect in one must not keep the others waiting
            logger.exception("money_action_broken", action_id=str(action.pk))
            _note(action, exc)
    return len(actions)


def stuck(*, now):
    """The actions `finish_open_actions` would drive."""
    return MoneyAction.objects.filter(state__in=WAITING, updated_at__lt=now - LEASE)
