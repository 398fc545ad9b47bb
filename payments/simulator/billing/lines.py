"""What stands on an invoice."""

from ..catalogue import amount_of
from ..currencies import shown
from ..ids import new_id


def item_lines(call, subscription, *, trial=False):
    """One line for each item and its present period, free of charge while on trial."""
    return [_item_line(call, subscription, item, trial) for item in subscription["items"]["data"]]


def pending_lines(pending):
    """Lines out of invoice items that waited for an invoice."""
    return [_line(item["_line"] | {"invoice_item": item["id"]}) for item in pending]


def proration(subscription, item, amount, description, start, end):
    """What a line about part of a period is made of."""
    return {
        "amount": amount,
        "description": description,
        "item": item,
        "period": {"start": start, "end": end},
        "proration": True,
        "subscription": subscription["id"],
    }


def product_name(call, price):
    product = call.find("product", price["product"])
    return product["name"] if product else price["id"]


def _item_line(call, subscription, item, trial):
    price, name = item["price"], product_name(call, item["price"])
    each = f"{shown(amount_of(price, 1), price['currency'])} / {_every(price['recurring'])}"
    return _line(
        {
            "amount": 0 if trial else amount_of(price, item["quantity"]),
            "description": f"Trial period for {name}" if trial else f"{item['quantity']} × {name} (at {each})",
            "item": item,
            "period": {"start": item["current_period_start"], "end": item["current_period_end"]},
            "proration": False,
            "subscription": subscription["id"],
            "invoice_item": None,
        }
    )


def _every(recurring):
    count = recurring["interval_count"]
    return recurring["interval"] if count == 1 else f"{count} {recurring['interval']}s"


def sold_line(item, invoice_item):
    """A line about something sold once; `item` is a checkout session's, `invoice_item` what stands for it in Billing."""
    now = invoice_item["date"]
    about = {
        "amount": item["amount_total"],
        "description": item["description"],
        "item": item | {"metadata": {}},
        "period": {"start": now, "end": now},
        "proration": False,
        "subscription": None,
        "invoice_item": invoice_item["id"],
    }
    details = {
        "invoice_item": invoice_item["id"],
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": None,
    }
    parent = {
        "invoice_item_details": details,
        "subscription_item_details": None,
        "type": "invoice_item_details",
    }
    return _line(about) | {"parent": parent}


def _line(about):
    item, price = about["item"], about["item"]["price"]
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": about["amount"],
        "currency": price["currency"],
        "description": about["description"],
        "discount_amounts": [],
        "discountable": not about["proration"],
        "discounts": [],
        "invoice": None,
        "livemode": False,
        "metadata": dict(item["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": about["invoice_item"],
                "proration": about["proration"],
                "proration_details": {"credited_items": None},
                "subscription": about["subscription"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": about["period"],
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "quantity_decimal": str(item["quantity"]),
        "subscription": about["subscription"],
        "subtotal": about["amount"],
        "taxes": [],
    }
