"""What is offered, whose membership is which, and what is left of a month."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from bookings.models import Service
from giftcards import codes
from memberships.models import LIVING, Membership, MembershipPlan, MembershipState


@dataclass(frozen=True, slots=True)
class Month:
    """The visits a paid month is good for, with the code they are booked with and the last day it is good on."""

    included: int
    used: int
    code: str
    last_day: date
    is_good: bool
    is_given_back: bool = False
    is_disputed: bool = False

    @property
    def left(self):
        return self.included - self.used


def offered(*, business):
    """The plans customers can join: wanted by the salon, in its currency, while its Stripe account takes charges."""
    rows = MembershipPlan.objects.filter(is_active=True, currency_code=business.currency_code)
    return rows if business.billing.charges_enabled else rows.none()


def plans():
    """Every plan, with how many members it has."""
    members = Count("memberships", filter=Q(memberships__state__in=LIVING), distinct=True)
    rows = MembershipPlan.objects.annotate(members=members).prefetch_related("services")
    return rows.order_by("price_cents", "name", "pk")  # a count drops the model's own order


def members(*, state="", plan=None, q=""):
    """Memberships that have begun, or are about to; the newest first."""
    rows = Membership.objects.select_related("plan", "customer").prefetch_related("grants__card")
    rows = rows.exclude(state=MembershipState.PENDING).exclude(state=MembershipState.CANCELLED, began_at=None)
    if state:
        rows = rows.filter(state=state)
    if plan:
        rows = rows.filter(plan=plan)
    for word in q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return rows.order_by("-created_at", "pk")


def services_of(membership):
    """The names of the services its visits are good for."""
    return list(Service.objects.filter(pk__in=membership.service_ids).order_by("name").values_list("name", flat=True))


def month_of(membership, *, business, now):
    """The `Month` that was paid for last, or None where none was."""
    grant = next(iter(membership.grants.all()), None)
    return grant and month(grant, today=now.astimezone(business.zone).date())


def month(grant, *, today):
    card = grant.card
    return Month(
        included=card.usage_limit,
        used=card.usage_count,
        code=codes.shown(codes.code_of(card.pk)),
        last_day=card.expiration_date,
        is_good=card.is_good_on(today),
        is_given_back=grant.is_given_back,
        is_disputed=bool(grant.disputed_cents),
    )


def with_account(*, customer_id, account):
    """The membership a customer at Stripe stands for, on the salon's own account; or None."""
    rows = Membership.objects.filter(stripe_account_id=account)
    return rows.filter(stripe_customer_id=customer_id).first() if customer_id else None


def next_charge(membership):
    """When it is charged next, or None where it is not."""
    runs = membership.state == MembershipState.ACTIVE and not membership.cancel_at_period_end
    return membership.period_ends_at if runs else None
