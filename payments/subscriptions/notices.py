"""What an owner should know about money before anything else: shown in the salon's admin and on the billing page."""

from dataclasses import dataclass

from payments.connect import rules as connect_rules
from tenants.models import ConnectStatus


@dataclass(frozen=True, slots=True)
class Notice:
    """`kind` is warn or bad, as the pages' notices have it."""

    kind: str
    title: str
    text: str


def notices(business):
    """The notices about this salon, the most urgent first."""
    return [notice for notice in (_cards(business),) if notice]


def _cards(business):
    """Cards are wanted, and were taken once."""
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
