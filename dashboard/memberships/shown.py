"""Members, plans and months as the team reads them."""

from dataclasses import dataclass

from django.urls import reverse

from bookings import words
from memberships import queries
from memberships import shown as public
from memberships.models import MembershipState
from payments.models import DisputeStatus
from tenants.languages import plain_date
from tenants.money import Money

DISPUTES = {
    DisputeStatus.OPEN: "Disputed",
    DisputeStatus.UNDER_REVIEW: "Disputed",
    DisputeStatus.WON: "Dispute won",
    DisputeStatus.LOST: "Dispute lost",
}
BADGES = {MembershipState.ACTIVE: "good", MembershipState.PAST_DUE: "bad", MembershipState.STARTING: "warn"}


@dataclass(frozen=True, slots=True)
class Line:
    url: str
    name: str
    plan: str
    state: str
    badge: str
    next_charge: str
    used: str
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class MonthLine:
    when: str
    paid: str
    used: str
    note: str
    refund_url: str
    dispute: str


def line_of(membership, *, business, now):
    month = queries.month_of(membership, business=business, now=now)
    return Line(
        url=reverse("dashboard:membership", args=[membership.pk]),
        name=membership.name,
        plan=f"{membership.plan_name}, {membership.price} a month",
        state=state_of(membership),
        badge=BADGES.get(membership.state, ""),
        next_charge=next_of(membership, business),
        used=_used(month),
        is_disputed=any(grant.is_disputed for grant in membership.grants.all()),
    )


def _used(month):
    """Nothing where the visits were taken back or are frozen: what is off is counted as used, and was not."""
    if month is None or month.is_given_back or month.is_disputed:
        return ""
    return f"{month.used} of {month.included} used"


def state_of(membership):
    if membership.state == MembershipState.ACTIVE and membership.cancel_at_period_end:
        return "Ending"
    return MembershipState(membership.state).label


def next_of(membership, business):
    at = queries.next_charge(membership)
    if at:
        return f"next charge {_day(at, business)}"
    if membership.cancel_at_period_end and membership.period_ends_at:
        return f"ends {_day(membership.period_ends_at, business)}"
    return f"ended {_day(membership.ended_at, business)}" if membership.ended_at else ""


def facts_of(membership, *, business):
    """[(name, value)] of what was agreed, what comes next and when it was agreed to."""
    agreed = words.full_when(membership.consented_at.astimezone(business.zone))
    where = f", from {membership.consent_address}" if membership.consent_address else ""
    more = (("E-mail", membership.email), ("Agreed", f"{agreed}{where}"))
    return [*public.facts(membership, business=business), *[(name, value) for name, value in more if value]]


def month_of(grant, *, business, may_refund):
    left = grant.paid_cents - grant.refunded_cents
    return MonthLine(
        when=f"{_day(grant.starts_at, business)} to {plain_date(grant.card.expiration_date)}",
        paid=str(grant.paid),
        used="" if grant.taken_back_at else f"{grant.card.usage_count} of {grant.card.usage_limit} used",
        note="Given back" if grant.is_given_back else DISPUTES.get(grant.dispute_status, ""),
        refund_url=reverse("dashboard:membership-refund", args=[grant.membership_id, grant.pk])
        if may_refund and left and grant.payment_intent_id and not grant.disputed_cents
        else "",
        dispute=dispute_of(grant, business),
    )


def dispute_of(grant, business):
    """What the payer's bank wants, and what that means; "" where it wants nothing."""
    if not grant.is_disputed:
        return ""
    reason = grant.dispute_reason.replace("_", " ") or "no reason given"
    if not grant.disputed_cents:
        said = f"The customer’s bank asks about {grant.paid} ({reason}). Nothing was taken yet."
    else:
        taken = Money(grant.disputed_cents, grant.currency_code)
        said = f"The customer’s bank has taken back {taken} ({reason}). The visits not booked yet are frozen."
    if grant.dispute_status == DisputeStatus.OPEN and grant.dispute_answer_by:
        said += f" Answer it in your Stripe account by {_day(grant.dispute_answer_by, business)}."
    return said


def _day(at, business):
    return plain_date(at.astimezone(business.zone).date())
