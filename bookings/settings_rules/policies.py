"""What policies must not say at once, and what is worth saying about them.

`policy` has the attributes of a Business; money is cents, prices are those of the services on offer.
"""

from bookings.settings_rules.limits import DAY, length
from bookings.terms import fee

NONE, FIXED, PERCENT = "none", "fixed", "percent"
WHOLE = 100
#: What costs something: where its columns begin, and what it is called in a sentence.
FEES = (("cancellation_fee", "the fee for cancelling late"), ("no_show_fee", "the fee for not coming"))
DEPOSIT = ("deposit", "the deposit")


def policy_conflicts(policy):
    """Field → sentence; empty where the policies agree with themselves."""
    found = {}
    for prefix, called in (*FEES, DEPOSIT):
        found |= amount_conflicts(policy, prefix=prefix, called=called)
    if policy.cancellation_fee_type != NONE and not policy.cancellation_window_hours:
        found["cancellation_window_hours"] = (
            "With 0 hours everybody cancels free of charge until the visit starts, so the fee would never be due. Write how "
            "many hours before the start free cancelling ends, or choose “No fee”."
        )
    return found


def amount_conflicts(policy, *, prefix="deposit", called="the deposit"):
    """Field → sentence for one amount, of the salon or of a service."""
    kind, cents, percent = (getattr(policy, f"{prefix}_{name}") for name in ("type", "cents", "percent"))
    if percent > WHOLE:
        return {f"{prefix}_percent": f"A share of the price is at most {WHOLE} percent."}
    if kind == FIXED and not cents:
        return {f"{prefix}_cents": f"Write how much {called} is, or choose that there is none."}
    if kind == PERCENT and not percent:
        return {f"{prefix}_percent": f"Write which share of the price {called} is, or choose that there is none."}
    return {}


def policy_warnings(policy, *, prices, deposits_of_services=False, charges_enabled=True):
    """Sentences about what is allowed and probably not meant.

    `deposits_of_services` says whether a service asks a deposit of its own; `charges_enabled` whether Stripe takes
    charges for the salon.
    """
    return [
        *_above_every_price(policy, prices),
        *_upside_down(policy, prices),
        *_never_free(policy),
        *_without_stripe(policy, deposits_of_services, charges_enabled),
    ]


def _above_every_price(policy, prices):
    highest = max(prices, default=0)
    return [
        f"{called[0].upper()}{called[1:]} is more than your dearest service costs. Nobody pays more than the price."
        for prefix, called in (*FEES, DEPOSIT)
        if prices and getattr(policy, f"{prefix}_type") == FIXED and getattr(policy, f"{prefix}_cents") > highest
    ]


def _upside_down(policy, prices):
    costs = {
        prefix: [
            fee(price, *(getattr(policy, f"{prefix}_{name}") for name in ("type", "cents", "percent")))
            for price in prices
        ]
        for prefix, _ in FEES
    }
    if any(missing < late for late, missing in zip(costs["cancellation_fee"], costs["no_show_fee"], strict=True)):
        yield "Not coming costs less than cancelling late, so there is no reason to tell you."


def _never_free(policy):
    window, reach = policy.cancellation_window_hours * 60, policy.horizon_days * DAY
    if policy.cancellation_fee_type != NONE and window > reach:
        yield (
            f"Free cancelling ends {length(window)} before a visit, and visits are booked at most {length(reach)} ahead: "
            "cancelling always costs."
        )


def _without_stripe(policy, deposits_of_services, charges_enabled):
    if charges_enabled:
        fees = any(getattr(policy, f"{prefix}_type") != NONE for prefix, _ in FEES)
        if fees and not policy.require_card:
            yield "Not every customer is asked for a card, so some fees can only be noted, not charged."
        return
    if policy.deposit_type != NONE or deposits_of_services:
        yield "Your Stripe account takes no charges yet. Until it does, no card and so no deposit is asked for."
    if policy.hold_near_visits:
        yield "Your Stripe account takes no charges yet. Until it does, nothing is held on cards."
    if policy.sell_gift_cards:
        yield "Your Stripe account takes no charges yet. Until it does, customers cannot buy gift cards online."
