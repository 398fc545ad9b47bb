"""A membership in its customer's words."""

from dataclasses import dataclass

from django.utils import timezone

from bookings import words
from memberships import queries
from memberships.models import MembershipState
from tenants.languages import plain_date

TITLES = {
    MembershipState.PENDING: "Your membership has not begun yet",
    MembershipState.STARTING: "Your membership is being paid",
    MembershipState.ACTIVE: "Your membership",
    MembershipState.PAST_DUE: "Your membership could not be charged",
    MembershipState.CANCELLED: "This membership has ended",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """`left` is a sentence; `next_charge` and `ends_on` are "" where there is none."""

    title: str
    meaning: str
    facts: list
    left: str
    code: str
    can_book: bool
    can_end: bool
    can_keep: bool
    needs_card: bool
    ends_on: str


def shown(membership, *, business, now):
    month = queries.month_of(membership, business=business, now=now)
    state = MembershipState(membership.state)
    ends_on = _day(membership.period_ends_at, business) if membership.cancel_at_period_end else ""
    return Shown(
        title=TITLES[state],
        meaning=meaning(membership, business=business),
        facts=facts(membership, business=business),
        left=left_of(month),
        code=month.code if month else "",
        can_book=bool(month and month.is_good),
        can_end=state in (MembershipState.ACTIVE, MembershipState.PAST_DUE) and not membership.cancel_at_period_end,
        can_keep=state == MembershipState.ACTIVE and membership.cancel_at_period_end,
        needs_card=state in (MembershipState.PENDING, MembershipState.PAST_DUE),
        ends_on=ends_on,
    )


def meaning(membership, *, business):
    """What it means for its customer that it stands as it does; "" where nothing needs saying."""
    match membership.state:
        case MembershipState.PENDING:
            return "Nothing was charged. It begins once a card is left."
        case MembershipState.STARTING:
            return "The first month is being paid. This takes a moment."
        case MembershipState.PAST_DUE:
            since = f" since {_day(membership.unpaid_since, business)}" if membership.unpaid_since else ""
            return (
                f"{membership.price} could not be charged{since}. There are no new included visits until it is paid; "
                "what you have booked stays booked. Please use another card: the charge is tried again, and if it is "
                "never paid, the membership ends by itself."
            )
        case MembershipState.CANCELLED:
            return (
                "Nothing more is charged for it. What you have booked stays booked, and visits that are paid for stay good "
                "until their last day."
            )
    return ""


def facts(membership, *, business):
    """[(name, value)] of what was agreed and what comes next."""
    at = queries.next_charge(membership)
    found = (
        ("Membership", membership.plan_name),
        ("Price", f"{membership.price} a month"),
        ("Included", f"{words.count(membership.included_visits, 'visit', 'visits')} a month"),
        ("Good for", words.listed(queries.services_of(membership))),
        ("Next charge", f"{membership.price} on {_day(at, business)}" if at else ""),
        ("Ended", _day(membership.ended_at, business)),
        ("Card", membership.card_label),
    )
    return [(name, value) for name, value in found if value]


def left_of(month):
    if month is None:
        return ""
    if month.is_given_back:
        return "This month was refunded: its visits that were not booked are taken back."
    if month.is_disputed:
        return "Your bank has taken back what this month cost. Its visits cannot be booked until that is settled."
    if not month.is_good:
        return f"All {words.count(month.included, 'visit', 'visits')} of this month are used, or its time is over."
    return f"{month.left} of {words.count(month.included, 'visit', 'visits')} left, good until {plain_date(month.last_day)}."


def _day(at, business):
    return plain_date(timezone.localdate(at, business.zone)) if at else ""
