"""Step 12: the booking page opens, and can be closed again."""

from contextlib import suppress

from django.db import transaction
from django_tenants.utils import tenant_context

from bookings.services.profile import change_listing
from onboarding import readiness
from onboarding.services.errors import Blocked
from onboarding.services.progress import finish_step, locked
from payments.subscriptions import services as plans

LAST = 12


def go_live(*, progress, by, now, in_directory=None):
    """Open the booking page; returns the progress. Call in the salon's schema, outside of a transaction.

    The free trial begins with the first opening; where Stripe is away it is begun later, as long as promised.
    `in_directory` says whether the salon shall be found in the directory; None leaves that. Raises Blocked.
    """
    business = progress.business
    _refuse_blocked(business)
    with suppress(plans.PlanBusy, plans.PlanUnavailable):  # the promise is written down, and the plans' sweep keeps it
        plans.start_trial(business=business, by=by, now=now)
    return _open(progress, business, by=by, now=now, in_directory=in_directory)


@transaction.atomic
def _open(progress, business, *, by, now, in_directory):
    row = locked(progress)
    _refuse_blocked(business)  # again: somebody may have taken the last service away meanwhile
    plans.open_site(business=business, by=by, now=now)
    if in_directory is not None:
        change_listing(business=business, listed=in_directory, by=by, now=now)
    if row.live_at is None:
        row.live_at = now
        row.save(update_fields=["live_at"])
    return finish_step(progress=row, number=LAST)


def take_offline(*, progress, by, now):
    """Close the booking page for now: what is booked stays, nothing new comes in."""
    with tenant_context(progress.business):
        plans.close_site(business=progress.business, by=by, now=now)


def _refuse_blocked(business):
    if found := readiness.blockers(business):
        raise Blocked([blocker.as_dict() for blocker in found])
