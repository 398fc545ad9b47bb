"""Where a membership stands by what Stripe says, what a month is good for, and what its customer agrees to. Pure."""

import uuid
from datetime import timedelta
from hashlib import sha256

from bookings import words
from memberships.models import MembershipState
from payments.models import DisputeStatus

#: Whoever has not paid for so long is not asked any more, whatever the account's own rule at Stripe is.
PATIENCE = timedelta(days=30)
DAILY, SOON, HOURLY = timedelta(hours=24), timedelta(minutes=10), timedelta(hours=1)
#: Stripe closes its page after a day.
PAGE_LIVES = timedelta(hours=25)
#: Of several disputes of one month the first of these stands on it.
COUNTS = (DisputeStatus.OPEN, DisputeStatus.UNDER_REVIEW, DisputeStatus.LOST, DisputeStatus.WON)
#: Ids of grants are made in it: an invoice of Stripe's is granted once in a salon.
GRANTS = uuid.UUID("5e0b4a0e-3c0e-4b9f-9d4e-6a1d4f3f2c51")


def grant_id(invoice_id):
    return uuid.uuid5(GRANTS, invoice_id)


def standing(found):
    """The state by what Stripe says (a `gateway.Subscription`); None leaves it where it is."""
    if found.ended:
        return MembershipState.CANCELLED
    if found.status == "incomplete":
        return None  # its first payment waits for the card's owner: nothing has begun
    if found.status in ("past_due", "unpaid", "paused"):
        return MembershipState.PAST_DUE
    return MembershipState.ACTIVE


def is_given_up(found, *, unpaid_since, now):
    """Whether nobody asks for the money any more: Stripe has stopped trying, or has tried long enough."""
    too_long = bool(unpaid_since) and now - unpaid_since >= PATIENCE
    return found.status == "unpaid" or (found.status == "past_due" and too_long)


def dispute_that_counts(found, *, statuses):
    """The one of a month's disputes (`gateway.DisputeFound`) that stands on it; `statuses`: its DisputeStatus, by id.

    What waits for the salon comes before what waits for the bank, money that is lost before money that is back; of equals
    the one that was opened last.
    """
    return max(found, key=lambda each: (-COUNTS.index(statuses[each.id]), each.created, each.id))


def due_at(state, *, period_ends_at, now):
    """When Stripe is asked again without being told to: soon where something is under way, else daily."""
    if state in (MembershipState.PENDING, MembershipState.STARTING):
        return now + SOON
    later = now + DAILY
    return min(later, max(period_ends_at, now + HOURLY)) if period_ends_at else later


def last_day(ends_at, zone):
    """The last date of the salon on which a month's visits can be used: the day it ends on."""
    return (ends_at - timedelta(seconds=1)).astimezone(zone).date()


def consent(*, salon, price, visits, services, day):
    """What is agreed to, sentence by sentence. `day` is today at the salon."""
    return [
        f"{salon} charges {price} to my card today, and again every month, until I end the membership.",
        f"The day is the {ordinal(day.day)} of each month; where a month is shorter, its last day.",
        f"Each paid month is good for {words.count(visits, 'visit', 'visits')}: {words.listed(services)}. "
        "What I do not use in a month is not carried over.",
        "I can end it at any time on my membership’s page, without a call: every e-mail has the link. It then ends with "
        "the month that is paid for, and nothing more is charged.",
    ]


def version(consent):
    """Changes with every word of what is agreed to."""
    return sha256("\n".join(consent).encode()).hexdigest()[:32]


def ordinal(number):
    """`1st`, `2nd`, `3rd`, `11th`"""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
