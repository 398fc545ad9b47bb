"""The platform's share of what a connected account's subscriptions bring in."""

from decimal import ROUND_HALF_UP, Decimal

from ..errors import invalid
from ..store import PLATFORM


def check_percent(call, percent):
    """Refuse a share that its account does not allow, or that is none."""
    if percent is None:
        return
    if call.account == PLATFORM:
        raise invalid(
            "You can only apply an application_fee_percent when the subscription is on a connected account "
            "(using an OAuth key or Stripe-Account header) or has `transfer_data[destination]`.",
            param="application_fee_percent",
        )
    if not 0 <= Decimal(str(percent)) <= 100:
        raise invalid("Invalid decimal: must be between 0 and 100.", param="application_fee_percent")


def of(invoice, due):
    """The parameter of the payment intent that asks for `due`; nothing where there is no share."""
    percent = invoice.get("_fee_percent")
    fee = int((Decimal(due) * Decimal(str(percent or 0)) / 100).to_integral_value(ROUND_HALF_UP))
    return {"application_fee_amount": fee} if fee else {}
