"""Mails to owners about their plan, once for each time it moves."""

from payments import owners
from payments.subscriptions import words
from tenants.models import PauseReason, SubscriptionStatus


def tell(business, billing, now):
    """Say what has become of the plan, where its owners have to know; within the caller's transaction."""
    unpaid = billing.pause_reason == PauseReason.UNPAID
    about = {
        SubscriptionStatus.PAST_DUE: ("plan_past_due", "The invoice for {name} could not be paid"),
        SubscriptionStatus.PAUSED: ("plan_closed", "{name} takes no new bookings until its invoice is paid"),
        SubscriptionStatus.CANCELED: ("plan_ended", "The plan of {name} has ended"),
    }.get(billing.subscription_status)
    if about is None or (billing.subscription_status == SubscriptionStatus.PAUSED and not unpaid):
        return
    _queue(business, billing, now, kind=about[0], subject=about[1].format(name=business.name), version=now)


def tell_trial_ends(business, billing, now):
    """A few days before a trial ends; the same end is told once."""
    if billing.subscription_status == SubscriptionStatus.TRIAL and billing.trial_ends_at:
        subject = f"The free trial of {business.name} ends on {words.day(billing.trial_ends_at, business.zone)}"
        _queue(business, billing, now, kind="trial_ends", subject=subject, version=billing.trial_ends_at)


def _queue(business, billing, now, *, kind, subject, version):
    owners.queue(
        business=business,
        kind=kind,
        subject=subject,
        context={"title": f"{subject}.", "sentence": words.sentence(billing, business.zone)},
        version=int(version.timestamp()),
        template="plan",
        now=now,
    )
