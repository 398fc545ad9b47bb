"""The only writer of a membership's state."""

import structlog
from django.db import IntegrityError, transaction

from audit import services as audit
from memberships.models import Membership, MembershipState
from memberships.services.errors import AlreadyMember

logger = structlog.get_logger("tithi.memberships")
PENDING, STARTING, ACTIVE, PAST_DUE, CANCELLED = MembershipState

#: What may follow what. What has ended is over: whoever wants it again joins again.
ALLOWED = {
    PENDING: {STARTING, CANCELLED},
    STARTING: {PENDING, ACTIVE, PAST_DUE, CANCELLED},  # to PENDING where the card was declined: nothing has begun
    ACTIVE: {PAST_DUE, CANCELLED},
    PAST_DUE: {ACTIVE, CANCELLED},
    CANCELLED: set(),
}
UNIQUE = "one_living_membership_per_plan"


def locked(membership):
    return Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)


def move(row, *, to, by, now, at=None):
    """Move a membership its caller has locked, save it, and write the trail; whether it moved.

    `at` is when it ended, where that is known. A way the table does not have is not gone, and logged.
    Raises AlreadyMember, with nothing written, where its address has a living one of the plan.
    """
    before = MembershipState(row.state)
    if to not in (before, *ALLOWED[before]):
        logger.error("membership_move_refused", membership=str(row.pk), before=before, after=to)
        return False
    row.state = to
    row.ended_at = (row.ended_at or at or now) if to == CANCELLED else None
    row.unpaid_since = (row.unpaid_since or now) if to == PAST_DUE else None
    if to == ACTIVE:
        row.began_at = row.began_at or now
    _save(row, before)
    if to != before:
        audit.record(
            actor=by, action="membership.moved", subject=row, at=now, before={"state": before}, after={"state": to}
        )
    return to != before


def _save(row, before):
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as exc:
        if UNIQUE not in str(exc):
            raise
        row.state = before
        raise AlreadyMember from exc
