from ..catalogue import amount_of, new_price, new_product
from ..errors import invalid
from ..fields import unsupported
from ..ids import new_id


def line_items(call, *, recurring):
    """The session's items with their totals; products and prices given inline are made."""
    given = call.params.get("line_items")
    if not given:
        raise invalid("Missing required param: line_items.", code="parameter_missing", param="line_items")
    items = [_line_item(call, item, place) for place, item in enumerate(given)]
    for place, item in enumerate(items):
        _check_kind(item["price"], recurring, f"line_items[{place}][price]")
    return items


def _check_kind(price, recurring, param):
    if price["recurring"] and not recurring:
        raise invalid(
            "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use "
            "only one-time prices.",
            param=param,
        )
    if recurring and not price["recurring"]:
        raise unsupported(f"{param}: a one-time price beside a subscription")


def _line_item(call, item, place):
    if "price_data" in item:
        data = item["price_data"]
        product = new_product(call, data["product_data"])["id"] if "product_data" in data else data.get("product")
        price = new_price(call, data, call.get("product", product, f"line_items[{place}][price_data][product]")["id"])
    else:
        price = call.get("price", item.get("price", ""), f"line_items[{place}][price]")
    quantity = item.get("quantity", 1)
    total = amount_of(price, quantity)
    return {
        "id": new_id("li"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": call.get("product", price["product"])["name"],
        "price": price,
        "quantity": quantity,
    }
