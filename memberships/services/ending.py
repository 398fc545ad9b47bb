"""Ending a membership, by its customer or the salon: with the month that is paid for, or now."""

from django.db import transaction

from audit import services as audit
from memberships import telling
from memberships.models import Membership, MembershipState
from memberships.services import reading, status
from memberships.services.errors import NotPossible
from memberships.services.leases import working_on
from payments import gateway

BEGUN = (MembershipState.ACTIVE, MembershipState.PAST_DUE)


def end_at_period_end(*, membership, business, by, now):
    """Charge nothing more: it ends with the month that is paid for, at once where the last one is not paid.

    Pressed again it changes nothing. Returns the Membership. Raises NotPossible, MembershipBusy, PaymentsAway.
    """
    with working_on(membership):
        row = reading.refresh(membership=membership, business=business, now=now, by=by)
        if row.state == MembershipState.CANCELLED or row.cancel_at_period_end:
            return row
        _need_begun(row)
        if row.state == MembershipState.PAST_DUE:
            return _end(row, business, by, now)
        gateway.cancel_at_period_end(subscription_id=row.subscription_id, account=row.stripe_account_id)
        row = reading.refresh(membership=row, business=business, now=now, by=by)
        _say(row, business, "membership.ending", by, now, tell=telling.tell_ending)
        return row


def keep(*, membership, business, by, now):
    """Not end it after all. Returns the Membership. Raises NotPossible, MembershipBusy, PaymentsAway."""
    with working_on(membership):
        row = reading.refresh(membership=membership, business=business, now=now, by=by)
        _need_begun(row)
        if not row.cancel_at_period_end:
            return row
        gateway.cancel_at_period_end(subscription_id=row.subscription_id, wanted=False, account=row.stripe_account_id)
        row = reading.refresh(membership=row, business=business, now=now, by=by)
        _say(row, business, "membership.kept", by, now, tell=telling.tell_kept)
        return row


def end_now(*, membership, business, by, now):
    """End it at once: nothing more is charged, and nothing is given back by this. What is paid stays good until its day.

    An invoice that is open can be paid by nobody any more. Ended already, nothing changes. One that has not begun is
    called off. Raises MembershipBusy, PaymentsAway.
    """
    with working_on(membership):
        row = reading.refresh(membership=membership, business=business, now=now, by=by)
        if row.state == MembershipState.CANCELLED:
            return row
        return _end(row, business, by, now)


def _end(row, business, by, now):
    if row.subscription_id:
        gateway.cancel_now(subscription_id=row.subscription_id, account=row.stripe_account_id)
        return reading.refresh(membership=row, business=business, now=now, by=by)
    if row.state == MembershipState.STARTING:
        raise NotPossible("It is being paid at this very moment. Please look again in a minute.")
    with transaction.atomic():
        row = status.locked(row)
        status.move(row, to=MembershipState.CANCELLED, by=by, now=now)
    return row


def _need_begun(row):
    if row.state not in BEGUN:
        raise NotPossible


@transaction.atomic
def _say(row, business, action, by, now, tell=None):
    audit.record(actor=by, action=action, subject=row, at=now)
    if tell:
        tell(business=business, membership=Membership.objects.get(pk=row.pk), now=now)
