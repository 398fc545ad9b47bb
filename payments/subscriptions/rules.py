"""Where a plan stands and what that allows: pure, from what Stripe says and what we have written down.

trial → active → past_due (grace) → paused → canceled. A plan also rests because its owner wants it to; the booking
site stays open then (docs/decisions/0011).
"""

from dataclasses import dataclass
from datetime import datetime

from tenants.models import BusinessStatus, PauseReason, SubscriptionStatus

TRIAL, ACTIVE, PAST_DUE, PAUSED, CANCELED = SubscriptionStatus

#: What may follow what. There is one trial a salon: what ended comes back by being paid for.
ALLOWED = {
    TRIAL: {ACTIVE, PAST_DUE, PAUSED, CANCELED},
    ACTIVE: {TRIAL, PAST_DUE, PAUSED, CANCELED},  # to TRIAL where support gives a month
    PAST_DUE: {TRIAL, ACTIVE, PAUSED, CANCELED},
    PAUSED: {TRIAL, ACTIVE, PAST_DUE, CANCELED},
    CANCELED: {ACTIVE, PAST_DUE, PAUSED},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan's state; `grace_ends_at` is kept from when it was first unpaid until it is paid."""

    status: SubscriptionStatus
    pause_reason: str = ""
    grace_ends_at: datetime | None = None


def standing(found, *, grace_ends_at, grace, now):
    """Where the plan stands by what Stripe says (a `gateway.Subscription`); None leaves it where it is.

    `grace_ends_at` is what we have written down, `grace` how long an unpaid plan works as before.
    """
    if found.ended:
        return Standing(CANCELED)
    if found.status == "incomplete":
        return None  # its first payment waits for the card's owner: nothing has begun
    if found.status in ("past_due", "unpaid", "paused"):
        return unpaid(grace_ends_at or now + grace, now)
    if found.paused and found.pause_reason != PauseReason.UNPAID:
        return Standing(PAUSED, PauseReason.OWNER)
    return Standing(TRIAL if found.status == "trialing" else ACTIVE)


def unpaid(grace_ends_at, now):
    """An unpaid plan: everything works until the grace ends, then the plan rests."""
    if now < grace_ends_at:
        return Standing(PAST_DUE, grace_ends_at=grace_ends_at)
    return Standing(PAUSED, PauseReason.UNPAID, grace_ends_at)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a salon's pages do. `money` are the buttons on bookings there are; reading is always allowed to staff."""

    new_bookings: bool = True
    own_bookings: bool = True
    staff_writes: bool = True
    money: bool = True
    export: bool = True


EVERYTHING = Allowed()
#: (state, why it rests) → what it allows
TABLE = {
    (TRIAL, ""): EVERYTHING,
    (ACTIVE, ""): EVERYTHING,
    (PAST_DUE, ""): EVERYTHING,
    (PAUSED, PauseReason.OWNER): EVERYTHING,
    (PAUSED, PauseReason.UNPAID): Allowed(new_bookings=False),
    (CANCELED, ""): Allowed(new_bookings=False, own_bookings=False, staff_writes=False, money=False),
}


def allowed(status, pause_reason=""):
    return TABLE[SubscriptionStatus(status), pause_reason]


def site_status(status, pause_reason=""):
    """What a live salon's own status is under this plan; `tenants.middleware` opens and closes doors by it."""
    found = allowed(status, pause_reason)
    if found.new_bookings:
        return BusinessStatus.ACTIVE
    return BusinessStatus.PAUSED if found.staff_writes else BusinessStatus.CANCELED
