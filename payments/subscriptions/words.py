"""A plan in words, for its owner."""

from django.utils import formats

from payments.wording import BRANDS
from tenants.models import PauseReason, SubscriptionStatus

TRIAL, ACTIVE, PAST_DUE, PAUSED, CANCELED = SubscriptionStatus
CANCEL_WARNING = (
    "When the plan ends, the booking site closes and your team can read everything but change nothing. "
    "Visits that are booked stay in the diary, and nothing is deleted."
)
#: invoice status at Stripe → its word
INVOICES = {"paid": "Paid", "open": "To be paid", "void": "Void", "uncollectible": "Not paid"}


def card(found):
    """`Visa •••• 4242`, or "" where there is none."""
    if not found.card_last4:
        return ""
    return f"{BRANDS.get(found.card_brand, found.card_brand.title())} •••• {found.card_last4}"


def day(at, zone):
    """`21 November 2026`, on the salon's calendar."""
    return formats.date_format(at.astimezone(zone), "j F Y")


def state(billing):
    """The plan's state in a word or two."""
    if billing.cancel_at and billing.subscription_status != CANCELED:
        return "Ending"
    return {
        TRIAL: "Free trial",
        ACTIVE: "Active",
        PAST_DUE: "Payment overdue",
        PAUSED: "Closed until paid" if billing.pause_reason == PauseReason.UNPAID else "Paused",
        CANCELED: "Ended",
    }[SubscriptionStatus(billing.subscription_status)]


def sentence(billing, zone):
    """What the state means, and until when."""
    if billing.cancel_at and billing.subscription_status != CANCELED:
        return f"The plan ends on {day(billing.cancel_at, zone)}. Until then everything works; nothing more is billed."
    return {
        TRIAL: _trial,
        ACTIVE: _active,
        PAST_DUE: _past_due,
        PAUSED: _paused,
        CANCELED: _canceled,
    }[SubscriptionStatus(billing.subscription_status)](billing, zone)


def _trial(billing, zone):
    if billing.trial_ends_at is None:
        return "Your free trial begins when the salon goes live. Everything works."
    after = "Then your card is charged." if billing.card_label else "Add a card by then, so that nothing stops."
    return f"Free until {day(billing.trial_ends_at, zone)}. {after}"


def _active(billing, zone):
    comes = f" The next invoice comes on {day(billing.next_billing_at, zone)}." if billing.next_billing_at else ""
    return f"Paid and running.{comes}"


def _past_due(billing, zone):
    return (
        f"The last invoice could not be paid. Everything works until {day(billing.grace_ends_at, zone)}; "
        "after that the booking site takes no new bookings."
    )


def _paused(billing, zone):
    if billing.pause_reason == PauseReason.UNPAID:
        return (
            "The booking site takes no new bookings, because the last invoice is not paid. Visits that are booked, "
            "their links and your team’s work go on. Pay the invoice to open again at once."
        )
    goes_on = f" Billing goes on by itself on {day(billing.next_billing_at, zone)}." if billing.next_billing_at else ""
    return f"Nothing is billed, and your booking site stays open.{goes_on}"


def _canceled(billing, zone):
    ended = f"The plan ended on {day(billing.canceled_at, zone)}. " if billing.canceled_at else ""
    return f"{ended}The booking site is closed and your team can read, not change. Pay again to open it at once."
