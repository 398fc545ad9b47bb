"""What a subscription is for: prices and how many of each."""

from ..catalogue import new_price
from ..errors import invalid
from ..fields import merged_metadata, unsupported
from ..ids import new_id
from ..lists import listing
from ..present import plain

_KNOWN = ("clear_usage", "deleted", "id", "metadata", "price", "price_data", "quantity")


def new_items(call, given):
    """Items for a new subscription; raises unless all are recurring, in one currency and one interval."""
    if not given:
        raise invalid("Missing required param: items.", code="parameter_missing", param="items")
    items = [_new(call, item, place) for place, item in enumerate(given)]
    check_together(items)
    return items


def changed_items(call, items, given):
    """The items after an update: those named by id are changed or removed, others added, the rest kept."""
    kept = {item["id"]: item for item in items}
    for place, change in enumerate(given):
        _refuse_unknown(change, place)
        found = _named(kept, change, place)
        if found is None:
            added = _new(call, change, place)
            kept[added["id"]] = added
        elif change.get("deleted"):
            del kept[found["id"]]
        else:
            kept[found["id"]] = _changed(call, found, change, place)
    if not kept:
        raise invalid("A subscription must have at least one active plan.", param="items")
    check_together(kept.values())
    return list(kept.values())


def check_together(items):
    """Raise unless the items can stand on one subscription."""
    if len({item["price"]["currency"] for item in items}) > 1:
        raise invalid("All prices on a subscription must be in the same currency.", param="items")
    if len({_interval(item) for item in items}) > 1:
        raise unsupported("items: prices with different intervals")
    if len({item["price"]["id"] for item in items}) < len(items):
        raise invalid("Cannot add multiple subscription items with the same plan.", param="items")


def item_list(subscription_id, items):
    """The items as the list a subscription carries."""
    found = listing(f"/v1/subscription_items?subscription={subscription_id}", items)
    return found | {"total_count": len(found["data"])}


def with_period(items, start, end):
    """Copies of the items, set to a period."""
    return [item | {"current_period_start": start, "current_period_end": end} for item in items]


def _named(kept, change, place):
    if "id" not in change:
        return None
    if change["id"] not in kept:
        raise invalid(
            f"No such subscription item: '{change['id']}'", code="resource_missing", param=f"items[{place}][id]"
        )
    return kept[change["id"]]


def _new(call, given, place):
    _refuse_unknown(given, place)
    price = _price(call, given, place)
    if price is None:
        raise invalid("Missing required param: items[0][price].", code="parameter_missing", param="items[0][price]")
    return {
        "id": new_id("si", 14),
        "object": "subscription_item",
        "billed_until": None,
        "billing_thresholds": None,
        "created": call.now,
        "current_period_end": None,
        "current_period_start": None,
        "discounts": [],
        "metadata": merged_metadata({}, given),
        "plan": plan_of(price),
        "price": plain(price),
        "quantity": given.get("quantity", 1),
        "subscription": None,
        "tax_rates": [],
    }


def _changed(call, item, change, place):
    price = _price(call, change, place)
    fields = {
        "metadata": merged_metadata(item["metadata"], change),
        "quantity": change.get("quantity", item["quantity"]),
    }
    if price is not None:
        fields |= {"price": plain(price), "plan": plan_of(price)}
    return item | fields


def _price(call, given, place):
    if "price_data" in given:
        data = given["price_data"]
        product = call.get("product", data["product"], f"items[{place}][price_data][product]")
        return new_price(call, data, product["id"])
    if "price" not in given:
        return None
    price = call.get("price", given["price"], f"items[{place}][price]")
    if price["type"] != "recurring":
        raise invalid(
            f"The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`: "
            f"{price['id']}.",
            param=f"items[{place}][price]",
        )
    if not price["active"]:
        raise invalid(f"The price specified is inactive: {price['id']}.", param=f"items[{place}][price]")
    return price


def _refuse_unknown(given, place):
    for name in given:
        if name not in _KNOWN:
            raise unsupported(f"items[{place}][{name}]")


def _interval(item):
    recurring = item["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def plan_of(price):
    """A price in the older shape that items still carry beside it."""
    recurring = price["recurring"]
    same = (
        "active",
        "billing_scheme",
        "created",
        "currency",
        "livemode",
        "metadata",
        "nickname",
        "product",
        "tiers_mode",
    )
    return {name: price[name] for name in same} | {
        "id": price["id"],
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "meter": None,
        "transform_usage": None,
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }
