from ..catalogue import new_price, new_product
from ..errors import invalid
from ..ids import new_id


def line_items(call):
    """The session's items with their totals; products and prices given inline are made."""
    given = call.params.get("line_items")
    if not given:
        raise invalid("Missing required param: line_items.", code="parameter_missing", param="line_items")
    return [_line_item(call, item, place) for place, item in enumerate(given)]


def _line_item(call, item, place):
    if "price_data" in item:
        data = item["price_data"]
        product = new_product(call, data["product_data"])["id"] if "product_data" in data else data.get("product")
        price = new_price(call, data, call.get("product", product, f"line_items[{place}][price_data][product]")["id"])
    else:
        price = call.get("price", item.get("price", ""), f"line_items[{place}][price]")
    quantity = item.get("quantity", 1)
    total = price["unit_amount"] * quantity
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
