"""Credit for time that was paid and not used, and the price of what was added for the rest of a period."""

from ..catalogue import amount_of
from .lines import product_name, proration


def prorate(call, subscription, before, after, at):
    """Leave invoice items for the difference between two sets of items, from `at` to the end of the period."""
    for line in prorations(call, subscription, before, after, at):
        _pend(call, subscription, line)


def prorations(call, subscription, before, after, at):
    """What that difference is made of: for each item that changed a credit, a debit or both."""
    old = {item["id"]: item for item in before}
    new = {item["id"]: item for item in after}
    for item_id in {**old, **new}:
        was, becomes = old.get(item_id), new.get(item_id)
        if was and becomes and _same(was, becomes):
            continue
        period = was or before[0]
        if was:
            yield _part(call, subscription, was, -_share(was, period, at), "Unused time on", at, period)
        if becomes:
            yield _part(call, subscription, becomes, _share(becomes, period, at), "Remaining time on", at, period)


def pending_of(call, subscription):
    """The invoice items of a subscription that no invoice has taken up, oldest first."""
    mine = (item for item in call.every("invoiceitem") if item["_subscription"] == subscription["id"])
    return [item for item in mine if item["invoice"] is None][::-1]


def _same(one, other):
    return (one["price"]["id"], one["quantity"]) == (other["price"]["id"], other["quantity"])


def _share(item, period, at):
    """The item's price for what is left of a period, half up."""
    start, end = period["current_period_start"], period["current_period_end"]
    left, whole = max(0, min(end - at, end - start)), end - start
    return (2 * amount_of(item["price"], item["quantity"]) * left + whole) // (2 * whole)


def _part(call, subscription, item, amount, words, at, period):
    name = f"{item['quantity']} × {product_name(call, item['price'])}"
    return proration(subscription, item, amount, f"{words} {name}", at, period["current_period_end"])


def _pend(call, subscription, line):
    amount, item = line["amount"], line["item"]
    price = item["price"]
    pending = call.add(
        "invoiceitem",
        "ii",
        {
            "amount": amount,
            "currency": price["currency"],
            "customer": subscription["customer"],
            "customer_account": None,
            "date": call.now,
            "description": line["description"],
            "discountable": False,
            "discounts": [],
            "invoice": None,
            "metadata": {},
            "net_amount": amount,
            "parent": {
                "subscription_details": {"subscription": subscription["id"], "subscription_item": item["id"]},
                "type": "subscription_details",
            },
            "period": line["period"],
            "pricing": {
                "price_details": {"price": price["id"], "product": price["product"]},
                "type": "price_details",
                "unit_amount_decimal": price["unit_amount_decimal"],
            },
            "proration": True,
            "proration_details": {"discount_amounts": []},
            "quantity": item["quantity"],
            "quantity_decimal": str(item["quantity"]),
            "tax_rates": [],
            "test_clock": None,
            "_line": line,
            "_subscription": subscription["id"],
        },
    )
    del pending["created"]
    call.emit("invoiceitem.created", pending)
