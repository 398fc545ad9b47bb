"""What an owner should know about money before anything else: shown in the salon's admin and on the billing page."""

from dataclasses import dataclass
from datetime import timedelta

from payments.connect import rules as connect_rules
from payments.subscriptions import words
from tenants.models import ConnectStatus, PauseReason, SubscriptionStatus

#: So long before a trial without a card ends it is said.
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` is warn or bad, as the pages' notices have it."""

    kind: str
    title: str
    text: str


def notices(business, now):
    """The notices about this salon, the most urgent first."""
    return [notice for notice in (about_plan(business, now), about_cards(business)) if notice]


def about_cards(business):
    """Cards are wanted, were taken once, and are not taken now."""
    billing = business.billing
    gone = billing.connect_status == ConnectStatus.NONE and billing.disconnected_at
    if not business.require_card or not (gone or billing.connect_status == ConnectStatus.RESTRICTED):
        return None
    why = "Stripe was disconnected." if gone else connect_rules.sentence(billing.restricted_reason)
    return Notice(
        "bad",
        "No cards are taken at the moment",
        f"{why} Your booking page stays open and asks for no card; visits are paid at the salon.",
    )


def about_plan(business, now):
    """The plan stops something, or soon will."""
    billing = business.billing
    kind = _urgency(billing, now)
    return kind and Notice(kind, f"Your plan: {words.state(billing)}", words.sentence(billing, business.zone))


def _urgency(billing, now):
    status = billing.subscription_status
    if status == SubscriptionStatus.CANCELED or billing.pause_reason == PauseReason.UNPAID:
        return "bad"
    if status == SubscriptionStatus.PAST_DUE or billing.cancel_at:
        return "warn"
    trial = status == SubscriptionStatus.TRIAL and billing.trial_ends_at and not billing.card_label
    return "warn" if trial and billing.trial_ends_at - now < SOON else ""
